import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '../platform/errors'
import { advanceDeployments } from './advance'
import { signatureOf, takePlan } from './hook-collect'
import { loadDeployRules } from './load-rules'
import { moveDeployment, noteMeasured, startGate } from './start-store'
import { NEW, NEWER, OLD } from './testing/looks'
import { type PlanRoom, planRoom, soaked, WANTED } from './testing/planned'

const rooms: PlanRoom[] = []
async function room(at?: Date): Promise<PlanRoom> {
  const made = await planRoom(at)
  rooms.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(rooms.splice(0).map(({ app }) => app.close()))
})

async function refused(doing: Promise<unknown>): Promise<AppError> {
  const error = await doing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AppError) return error
  throw new Error(`it was not refused: ${String(error)}`)
}

const service = 'vastai-integration'

async function approveBy(who: PlanRoom['li'], number: number) {
  const page = await who.asks('deployments.one', { number })
  return who.does('deployments.approve', {
    number,
    revision: page.revision,
    hash: page.hash,
    typed: service,
    whenMet: page.conditions.filter((it) => it.stage === 'approve' && !it.isMet).map(({ id }) => id),
  })
}

describe('deployments', () => {
  test('a plan is NOT READY with its reasons, becomes READY, is approved by two, void when edited, approved again', async () => {
    const it = await room()
    const { ana, li, raj, app } = it
    const made = await ana.does('deployments.plan', {
      ...WANTED,
      keepWarm: false,
      evidence: WANTED.evidence?.slice(1) ?? [],
    })
    const first = await ana.asks('deployments.one', { number: made.number })
    expect(first.isApprovable).toBe(false)
    expect(
      first.conditions.filter(({ isMet, stage }) => !isMet && stage === 'approve').map(({ id }) => id),
    ).toEqual(['soak', 'check.before.smoke'])
    await li.does('deployments.tell', { number: made.number, item: 'before.smoke', words: '18 of 18' })
    await soaked(it, 31)
    const ready = await li.asks('deployments.one', { number: made.number })
    expect(ready.isApprovable).toBe(true)
    await approveBy(li, made.number)
    await approveBy(raj, made.number)
    await app.db.deployment.update({ where: { number: made.number }, data: { state: 'awaiting_approval' } })
    const both = await li.asks('deployments.one', { number: made.number })
    expect(both.approvals.state).toBe('approved')
    const edited = await ana.does('deployments.revise', {
      number: made.number,
      seenRevision: both.revision,
      steps: [
        { percent: 25, minutes: 10 },
        { percent: 100, minutes: 10 },
      ],
    })
    expect(edited).toMatchObject({ revision: 2, state: 'awaiting_approval' })
    const void1 = await li.asks('deployments.one', { number: made.number })
    expect(void1.approvals.state).toBe('requested')
    expect(void1.approvals.given[0]?.endedWhy).toMatchObject({ kind: 'void', fields: [{ field: 'steps' }] })
    await approveBy(li, made.number)
    await approveBy(raj, made.number)
    const again = await li.asks('deployments.one', { number: made.number })
    expect([again.state, again.approvals.state]).toEqual(['scheduled', 'approved'])
  })

  test('what is wrong is said at submit: a missing digest, a way back that is gone, no canary, no people (D-SUB)', async () => {
    const it = await room()
    const { ana, raj, world, app } = it
    world.digests.delete(NEW)
    expect((await refused(ana.does('deployments.plan', WANTED))).message).toContain('no image bbbbbbbb')
    world.digests.set(NEW, 900)
    world.digests.delete(OLD)
    expect((await refused(ana.does('deployments.plan', WANTED))).message).toContain('The way back is gone')
    world.digests.set(OLD, 900)
    expect((await refused(ana.does('deployments.plan', { ...WANTED, tag: '9.9.9' }))).message).toContain(
      'no ghcr.io',
    )
    expect((await refused(raj.does('deployments.plan', WANTED))).issues).toMatchObject([
      { path: 'approvals' },
    ])
    expect((await refused(ana.does('deployments.plan', { ...WANTED, isAtOnce: true }))).code).toBe(
      'forbidden',
    )
    expect(await app.db.deployment.count()).toBe(0)
  })

  test('what is wrong is said when a draft is submitted too: image, way back, canary and people (D-SUB)', async () => {
    const it = await room()
    const { ana, li, raj, world, app } = it
    const { number, version } = await ana.does('deployments.plan', { ...WANTED, isDraft: true })
    const submitted = () => refused(ana.does('deployments.submit', { number, version }))
    world.digests.delete(NEW)
    expect((await submitted()).issues).toMatchObject([{ path: 'digest' }])
    world.digests.set(NEW, 900)
    world.digests.delete(OLD)
    expect((await submitted()).issues).toMatchObject([{ path: 'rollback.digest' }])
    world.digests.set(OLD, 900)
    const row = await app.db.deployment.findUniqueOrThrow({ where: { number } })
    const targets = [{ provider: 'fly', name: 'production', app: 'vastai-integration' }]
    world.units = 1
    const plan = { ...(row.plan as object), targets }
    await app.db.deployment.update({ where: { number }, data: { plan } })
    const canary = await submitted()
    expect(canary.issues).toMatchObject([{ path: 'steps' }])
    expect(canary.message).toContain('has 1 machine: one is everything. Add capacity')
    world.units = 4
    await app.db.person.update({ where: { id: raj.id }, data: { disabledAt: app.clock.now() } })
    await app.db.person.update({ where: { id: li.id }, data: { roles: ['responder', 'manager'] } })
    const people = await submitted()
    expect(people.issues).toMatchObject([{ path: 'approvals' }])
    expect(people.message).toContain(`${li.handle} could fill every slot`)
    await app.db.person.update({ where: { id: raj.id }, data: { disabledAt: null } })
    expect(await ana.does('deployments.submit', { number, version })).toMatchObject({
      state: 'staging_deploying',
    })
  })

  test('a tag and the digest of another image are refused with both digests, also in a draft that is submitted and in a revision (D-SUB)', async () => {
    const { ana, world } = await room()
    const both = { ...WANTED, tag: '4.13.0', digest: NEWER }
    const atOnce = await refused(ana.does('deployments.plan', both))
    expect(atOnce).toMatchObject({ code: 'invalid', issues: [{ path: 'digest' }] })
    expect(atOnce.message).toContain(`4.13.0 is ${NEW} in the registry, and the plan names ${NEWER}`)
    const draft = await ana.does('deployments.plan', { ...both, isDraft: true })
    const submitted = await refused(
      ana.does('deployments.submit', { number: draft.number, version: draft.version }),
    )
    expect(submitted.message).toContain(NEWER)
    const { number } = await ana.does('deployments.plan', WANTED)
    const change = { number, seenRevision: 1, digest: NEWER }
    expect((await refused(ana.does('deployments.revise', change))).message).toContain(NEWER)
    world.tags.set('4.13.0', NEWER)
    const other = { number, seenRevision: 1, bakeMinutes: 45 }
    expect(await ana.does('deployments.revise', other)).toMatchObject({ revision: 2 })
  })

  test('where the registry does not tell what a tag names, the digest is taken and the doubt is said (D-SUB)', async () => {
    const { ana, world } = await room()
    world.isRegistryUp = false
    const { number } = await ana.does('deployments.plan', { ...WANTED, tag: '4.13.0', digest: NEWER })
    const image = async () =>
      (await ana.asks('deployments.one', { number })).conditions.find(({ id }) => id === 'image')
    expect((await image())?.detail).toContain('whether 4.13.0 names this image is not known')
    world.isRegistryUp = true
    world.tags.delete('4.13.0')
    await ana.does('deployments.refresh', { number })
    expect(await image()).toMatchObject({ isMet: true, detail: 'the registry has no tag 4.13.0' })
  })

  test('a digest that is named and does not exist is refused by its own digits, and nothing is kept (D-SUB)', async () => {
    const { ana, app } = await room()
    const digest = `sha256:${'d'.repeat(64)}`
    const error = await refused(ana.does('deployments.plan', { ...WANTED, digest }))
    expect(error).toMatchObject({ code: 'invalid', issues: [{ path: 'digest' }] })
    expect(error.message).toContain('The registry has no image dddddddd')
    expect(await app.db.deployment.count()).toBe(0)
  })

  test('an open incident freezes by what it names on the status page, and the page says why (D-WIN-7)', async () => {
    const it = await room()
    const { ana, app } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    const incident = await ana.does('incidents.declare', { title: 'Search is slow', severity: 'P1' })
    const told = async () => {
      const page = await ana.asks('deployments.one', { number })
      return { kinds: page.closings.map(({ kind }) => kind), spared: page.spared }
    }
    expect((await told()).kinds).toEqual(['incident'])
    const [search, api] = ['Search and chat', 'API'].map((name, position) => ({
      id: `component00${position}`,
      name,
      position,
      createdAt: app.clock.now(),
      updatedAt: app.clock.now(),
    }))
    if (!search || !api) throw new Error('no components')
    await app.db.statusComponent.createMany({ data: [search, api] })
    const names = (words: object) =>
      app.db.publicIncident.upsert({
        where: { id: 'publicid0001' },
        create: {
          id: 'publicid0001',
          incidentId: incident.id,
          name: 'Search is slow',
          status: 'investigating',
          impact: 'minor',
          startedAt: app.clock.now(),
          createdAt: app.clock.now(),
          updatedAt: app.clock.now(),
          words,
        },
        update: { words },
      })
    await names({ [search.id]: 'degraded_performance' })
    const spared = await told()
    expect(spared.kinds).toEqual([])
    expect(spared.spared.join()).toContain('It names Search and chat: rag-mcp is frozen, and nothing else.')
    await names({ [search.id]: 'degraded_performance', [api.id]: 'partial_outage' })
    expect((await told()).kinds).toEqual(['incident'])
    await app.db.incident.update({ where: { id: incident.id }, data: { visibility: 'restricted' } })
    await names({ [search.id]: 'degraded_performance' })
    const calendar = await ana.asks('deployments.calendar', {})
    expect((await told()).kinds).toEqual(['incident'])
    expect(JSON.stringify(calendar.incidents)).not.toContain('Search')
  })

  test('a person in both roles fills one slot, and that is said by name', async () => {
    const it = await room()
    const { ana, li, raj, app } = it
    await app.db.person.update({ where: { id: raj.id }, data: { disabledAt: app.clock.now() } })
    await app.db.person.update({ where: { id: li.id }, data: { roles: ['responder', 'manager'] } })
    const error = await refused(ana.does('deployments.plan', WANTED))
    expect(error.message).toContain(`${li.handle} could fill every slot`)
  })

  test('approving names what was unmet, needs the service’s name, and never comes from the requester', async () => {
    const it = await room()
    const { ana, li } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    const page = await li.asks('deployments.one', { number })
    const word = { number, revision: 1, hash: page.hash, typed: service }
    expect((await refused(li.does('deployments.approve', word))).message).toContain('1 condition unmet')
    expect((await refused(li.does('deployments.approve', { ...word, typed: 'other' }))).code).toBe('invalid')
    expect((await refused(li.does('deployments.approve', { ...word, hash: 'f'.repeat(64) }))).code).toBe(
      'conflict',
    )
    expect((await refused(ana.does('deployments.approve', { ...word, whenMet: ['soak'] }))).code).toBe(
      'forbidden',
    )
    await li.does('deployments.approve', { ...word, whenMet: ['soak'] })
    const early = await li.asks('deployments.one', { number })
    expect(early.approvals.uncounted).toMatchObject([{ handle: li.handle }])
    await soaked(it, 31)
    expect((await li.asks('deployments.one', { number })).approvals.uncounted).toEqual([])
  })

  test('one reject ends the revision; asked anew and changed it can be approved', async () => {
    const it = await room()
    const { ana, li, raj } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    await soaked(it, 31)
    await raj.does('deployments.reject', { number, revision: 1, comment: 'Not before the launch, please.' })
    const page = await li.asks('deployments.one', { number })
    expect(page.state).toBe('rejected')
    expect((await refused(approveBy(li, number))).code).toBe('conflict')
    const again = await ana.does('deployments.revise', {
      number,
      seenRevision: page.revision,
      bakeMinutes: 20,
    })
    expect(again).toMatchObject({ revision: 2, state: 'awaiting_approval' })
    await approveBy(li, number)
    expect((await approveBy(raj, number)).state).toBe('scheduled')
  })

  test('the gate opens at the planned start, announced and approved; and only one deployment of a service runs', async () => {
    const it = await room()
    const { ana, li, raj, app } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    await soaked(it, 31)
    const row = await app.db.deployment.update({ where: { number }, data: { state: 'awaiting_approval' } })
    await approveBy(li, number)
    await approveBy(raj, number)
    const rules = await loadDeployRules(app, app.clock.now())
    const gate = (now: Date) =>
      app.db.$transaction(async (tx) => {
        const asked = await startGate({ tx, deploymentId: row.id, rules, now })
        return asked.kind === 'asked' ? asked.readiness.unmet.map(({ id }) => id) : [asked.why]
      })
    expect(await gate(app.clock.now())).toEqual(['announced', 'planned-start'])
    const by = { id: 'machine:rollouts', name: 'rollouts' }
    const at = row.plannedStartAt
    await app.db.$transaction((tx) =>
      moveDeployment({
        tx,
        deploymentId: row.id,
        to: 'announced',
        why: '',
        by,
        now: new Date(at.getTime() - 15 * 60_000),
      }),
    )
    app.clock.set(at)
    await soaked(it, 31)
    await ana.does('deployments.refresh', { number })
    expect(await gate(at)).toEqual([])
    await app.db.$transaction((tx) =>
      moveDeployment({ tx, deploymentId: row.id, to: 'progressing', why: '', by, now: at }),
    )
    const measured = { byRequests: 0.13, places: { production: 0.1 } }
    await app.db.$transaction((tx) => noteMeasured({ tx, deploymentId: row.id, measured }))
    expect((await li.asks('deployments.one', { number })).measured).toEqual(measured)
    const other = await ana.does('deployments.plan', { ...WANTED, tag: '4.14.0' })
    const locked = await app.db.deployment.findUniqueOrThrow({ where: { number: other.number } })
    const page = await li.asks('deployments.one', { number: other.number })
    expect(page.conditions.find(({ id }) => id === 'lock')).toMatchObject({ isMet: false })
    await app.db.deployment.update({ where: { id: locked.id }, data: { state: 'announced' } })
    await expect(
      app.db.$transaction((tx) =>
        moveDeployment({ tx, deploymentId: locked.id, to: 'progressing', why: '', by, now: at }),
      ),
    ).rejects.toThrow()
  })

  test('an override needs a second person, names its rules, counts two hours, and never waives an image', async () => {
    const it = await room(new Date('2026-11-20T17:00:00Z'))
    const { ana, li, raj, app } = it
    const { number } = await ana.does('deployments.plan', { ...WANTED, startAt: '2026-11-20T18:00:00Z' })
    await soaked(it, 31)
    const closed = await li.asks('deployments.one', { number })
    expect(
      closed.conditions.filter(({ isMet, stage }) => !isMet && stage === 'approve').map(({ id }) => id),
    ).toEqual(['no-window'])
    const ask = {
      number,
      ruleIds: ['no-window'],
      reason: 'Customers can’t pay since this morning.',
      link: 'https://tickets.example.com/77',
    }
    expect((await refused(ana.does('deployments.askOverride', { ...ask, ruleIds: ['image'] }))).code).toBe(
      'invalid',
    )
    await ana.does('deployments.askOverride', ask)
    const [override] = (await li.asks('deployments.one', { number })).overrides
    const decision = { override: override?.id ?? '', agree: true }
    expect((await refused(ana.does('deployments.decideOverride', decision))).code).toBe('forbidden')
    await raj.does('deployments.decideOverride', decision)
    expect((await li.asks('deployments.one', { number })).isApprovable).toBe(true)
    app.clock.set(new Date('2026-11-20T19:01:00Z'))
    await soaked(it, 31)
    await ana.does('deployments.refresh', { number })
    expect((await li.asks('deployments.one', { number })).isApprovable).toBe(false)
  })

  test('a freeze closes, a stop of the line closes at once, and lifting opens again', async () => {
    const it = await room()
    const { ana, raj } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    await soaked(it, 31)
    const { id } = await raj.does('deployments.freeze', {
      kind: 'stop-line',
      reason: 'The registry was tampered with.',
    })
    const page = await ana.asks('deployments.one', { number })
    expect(page.closings).toMatchObject([{ kind: 'stop-line' }])
    expect(page.isApprovable).toBe(false)
    await raj.does('deployments.lift', { freeze: id, reason: 'Checked every digest.' })
    expect((await ana.asks('deployments.one', { number })).isApprovable).toBe(true)
  })

  test('words that only describe leave an approved plan where it stands; what was rejected has to differ', async () => {
    const it = await room()
    const { ana, li, raj, app } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    await soaked(it, 31)
    await app.db.deployment.update({ where: { number }, data: { state: 'awaiting_approval' } })
    await approveBy(li, number)
    await approveBy(raj, number)
    await app.db.deployment.update({
      where: { number },
      data: { state: 'announced', announcedAt: app.clock.now() },
    })
    const notes = 'Retries with backoff on 429, and says so.'
    const told = await ana.does('deployments.revise', {
      number,
      seenRevision: 1,
      seenVersion: (await ana.asks('deployments.one', { number })).version,
      notes,
    })
    expect(told).toMatchObject({ revision: 1, state: 'announced' })
    const row = await app.db.deployment.findUniqueOrThrow({ where: { number } })
    expect(row.announcedAt).not.toBeNull()
    await raj.does('deployments.reject', { number, revision: 1, comment: 'Not before the launch, please.' })
    const seenVersion = (await ana.asks('deployments.one', { number })).version
    const wish = { number, seenRevision: 1, seenVersion, notes: 'Please.' }
    const again = await refused(ana.does('deployments.revise', wish))
    expect(again.message).toContain('is rejected, and nothing that people approve would differ')
  })

  test('of two who edit the notes of one revision the second is told what changed and by whom, and nothing is lost (D-HSH-4)', async () => {
    const it = await room()
    const { ana, li } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    const { version: seenVersion } = await ana.asks('deployments.one', { number })
    const seen = { number, seenRevision: 1, seenVersion }
    await ana.does('deployments.revise', { ...seen, notes: 'Retries twice.' })
    const error = await refused(li.does('deployments.revise', { ...seen, notes: 'Retries for ever.' }))
    expect(error.message).toContain(`changed meanwhile: the notes by ${ana.handle}`)
    expect(error).toMatchObject({
      code: 'conflict',
      current: { changed: [{ field: 'notes', from: WANTED.notes, to: 'Retries twice.', by: ana.handle }] },
    })
    const other = await li.does('deployments.revise', { ...seen, link: 'https://ci.example.com/42' })
    expect(other.version).toBeGreaterThan(seenVersion)
    expect((await li.asks('deployments.one', { number })).plan.about).toMatchObject({
      notes: 'Retries twice.',
      link: 'https://ci.example.com/42',
    })
    const blind = await refused(li.does('deployments.revise', { number, seenRevision: 1, notes: 'Mine.' }))
    expect(blind.issues).toMatchObject([{ path: 'seenVersion' }])
  })

  test('a revision upon an older one is told which fields changed and by whom (D-HSH-4)', async () => {
    const { ana, li } = await room()
    const { number } = await ana.does('deployments.plan', WANTED)
    await ana.does('deployments.revise', { number, seenRevision: 1, bakeMinutes: 45 })
    const late = await refused(li.does('deployments.revise', { number, seenRevision: 1, keepWarm: false }))
    expect(late.message).toContain(`the length of the bake by ${ana.handle}`)
  })

  test('a waiver counts for its image only, of a word about the service too (D-CHK-4)', async () => {
    const it = await room()
    const { ana, li } = it
    const evidence = WANTED.evidence?.filter(({ item }) => item !== 'docs.incident') ?? []
    const { number } = await ana.does('deployments.plan', { ...WANTED, evidence })
    await li.does('deployments.waive', {
      number,
      item: 'docs.incident',
      reason: 'Written by Friday, ticket 12.',
    })
    const state = async () =>
      (await ana.asks('deployments.one', { number })).items.find(({ id }) => id === 'docs.incident')?.state
    expect(await state()).toBe('waived')
    await ana.does('deployments.revise', { number, seenRevision: 1, tag: '4.14.0' })
    expect(await state()).toBe('open')
  })

  test('an override alone is a leader’s, and never of another person’s approval', async () => {
    const it = await room()
    const { ana, raj } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    const ask = {
      number,
      ruleIds: ['soak'],
      reason: 'Customers can’t pay since this morning.',
      link: 'https://tickets.example.com/77',
      isSolo: true,
    }
    expect((await refused(ana.does('deployments.askOverride', ask))).message).toContain('second person')
    const slot = { ...ask, ruleIds: ['approval.engineer'] }
    expect((await refused(raj.does('deployments.askOverride', slot))).code).toBe('forbidden')
    await raj.does('deployments.askOverride', ask)
    const page = await ana.asks('deployments.one', { number })
    expect(page.conditions.find(({ id }) => id === 'soak')).toMatchObject({ isMet: false, isWaived: true })
  })

  test('a hold that is over already is refused, for it would hold nothing', async () => {
    const it = await room()
    const { ana, li } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    const until = '2026-11-18T16:59:00Z'
    expect((await refused(li.does('deployments.hold', { number, until }))).issues).toMatchObject([
      { path: 'until' },
    ])
  })

  test('another image has neither the soak nor the words that were said of the one before', async () => {
    const it = await room()
    const { ana } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    await soaked(it, 31)
    const page = await ana.asks('deployments.one', { number })
    const next = await ana.does('deployments.revise', { number, seenRevision: page.revision, tag: '4.14.0' })
    expect(next.state).toBe('staging_deploying')
    const after = await ana.asks('deployments.one', { number })
    expect(after.plan.artifacts[0]?.digest).toBe(NEWER)
    const unmet = after.conditions
      .filter(({ isMet, stage }) => !isMet && stage === 'approve')
      .map(({ id }) => id)
    expect(unmet).toEqual(
      expect.arrayContaining(['soak', 'check.code.tests', 'check.code.reviewed', 'check.before.smoke']),
    )
    expect(unmet).not.toContain('check.docs.incident')
  })

  test('board and calendar show what waits and why a day is closed', async () => {
    const it = await room()
    const { ana } = it
    await ana.does('deployments.plan', WANTED)
    const board = await ana.asks('deployments.board', {})
    expect(board.rows).toMatchObject([{ service, state: 'staging_deploying', isReady: false }])
    const { strip } = await ana.asks('deployments.calendar', { year: 2026 })
    expect([strip.openDays, strip.openHours, strip.days.length]).toEqual([135, 540, 365])
    expect(strip.next).toEqual({ day: '2026-11-26', reason: 'Thanksgiving' })
  })
})

async function leaseOf({ app }: PlanRoom): Promise<{ readonly name: string; readonly epoch: number }> {
  await app.hot.query(
    "INSERT INTO lease (name, epoch, owner, expires_at) VALUES ('deployments', 1, 'test', now() + interval '1 hour')",
  )
  return { name: 'deployments', epoch: 1 }
}

describe('the worker', () => {
  test('lets a soak grow, asks for approval when it is done, schedules what is approved, and takes it back', async () => {
    const it = await room()
    const { ana, li, raj, app } = it
    const { number } = await ana.does('deployments.plan', WANTED)
    await approveBy(li, number)
    await approveBy(raj, number)
    const lease = await leaseOf(it)
    const work = {
      console: app,
      held: () => true,
      lease,
      hint: async () => undefined,
      told: () => undefined,
      sized: new Map<string, number>(),
    }
    const states: string[] = []
    for (let minute = 0; minute <= 31; minute += 1) {
      await advanceDeployments(work, app.clock.now())
      const { state } = await ana.asks('deployments.one', { number })
      if (states.at(-1) !== state) states.push(state)
      app.clock.advanceMs(60_000)
    }
    await advanceDeployments(work, app.clock.now())
    const { state } = await ana.asks('deployments.one', { number })
    if (states.at(-1) !== state) states.push(state)
    expect(states).toEqual(['staging_soaking', 'awaiting_approval', 'scheduled'])
    await app.db.person.update({ where: { id: li.id }, data: { disabledAt: app.clock.now() } })
    await advanceDeployments(work, app.clock.now())
    const after = await ana.asks('deployments.one', { number })
    expect([after.state, after.stateWhy]).toEqual(['awaiting_approval', expect.stringContaining(li.handle)])
  })

  test('one deployment that can’t get on keeps no other from its soak', async () => {
    const it = await room()
    const { ana, app } = it
    const first = await ana.does('deployments.plan', { ...WANTED, startAt: '2026-11-19T17:00:00Z' })
    const second = await ana.does('deployments.plan', { ...WANTED, startAt: '2026-11-24T17:00:00Z' })
    await app.db.deployment.update({ where: { number: first.number }, data: { plan: {} } })
    const warned: unknown[] = []
    const work = {
      lease: await leaseOf(it),
      console: { ...app, log: { ...app.log, warn: (about: unknown) => void warned.push(about) } },
      held: () => true,
      hint: async () => undefined,
      told: () => undefined,
      sized: new Map(),
    }
    await advanceDeployments(work, app.clock.now())
    expect((await ana.asks('deployments.one', { number: second.number })).state).toBe('staging_soaking')
    expect(warned).toMatchObject([{ deployment: first.number }])
  })

  test('ends what outlived its window', async () => {
    const it = await room()
    const { ana, app } = it
    const { number } = await ana.does('deployments.plan', { ...WANTED, environment: 'staging', evidence: [] })
    app.clock.advanceMs(12 * 3_600_000)
    const work = {
      lease: await leaseOf(it),
      console: app,
      held: () => true,
      hint: async () => undefined,
      told: () => undefined,
      sized: new Map(),
    }
    await advanceDeployments(work, app.clock.now())
    expect((await ana.asks('deployments.one', { number })).state).toBe('expired')
  })
})

describe('a plan by webhook', () => {
  test('is opened once with a good signature, and refused with none, a wrong one or an old one', async () => {
    const it = await room()
    const secret = 'a secret of CI and the console'
    const app = { ...it.app, env: { ...it.app.env, DEPLOY_HOOK_SECRET: secret } }
    const body = JSON.stringify({ ...WANTED, evidence: [] })
    const timestamp = String(app.clock.now().getTime() / 1_000)
    const delivery = '4b0b6b1e-0d5b-4b86-9a26-0d2c7d1f2a11'
    const good = { timestamp, signature: signatureOf(secret, timestamp, body), delivery, body }
    const first = await takePlan(app, good)
    expect(first).toMatchObject({ status: 200, reply: { number: expect.any(Number) } })
    expect((await takePlan(app, good)).reply).toEqual(first.reply)
    expect(await app.db.deployment.findMany()).toMatchObject([{ origin: 'webhook', requester: 'ci' }])
    const old = String(Number(timestamp) - 301)
    const bad = [
      { ...good, signature: null },
      { ...good, signature: signatureOf('another', timestamp, body) },
      { ...good, timestamp: old, signature: signatureOf(secret, old, body) },
      { ...good, body: `${body} ` },
    ]
    for (const one of bad) expect((await takePlan(app, one)).status).toBe(401)
    const wrong = '{"service":"nobody","tag":"1.0.0"}'
    const told = await takePlan(app, {
      timestamp,
      signature: signatureOf(secret, timestamp, wrong),
      delivery: null,
      body: wrong,
    })
    expect(told).toMatchObject({
      status: 422,
      reply: { detail: expect.stringContaining('No service nobody') },
    })
    expect((await takePlan(it.app, good)).status).toBe(404)
  })
})
