import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import type { Console } from '../console'
import { forestReader } from '../jobs/triage'
import { Encoded } from '../operation'
import type { SteppedClock } from '../platform/clock'
import { sha256Hex } from '../platform/crypto'
import { testConsole } from '../platform/testing/database'
import { refusal } from '../platform/testing/refusal'
import type { CommandInput } from '../registry'
import { lookOf } from '../triage/policy-cases'
import { pinForest, readForest } from '../triage/run-store'
import { startRunbookWatch } from './load-watch'

// A loaded machine may take its time: nothing here judges how long it took.
vi.setConfig({ testTimeout: 120_000 })

const GPUS = 'triage/5-gpus.yaml'
const EYES = 'triage/6-eyes.yaml'
const WARMER = ['ask: Has a card fallen off the bus?', 'ask: Has a card been lost from its bus?'] as const

let base: Console & { readonly clock: SteppedClock }

beforeAll(async () => {
  base = await testConsole()
})

afterAll(async () => {
  await base.close()
})

/** A console of its own directory over the shared database: two of them are web and worker of one place. */
async function setup() {
  const dir = await mkdtemp(join(tmpdir(), 'room-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await cp('runbooks', dir, { recursive: true })
  const app = { ...base, env: { ...base.env, WATCHFLOOR_RUNBOOKS: dir } }
  const text = (path: string): Promise<string> => readFile(join(dir, path), 'utf8')
  const write = (path: string, next: string): Promise<void> => writeFile(join(dir, path), next)
  const someone = (...roles: readonly Role[]) => somebodyIn(app, roles)
  const author = await someone('responder')
  const approver = await someone('commander')
  const propose = async (path: string, next: string, over?: string) => {
    const counting = over ?? (await author.asks('runbooks.file', { slug: path.replace('.yaml', '') })).text
    const { proposalId } = await author.does('runbooks.propose', {
      path,
      text: next,
      baseHash: sha256Hex(counting),
      why: 'the words were unclear',
    })
    return proposalId
  }
  const approve = (proposalId: string, next: string) =>
    approver.does('runbooks.approve', { proposalId, textHash: sha256Hex(next) })
  const worker = async () => {
    const watch = await startRunbookWatch(app)
    onTestFinished(() => watch.stop())
    return watch
  }
  // Versions are kept for good: at the end of a test the file counts again for the next one.
  onTestFinished(async () => {
    const standing = await app.db.runbookVersion.findMany({ distinct: ['path'], orderBy: { id: 'desc' } })
    for (const row of standing.filter((it) => it.kind === 'edit'))
      await app.db.runbookVersion.create({
        data: { ...row, id: undefined, kind: 'file', proposalId: null } as never,
      })
  })
  return { app, text, write, someone, author, approver, propose, approve, worker }
}

test('R-CNT-01 R-CNT-03 an approved edit counts for web and worker, stands over a file that changes, and a run keeps its own trees', async () => {
  const { app, text, write, author, propose, approve, worker } = await setup()
  const watch = await worker()
  const forest = forestReader(watch.current)
  const pinned = forest()
  await pinForest(app.db, pinned, app.clock.now())
  const before = await text(GPUS)
  const after = before.replace(...WARMER)
  await approve(await propose(GPUS, after), after)
  await watch.look()
  expect(forest().questions.get('card-gone')?.ask).toBe('Has a card been lost from its bus?')
  expect(watch.current().files.get(GPUS)?.version).toBeGreaterThan(0)
  const shown = await author.asks('runbooks.file', { slug: 'triage/5-gpus' })
  expect(shown).toMatchObject({ text: after, fileText: before, state: 'counts' })
  const kept = await readForest(app.db, pinned.hash)
  expect(kept?.questions.get('card-gone')?.ask).toBe('Has a card fallen off the bus?')

  await write(GPUS, before.replace('title: GPUs and driver', 'title: Cards'))
  await watch.look()
  expect(forest().questions.get('card-gone')?.ask).toBe('Has a card been lost from its bus?')
  expect(forest().trees.map(({ tree }) => tree.title)).toContain('GPUs and driver')
})

test('R-CNT-02 an edit ends when the file says the same, and a later change of the file counts', async () => {
  const { app, text, write, author, propose, approve, worker } = await setup()
  const watch = await worker()
  const after = (await text(EYES)).replace('title: Our own eyes', 'title: Our eyes')
  await approve(await propose(EYES, after), after)
  await watch.look()
  await write(EYES, `# committed by the team\n${after}`)
  await watch.look()
  const newest = await app.db.runbookVersion.findFirst({ where: { path: EYES }, orderBy: { id: 'desc' } })
  expect(newest?.kind).toBe('caught-up')
  expect(watch.current().files.get(EYES)).not.toHaveProperty('version')
  await write(EYES, after.replace('title: Our eyes', 'title: What we see with'))
  await watch.look()
  expect((await author.asks('runbooks.file', { slug: 'triage/6-eyes' })).title).toBe('What we see with')
  expect(watch.current().files.get(EYES)).not.toHaveProperty('version')
})

test('R-CNT-02 two people let the file count again', async () => {
  const { text, author, approver, propose, approve, worker } = await setup()
  const watch = await worker()
  const before = await text(GPUS)
  const after = before.replace(...WARMER)
  await approve(await propose(GPUS, after), after)
  const { proposalId } = await author.does('runbooks.propose', {
    path: GPUS,
    kind: 'file',
    baseHash: sha256Hex(after),
    why: 'the file is right after all',
  })
  await approver.does('runbooks.approve', { proposalId, textHash: sha256Hex(before) })
  await watch.look()
  expect(watch.current().files.get(GPUS)).not.toHaveProperty('version')
  const nothing = author.does('runbooks.propose', {
    path: GPUS,
    kind: 'file',
    baseHash: sha256Hex(before),
    why: 'once more',
  })
  expect((await refusal(nothing)).code).toBe('conflict')
})

test('R-CNT-04 an approved edit that a later file contradicts is refused by name, and the last good ones stay', async () => {
  const { text, write, propose, approve, worker, author } = await setup()
  const watch = await worker()
  const after = (await text(GPUS)).replace('checklist: card\n', 'checklist: eyes\n')
  await approve(await propose(GPUS, after), after)
  await watch.look()
  const good = watch.current().hash
  const eyes = await text(EYES)
  await write(
    EYES,
    eyes.replaceAll('checklist: eyes', 'checklist: card').replace('id: eyes\n', 'id: sight\n'),
  )
  await watch.look()
  await watch.look()
  expect(watch.current().hash).toBe(good)
  const { files } = await author.asks('runbooks.list', {})
  const gpus = files.find(({ path }) => path === GPUS)
  expect(gpus?.state).toBe('refused')
  expect(gpus?.problems[0]?.reason).toMatch(
    /there is no checklist eyes \(in the approved edit, version \d+\)/,
  )
  expect(files.find(({ path }) => path === EYES)?.state).not.toBe('counts')
})

test('R-CNT-05 a process that begins while a file has a fault goes by the last good runbooks', async () => {
  const { app, text, write, worker } = await setup()
  const first = await worker()
  await first.look()
  const good = first.current()
  await write(EYES, (await text(EYES)).replace('order: 6', 'order: six'))
  const again = await startRunbookWatch({ ...app })
  onTestFinished(() => again.stop())
  expect(again.current().hash).toBe(good.hash)
  expect(forestReader(again.current)().roots.length).toBeGreaterThan(0)
  await write(EYES, (await text(EYES)).replace('order: six', 'order: 7'))
  await again.look()
  expect(again.current().hash).not.toBe(good.hash)
})

test('R-TWO-01 nobody approves their own text, and the database refuses it too', async () => {
  const { app, text, someone, approver } = await setup()
  const chief = await someone('commander')
  const before = await text(GPUS)
  const after = before.replace(...WARMER)
  const { proposalId } = await chief.does('runbooks.propose', {
    path: GPUS,
    text: after,
    baseHash: sha256Hex(before),
    why: 'clearer',
  })
  const own = chief.does('runbooks.approve', { proposalId, textHash: sha256Hex(after) })
  expect((await refusal(own)).code).toBe('forbidden')
  const row = {
    path: GPUS,
    kind: 'edit',
    text: after,
    textHash: 'x',
    baseHash: 'x',
    why: 'x',
    proposedById: 'one',
    proposedBy: 'one',
    approvedById: 'one',
    approvedBy: 'one',
    at: app.clock.now(),
  }
  await expect(app.db.runbookVersion.create({ data: row })).rejects.toThrow(/two_people/)
  await approver.does('runbooks.refuse', { proposalId, why: 'not now' })
})

test('R-TWO-02 an approval is bound to the text that was read and to the text that counted; a stale one shows what counts', async () => {
  const { text, author, approver, propose, approve } = await setup()
  const before = await text(GPUS)
  const first = before.replace(...WARMER)
  const second = before.replace('title: GPUs and driver', 'title: Cards')
  const one = await propose(GPUS, first)
  const two = await propose(GPUS, second)
  expect((await refusal(approve(one, second))).code).toBe('conflict')
  await approve(one, first)
  const stale = await refusal(approve(two, second))
  expect(stale.code).toBe('conflict')
  expect(stale.current).toEqual({ text: first, hash: sha256Hex(first) })
  expect(await approver.asks('runbooks.proposal', { id: two })).toMatchObject({
    isStale: true,
    baseText: before,
    text: second,
    now: { text: first },
  })
  const late = author.does('runbooks.propose', {
    path: GPUS,
    text: second,
    baseHash: sha256Hex(before),
    why: 'anew',
  })
  expect((await refusal(late)).current).toMatchObject({ text: first })
  await propose(GPUS, first.replace('title: GPUs and driver', 'title: Cards'))
})

test('R-TWO-03 a text with a fault can not be proposed, nor approved once the others have moved', async () => {
  const { text, write, propose, approve, author } = await setup()
  const before = await text(GPUS)
  const bad = before.replace('probe: gpus.fell-off-bus', 'probe: gpus.fell')
  const refused = await refusal(propose(GPUS, bad))
  expect(refused.code).toBe('invalid')
  expect(refused.issues).toEqual([
    { path: expect.stringMatching(/^triage\/5-gpus\.yaml:\d+$/), message: 'there is no probe gpus.fell' },
  ])
  const after = before.replace('checklist: card\n', 'checklist: eyes\n')
  const id = await propose(GPUS, after)
  await write(
    EYES,
    (await text(EYES)).replaceAll('checklist: eyes', 'checklist: card').replace('id: eyes\n', 'id: sight\n'),
  )
  expect((await refusal(approve(id, after))).code).toBe('invalid')
  await author.does('runbooks.withdraw', { proposalId: id })
})

test('R-TWO-04 a proposal is decided once, and only its author takes it back', async () => {
  const { text, author, approver, someone, propose, approve } = await setup()
  const after = (await text(GPUS)).replace(...WARMER)
  const id = await propose(GPUS, after)
  const other = await someone('responder')
  expect((await refusal(other.does('runbooks.withdraw', { proposalId: id }))).code).toBe('forbidden')
  await approver.does('runbooks.refuse', { proposalId: id, why: 'keep the words' })
  expect((await refusal(approve(id, after))).code).toBe('conflict')
  expect((await refusal(author.does('runbooks.withdraw', { proposalId: id }))).code).toBe('conflict')
  const { proposals } = await author.asks('runbooks.history', { path: GPUS })
  expect(proposals.find((it) => it.id === id)).toMatchObject({
    state: 'refused',
    decidedBy: approver.handle,
    decidedWhy: 'keep the words',
  })
})

test('R-TWO-05 policies and cases are changed in their files only', async () => {
  const { text, author } = await setup()
  for (const path of ['policy/health.yaml', 'triage-cases/leaves.yaml']) {
    const before = await text(path)
    const act = author.does('runbooks.propose', {
      path,
      text: `${before}# more\n`,
      baseHash: sha256Hex(before),
      why: 'more',
    })
    expect((await refusal(act)).code).toBe('forbidden')
  }
})

test('R-TWO-06 what was approved stays with who, when, why and hash, can be had as a file, and an older text comes back by a proposal', async () => {
  const { app, text, author, approver, propose, approve } = await setup()
  const before = await text(GPUS)
  const after = before.replace(...WARMER)
  const { version } = await approve(await propose(GPUS, after), after)
  const back = await approve(await propose(GPUS, before), before)
  const { versions } = await author.asks('runbooks.history', { path: GPUS })
  expect(versions[0]).toMatchObject({ id: back.version, kind: 'edit', textHash: sha256Hex(before) })
  expect(versions[1]).toMatchObject({
    id: version,
    textHash: sha256Hex(after),
    proposedBy: author.handle,
    approvedBy: approver.handle,
    why: 'the words were unclear',
  })
  expect(await author.asks('runbooks.version', { id: version })).toMatchObject({
    text: after,
    baseText: before,
  })
  const file = await author.asks('runbooks.download', { slug: 'triage/5-gpus', version })
  expect(file instanceof Encoded ? new TextDecoder().decode(file.bytes) : '').toBe(after)
  await expect(app.db.runbookVersion.update({ where: { id: version }, data: { why: 'x' } })).rejects.toThrow(
    /append-only/,
  )
})

test('R-CHK-03 the check of a draft names its own faults, what it breaks elsewhere, and what it leaves untested', async () => {
  const { text, author } = await setup()
  const gpus = await text(GPUS)
  const check = async (next: string) =>
    (await author.asks('runbooks.check', { path: GPUS, text: next })).findings
  expect(await check(gpus)).toEqual([])
  expect(await check(gpus.replace('id: card-hot\n', 'id: card-warm\n'))).toContainEqual(
    expect.objectContaining({
      grade: 'fault',
      reason: expect.stringContaining('there is no question card-hot'),
    }),
  )
  const leaf = gpus.replaceAll('gpu.nvlink', 'gpu.link')
  expect(await check(leaf)).toContainEqual(
    expect.objectContaining({
      file: 'triage-cases/leaves.yaml',
      grade: 'gap',
      reason: 'there is no leaf gpu.nvlink',
    }),
  )
})

test('R-READ-01 the list holds every runbook and scenario with its state, and what waits for whom', async () => {
  const { text, write, author, worker } = await setup()
  const watch = await worker()
  const all = await author.asks('runbooks.list', {})
  expect(all.files.every(({ state }) => state === 'counts')).toBe(true)
  expect(all.files.find(({ path }) => path === GPUS)).toMatchObject({
    title: 'GPUs and driver',
    holds: '10 questions, 7 diagnoses, 1 checklist',
    isEditable: true,
  })
  expect(all.scenarios.find(({ slug }) => slug === 'scenarios/drills/card-hot')?.leaves).toContain(
    'gpu.thermal',
  )
  await write(EYES, (await text(EYES)).replace('order: 6', 'order: six'))
  await write(GPUS, (await text(GPUS)).replace(...WARMER))
  await watch.look()
  await watch.look()
  const { files } = await author.asks('runbooks.list', {})
  const state = (path: string) => files.find((file) => file.path === path)?.state
  expect(state(EYES)).toBe('refused')
  expect(state(GPUS)).toBe('waits')
  expect(state('triage/1-four-looks.yaml')).toBe('counts')
  expect(files.find(({ path }) => path === EYES)?.problems[0]).toMatchObject({ line: expect.any(Number) })
})

test('R-READ-02 search finds questions, diagnoses, items, actions and settings that hold every word', async () => {
  const { author } = await setup()
  const find = async (words: string) => (await author.asks('runbooks.search', { text: words })).found
  expect((await find('fallen bus'))[0]).toMatchObject({
    kind: 'question',
    id: 'card-gone',
    slug: 'triage/5-gpus',
  })
  expect((await find('gpu.thermal'))[0]).toMatchObject({ kind: 'leaf', id: 'gpu.thermal' })
  expect((await find('clean windows fifteen'))[0]).toMatchObject({
    kind: 'item',
    anchor: 'checklist-watch-on',
  })
  expect((await find('api p95WarnMs')).map(({ path }) => path)).toContain('policy/health.yaml')
  expect(await find('no such words anywhere')).toEqual([])
})

test('R-READ-03 R-TRY-02 a diagnosis shows the scenarios, cases and incidents that reached it; restricted ones to nobody else', async () => {
  const { app, author, someone, worker } = await setup()
  const reporter = await someone('commander')
  const watch = await worker()
  const pinned = forestReader(watch.current)()
  await pinForest(app.db, pinned, app.clock.now())
  const nowMs = app.clock.now().getTime()
  const declare = (title: string) =>
    reporter.does('incidents.declare', { title, severity: 'P2' } as CommandInput<'incidents.declare'>)
  const open = await declare('Cards too hot')
  const closed = await declare('Cards too hot, told to few')
  for (const { id } of [open, closed]) {
    await app.db.$executeRaw`
      INSERT INTO timeline_event (incident_id, seq, id, kind, source, actor, actor_name, occurred_at, received_at, body)
      VALUES (${id}::uuid, 9000, ${randomUUID()}::uuid, 'triage', 'probe', 'machine:triage', 'triage', now(), now(),
        '{"causes":[{"leaf":"gpu.thermal"}]}')`
    const { id: runId } = await app.db.triageRun.findFirstOrThrow({ where: { incidentId: id } })
    await app.db.triageRun.update({ where: { id: runId }, data: { forestHash: pinned.hash } })
    const body = (looks: object) => JSON.stringify({ looks, gone: [], overrides: {}, memory: {} })
    const seen = { runId, isNews: true, at: app.clock.now() }
    await app.db.triageMoment.createMany({
      data: [
        { ...seen, n: 1, body: body({ 'gpus.fell-off-bus': lookOf('gpus.fell-off-bus', 0, nowMs) }) },
        { ...seen, n: 2, body: body({ 'gpus.fell-off-bus': lookOf('gpus.fell-off-bus', 2, nowMs) }) },
      ],
    })
  }
  await app.db.incident.update({ where: { id: closed.id }, data: { visibility: 'internal' } })
  await app.db.$executeRaw`UPDATE incident SET visibility = 'restricted' WHERE id = ${closed.id}::uuid`
  const view = await author.asks('runbooks.file', { slug: 'triage/5-gpus' })
  expect(view.tested['gpu.thermal']).toMatchObject({
    scenarios: expect.arrayContaining(['scenarios/drills/card-hot']),
    cases: expect.arrayContaining([expect.stringContaining('hot')]),
  })
  expect(view.namedIn.filter((it) => it.leaf === 'gpu.thermal').map((it) => it.title)).toEqual([
    'Cards too hot',
  ])
  const { seen } = await author.asks('triage.moments', {})
  expect(seen.map((it) => [it.title, it.n])).toEqual([
    ['Cards too hot', 2],
    ['Cards too hot', 1],
  ])
  const tried = (incidentId: string, n: number) =>
    author.asks('triage.tryDraft', {
      path: GPUS,
      text: view.text,
      moment: { kind: 'seen', incidentId, n },
    })
  expect((await refusal(tried(closed.id, 1))).code).toBe('not_found')
  expect((await refusal(tried(open.id, 3))).code).toBe('not_found')
  const stateAt = async (n: number) => {
    const made = await tried(open.id, n)
    return made.ok ? made.after.causes.find((it) => it.leaf === 'gpu.fell-off-bus')?.state : made.findings
  }
  expect([await stateAt(1), await stateAt(2)]).toEqual([undefined, 'certain'])
  const admin = await someone('admin')
  expect((await admin.asks('triage.moments', {})).seen).toHaveLength(4)
})

test('R-TRY-01 a dry run shows path, verdicts and leaves of the draft beside those that count, and changes nothing', async () => {
  const { app, text, author } = await setup()
  const before = await text(GPUS)
  const moment = { kind: 'case', path: 'triage-cases/leaves.yaml', id: 'card-gone' } as const
  const same = await author.asks('triage.tryDraft', { path: GPUS, text: before, moment })
  if (!same.ok) throw new Error(JSON.stringify(same.findings))
  expect(same.changes).toEqual([])
  expect(same.before).toEqual(same.after)
  expect(same.before.causes[0]).toMatchObject({
    leaf: 'gpu.fell-off-bus',
    state: 'certain',
    via: [{ id: 'card-gone', answer: 'yes' }],
  })
  const deaf = before.replace(/(probe: gpus\.fell-off-bus\n\s+when: \{ atLeast: )1/, '$150')
  const changed = await author.asks('triage.tryDraft', { path: GPUS, text: deaf, moment })
  if (!changed.ok) throw new Error(JSON.stringify(changed.findings))
  expect(changed.changes).toContainEqual({
    kind: 'leaf',
    id: 'gpu.fell-off-bus',
    words: expect.any(String),
    before: 'certain',
    after: 'excluded',
  })
  expect(changed.changes).toContainEqual(
    expect.objectContaining({
      kind: 'question',
      id: 'card-gone',
      before: 'yes, on the path',
      after: 'no, on the path',
    }),
  )
  expect(await app.db.runbookProposal.count({ where: { text: deaf } })).toBe(0)
  const broken = await author.asks('triage.tryDraft', { path: GPUS, text: 'title: [', moment })
  expect(broken).toMatchObject({ ok: false, findings: [{ grade: 'fault' }] })
})
