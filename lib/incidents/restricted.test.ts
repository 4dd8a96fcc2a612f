import { randomUUID } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PERMISSIONS, type Permission, ROLES, type Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import { type Console, setConsole } from '../console'
import { getHub } from '../hub'
import { type Actor, type AnyCommand, type AnyQuery, Encoded } from '../operation'
import type { SteppedClock } from '../platform/clock'
import { AppError } from '../platform/errors'
import { testConsole } from '../platform/testing/database'
import { createDocument } from '../postmortems/document-store'
import { recordWith } from '../postmortems/testing/record'
import { ALL_OPERATIONS, findCommand, findQuery } from '../registry'
import { runCommand, runQuery } from '../run'

const MARK = 'zebra-quartz'
const queries = ALL_OPERATIONS.filter((one): one is AnyQuery => one.type === 'query')
const commands = ALL_OPERATIONS.filter((one): one is AnyCommand => one.type === 'command')

let console: Console & { readonly clock: SteppedClock }
let scene: Awaited<ReturnType<typeof makeScene>>

beforeAll(async () => {
  console = await testConsole()
  setConsole(console)
  scene = await makeScene()
})

afterAll(async () => {
  getHub().drain()
  await getHub().close()
  await console.close()
})

async function someone(...roles: readonly Role[]) {
  const { id, handle, actor } = await somebodyIn(console, roles)
  return { id, handle, actor: actor() }
}

function scopeOf(actor: Actor) {
  return { console, actor, now: console.clock.now(), requestId: randomUUID() }
}

async function does<Result = Readonly<Record<string, unknown>>>(
  actor: Actor,
  name: string,
  input: unknown,
): Promise<Result> {
  return (await runCommand(findCommand(name), scopeOf(actor), input, randomUUID())) as Result
}

type Answer = { readonly text: string; readonly code: string | undefined }

async function asks(actor: Actor, query: AnyQuery, input: unknown): Promise<Answer> {
  try {
    const result = await runQuery(query, scopeOf(actor), input)
    if (!(result instanceof Encoded)) return { text: JSON.stringify(result) ?? '', code: undefined }
    const bytes = result.packed ? gunzipSync(result.bytes) : result.bytes
    return { text: new TextDecoder().decode(bytes), code: undefined }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { text: JSON.stringify([error.message, error.issues, error.current]), code: error.code }
  }
}

/** A restricted incident with everything in it that an incident can have, and every word of it marked. */
async function makeScene() {
  const [ana, ben, admin] = [
    await someone('commander', 'responder'),
    await someone('responder', 'commander'),
    await someone('admin'),
  ]
  const others = ROLES.filter((role) => role !== 'admin')
  const outsider = await someone(...others)
  const alert = await console.db.alert.create({
    data: {
      source: 'alertmanager',
      fingerprint: 'f',
      startsAt: console.clock.now(),
      startsRaw: '',
      sinceAt: console.clock.now(),
      status: 'firing',
      name: 'Plain',
      severity: 'critical',
      level: 'P1',
      labels: {},
      annotations: {},
      seen: 1,
      via: 'webhook',
      firstSeenAt: console.clock.now(),
      lastSeenAt: console.clock.now(),
    },
  })
  const declared = await does<{ id: string; name: string }>(ana.actor, 'incidents.declare', {
    title: `${MARK} title`,
    impact: `${MARK} impact`,
    severity: 'P1',
    severityReason: `${MARK} reason`,
    visibility: 'restricted',
    named: [ben.id],
    answer: true,
    alerts: { ids: [alert.id] },
  })
  const { id } = declared
  await does(ana.actor, 'incidents.addNote', { id, text: `${MARK} note` })
  const { taskId } = await does<{ taskId: string }>(ana.actor, 'incidents.addTask', {
    id,
    text: `${MARK} task`,
    ownerId: ben.id,
    minutes: 10,
  })
  await does(ana.actor, 'incidents.addDecision', { id, proposal: `${MARK} p`, outcome: `${MARK} o` })
  await does(ana.actor, 'incidents.pinEvidence', { id, title: `${MARK} pin` })
  await does(ana.actor, 'incidents.link', { id, kind: 'page', ref: `${MARK}-page`, title: `${MARK} link` })
  await does(ana.actor, 'incidents.recordUpdate', { id, audience: 'internal', text: `${MARK} update` })
  await does(ana.actor, 'incidents.offerHandover', {
    id,
    role: 'commander',
    toPersonId: ben.id,
    pack: `${MARK} pack`,
  })
  const run = await does<{ id: string }>(ana.actor, 'actions.recordManual', {
    incidentId: id,
    action: 'watch.on',
    output: `${MARK} output`,
    outcome: 'worked',
    note: `${MARK} note`,
  })
  const { id: publicationId } = await console.db.publication.create({
    data: {
      id: randomUUID(),
      incidentId: id,
      seq: 1,
      kind: 'update',
      audience: 'internal',
      severity: 'P1',
      status: 'investigating',
      title: `${MARK} title`,
      body: `${MARK} body`,
      draftBody: `${MARK} title\n${MARK} body`,
      components: [],
      facts: {},
      channelIds: [],
      findings: [],
      lintVersion: '1',
      hash: 'a'.repeat(64),
      state: 'waiting',
      authorId: ana.id,
      author: ana.handle,
      createdAt: console.clock.now(),
    },
  })
  const plain = await does<{ id: string; name: string }>(outsider.actor, 'incidents.declare', {
    title: 'An ordinary one',
    severity: 'P3',
  })
  const keyed: Actor = {
    ...(ana.actor as Extract<Actor, { kind: 'person' }>),
    key: { id: 'k', scopes: Object.keys(PERMISSIONS) as Permission[] },
  }
  const machine: Actor = {
    kind: 'machine',
    id: 'ci',
    permissions: Object.keys(PERMISSIONS) as Permission[],
  }
  const item = await does<{ id: string; name: string }>(ana.actor, 'action-items.add', {
    incidentId: id,
    title: `${MARK} item`,
    ownerId: ana.id,
    dueOn: '2026-12-01',
  })
  const postmortem = await makePostmortem(id, ana.handle)
  return {
    postmortem,
    itemId: item.id,
    itemNumber: Number(item.name.slice(3)),
    ana,
    ben,
    admin,
    outsider,
    keyed,
    machine,
    alert,
    taskId,
    runId: run.id,
    publicationId,
    plain,
    ...declared,
  }
}

/** The postmortem of the restricted incident, with a remark and a question that became a proposal. */
async function makePostmortem(incidentId: string, by: string) {
  const at = console.clock.now()
  const { meta, ...record } = recordWith()
  const { id, number } = await console.db.$transaction((tx) =>
    createDocument(
      tx,
      {
        incidentId,
        title: `${MARK} postmortem`,
        state: 'draft',
        severity: 'P1',
        visibility: 'restricted',
        leafIds: [],
        componentIds: [],
        tags: [MARK],
        record: { ...record, meta: { ...meta, title: MARK } },
        corrections: [],
        isDrill: false,
        origin: '',
        createdBy: by,
        publishedAt: null,
        closedAt: null,
        sections: [{ key: 'summary', body: `${MARK} summary` }],
      },
      at,
    ),
  )
  const [thread, node, proposal] = [randomUUID(), randomUUID(), randomUUID()]
  await console.db.postmortemComment.create({
    data: {
      id: thread,
      postmortemId: id,
      seq: 1,
      threadId: thread,
      section: 'summary',
      text: `${MARK} remark`,
      byId: by,
      by,
      at,
      mentions: [by],
    },
  })
  await console.db.postmortemNode.create({
    data: {
      id: node,
      postmortemId: id,
      path: 'triage/5-gpus.yaml',
      node: 'x',
      fault: 'slow',
      text: `${MARK} question`,
      by,
      at,
      proposalId: proposal,
      scenario: MARK,
      scenarioName: MARK,
    },
  })
  return { id, number, node, proposal }
}

/** What queries are asked that take more than nothing; a new query that needs something needs a row here. */
function inputsOf(name: string): readonly unknown[] {
  const { id, name: incident, alert, postmortem } = scene
  const known: Readonly<Record<string, readonly unknown[]>> = {
    'actions.offered': [{ incidentId: id, leaf: 'provider.errors' }],
    'actions.list': [{ incidentId: id }],
    'actions.run': [{ id: scene.runId }],
    'alerts.detail': [{ id: alert.id }],
    'alerts.quarantineRaw': [{ id: randomUUID() }],
    'health.instanceDetail': [{ id: '1' }],
    'health.gpuHistory': [{ instanceId: '1', index: 0, minutes: 60 }],
    'health.queueHistory': [{ name: 'q', type: 'workflow', minutes: 60 }],
    'health.exportFleet': [{ format: 'json' }],
    'incidents.byId': [{ ref: id }, { ref: incident }, { ref: incident.replace('INC-', '') }],
    'incidents.timeline': [{ id }, { id, filter: 'all', after: 0 }],
    'incidents.list': [{}, { drills: 'with' }, { text: MARK }, { text: incident }, { severity: 'P1' }],
    'incidents.alerts': [{ id }],
    'incidents.alertAdvice': [{ id }],
    'incidents.ofAlert': [{ alertId: alert.id }],
    'incidents.present': [{ id }],
    'incidents.obligations': [{}, { mine: true }],
    'action-items.list': [{}, { state: 'all', text: MARK }, { incident }],
    'action-items.ofIncident': [{ incidentId: id }],
    'action-items.ofPostmortem': [{ postmortemId: postmortem.id }],
    'action-items.one': [{ number: scene.itemNumber }],
    'evidence.ofIncident': [{ incidentId: id }],
    'postmortems.one': [{ number: postmortem.number }],
    'postmortems.export': [{ number: postmortem.number }, { number: postmortem.number, format: 'markdown' }],
    'postmortems.publicVersion': [{ number: postmortem.number }],
    'postmortems.list': [{}, { tag: MARK }],
    'library.search': [{ text: MARK }],
    'library.similar': [{ postmortemId: postmortem.id }],
    'postmortems.review': [{ id: postmortem.id }],
    'postmortems.comments': [{ id: postmortem.id }],
    'postmortems.present': [{ id: postmortem.id }],
    'postmortems.history': [{ id: postmortem.id }],
    'postmortems.revision': [{ id: postmortem.id, seq: 1 }],
    'postmortems.trees': [{ id: postmortem.id }],
    'postmortems.scenario': [{ nodeId: postmortem.node }],
    'postmortems.ofProposal': [{ proposalId: postmortem.proposal }],
    'publications.draft': [{ incidentId: id }],
    'publications.links': [{ urls: [] }],
    'subscribers.outcomes': [{ publicationIds: [scene.publicationId] }],
    'publications.ofIncident': [{ incidentId: id }],
    'evidence.archive': [{ incidentId: id, bundleId: randomUUID() }],
    'checklists.ofIncident': [{ incidentId: id }],
    'runbooks.search': [{ text: MARK }],
    'runbooks.file': [{ slug: 'triage/5-gpus' }],
    'runbooks.download': [{ slug: 'triage/5-gpus' }],
    'runbooks.check': [{ path: 'triage/5-gpus.yaml', text: 'title: x' }],
    'runbooks.history': [{ path: 'triage/5-gpus.yaml' }],
    'runbooks.version': [{ id: 1 }],
    'runbooks.proposal': [{ id: randomUUID() }],
    'triage.tryDraft': [
      {
        path: 'triage/5-gpus.yaml',
        text: 'title: x',
        moment: { kind: 'seen', incidentId: id, n: 1 },
      },
    ],
    'delivery.outcomes': [{ publicationIds: [randomUUID()] }],
    'deployments.one': [{ number: 1 }],
    'rollouts.one': [{ number: 1 }],
    'rollouts.recompute': [{ number: 1, seq: 1 }],
    'rollouts.would-have': [{ service: 'vastai-integration', trigger: 'error_ratio.canary', breachAbove: 1 }],
    'flags.one': [{ key: 'provider' }],
    'migrations.one': [{ number: 1 }],
    'migrations.quarantined': [{ number: 1 }],
    'migrations.reportFile': [{ number: 1, seq: 1 }],
    'drills.export': [],
    'drills.report': [{ id: randomUUID() }],
    'drills.spoiler': [{ scenario: 'card-lost' }],
    'reminders.ofIncident': [{ incidentId: id }],
    'reminders.score': [{ incidentId: id }],
    'postmortems.ofIncident': [{ incidentId: id }],
    'audit.list': [{ limit: 200 }, { subject: `incident:${id}` }],
  }
  const ofIncident = { incidentId: id }
  const takesIt = findQuery(name).input.safeParse(ofIncident).success
  return [...(known[name] ?? [{}]), ...(takesIt ? [ofIncident] : [])]
}

const OUTSIDERS = ['outsider', 'keyed', 'machine'] as const

function actorOf(who: (typeof OUTSIDERS)[number]): Actor {
  return who === 'outsider' ? scene.outsider.actor : scene[who]
}

describe('I-RES-02 I-RES-03 what everybody else sees of a restricted incident', () => {
  it.each(queries.map((query) => [query.name, query] as const))(
    '%s takes what it is asked here',
    (name, query) => {
      for (const input of inputsOf(name)) expect(query.input.safeParse(input).error?.issues).toBeUndefined()
    },
  )

  it.each(OUTSIDERS.flatMap((who) => queries.map((query) => [query.name, who, query] as const)))(
    '%s shows %s nothing of it',
    async (name, who, query) => {
      for (const input of inputsOf(name)) {
        const { text, code } = await asks(actorOf(who), query, input)
        expect(text).not.toContain(MARK)
        if (code !== undefined) expect(['not_found', 'forbidden', 'unavailable']).toContain(code)
        else {
          expect(text).not.toContain(scene.id)
          expect(text).not.toContain(scene.name)
        }
      }
    },
  )

  it('asked by number it is not there, like a number that was never given', async () => {
    const ask = (ref: string) => asks(scene.outsider.actor, findQuery('incidents.byId'), { ref })
    const hidden = await ask(scene.name)
    const absent = await ask('INC-9999')
    expect(hidden.code).toBe('not_found')
    expect(hidden.text.replace(scene.name, 'X')).toBe(absent.text.replace('INC-9999', 'X'))
  })

  it.each([
    ['incidents.open', 'ana'],
    ['incidents.open', 'ben'],
    ['incidents.open', 'admin'],
    ['incidents.list', 'ben'],
    ['incidents.byId', 'admin'],
    ['incidents.timeline', 'ben'],
    ['incidents.obligations', 'ben'],
    ['postmortems.one', 'ben'],
    ['postmortems.comments', 'ben'],
    ['postmortems.ofProposal', 'admin'],
  ] as const)('I-RES-01 %s does show it to %s, so the test above can fail', async (name, who) => {
    const [input] = inputsOf(name)
    const { text } = await asks(scene[who].actor, findQuery(name), input)
    expect(text).toContain(MARK)
  })

  it('the audit trail shows that something was done and by whom, without subject and detail', async () => {
    const query = findQuery('audit.list')
    const seen = JSON.parse((await asks(scene.admin.actor, query, { limit: 200 })).text).rows
    const masked = JSON.parse((await asks(scene.outsider.actor, query, { limit: 200 })).text).rows
    expect(masked.length).toBe(seen.length)
    expect(seen.filter((row: { subject: string }) => row.subject === `incident:${scene.id}`).length).toBe(10)
    const hidden = masked.filter((row: { subject: string }) => row.subject === 'incident:restricted')
    expect(hidden.length).toBe(10)
    for (const row of hidden) expect(row).toMatchObject({ detail: null, actor: scene.ana.id })
  })

  it('a hint carries its id and nothing else', async () => {
    const hints = await console.db.liveHint.findMany()
    expect(hints.length).toBeGreaterThan(5)
    expect(JSON.stringify(hints.map(({ topic, ref }) => [topic, ref]))).not.toContain(MARK)
    expect(JSON.stringify(hints.map(({ ref }) => ref))).not.toContain(scene.name)
  })
})

/** Every command of the room that names an incident, with an input that would work for somebody who may know of it. */
function commandInputs(): Readonly<Record<string, unknown>> {
  const { id, taskId, plain, alert, outsider } = scene
  const at = { id, version: 1 }
  const ofRun = { run: scene.runId, version: 1 }
  return {
    'incidents.acknowledge': { id },
    'incidents.setTitle': { ...at, to: 'x' },
    'incidents.setImpact': { ...at, to: 'x' },
    'incidents.setSeverity': { ...at, to: 'P1' },
    'incidents.setStatus': { ...at, to: 'identified' },
    'incidents.setVisibility': { ...at, to: 'internal' },
    'incidents.namePerson': { id, personId: outsider.id },
    'incidents.unnamePerson': { id, personId: outsider.id },
    'incidents.linkAlerts': { id, alerts: { ids: [alert.id] } },
    'incidents.unlinkAlerts': { id, ids: [alert.id] },
    'incidents.reopen': { ...at, reason: 'x' },
    'incidents.merge': { id: plain.id, into: id },
    'incidents.assignRole': { id, role: 'scribe', personId: outsider.id, replaces: null },
    'incidents.takeRole': { id, role: 'scribe' },
    'incidents.leaveRole': { id, role: 'scribe' },
    'incidents.offerHandover': { id, role: 'scribe', toPersonId: outsider.id },
    'incidents.acceptHandover': { id, role: 'commander' },
    'incidents.declineHandover': { id, role: 'commander' },
    'incidents.addNote': { id, text: 'x' },
    'incidents.addDecision': { id, proposal: 'x', outcome: 'x' },
    'incidents.pinEvidence': { id, title: 'x' },
    'incidents.link': { id, kind: 'page', ref: 'x' },
    'incidents.recordUpdate': { id, audience: 'internal', text: 'x' },
    'incidents.pauseClocks': { id, reason: 'provider' },
    'incidents.resumeClocks': { id },
    'incidents.addTask': { id, text: 'x', ownerId: outsider.id, minutes: 5 },
    'incidents.ackTask': { taskId },
    'incidents.finishTask': { taskId, outcome: 'done' },
    'incidents.beHere': { id },
    'postmortems.beHere': { id: scene.postmortem.id },
    'action-items.add': { incidentId: id, title: 'x' },
    'library.setTags': { postmortemId: scene.postmortem.id, tags: [] },
    'action-items.change': { id: scene.itemId, version: 1, title: 'x' },
    'action-items.finish': { id: scene.itemId, version: 1, evidence: 'xyz' },
    'action-items.drop': { id: scene.itemId, version: 1, reason: 'xyz' },
    'action-items.reopen': { id: scene.itemId, version: 1, reason: 'xyz' },
    'evidence.collect': { incidentId: id },
    'postmortems.draft': { incidentId: id },
    'checklists.open': { incidentId: id, list: 'x' },
    'checklists.tick': { incidentId: id, list: 'x', item: 'y' },
    'checklists.untick': { incidentId: id, list: 'x', item: 'y' },
    'actions.prepare': { incidentId: id, action: 'rollout.restart', params: { deployment: 'x' } },
    'actions.recordManual': { incidentId: id, action: 'watch.on', outcome: 'worked' },
    'actions.askSecond': ofRun,
    'actions.approve': { ...ofRun, planHash: 'a'.repeat(64) },
    'actions.decline': { ...ofRun, reason: 'not now' },
    'actions.breakGlass': { ...ofRun, reason: 'a reason of more than twenty characters' },
    'actions.carryOut': ofRun,
    'actions.cancel': ofRun,
    'actions.undo': { run: scene.runId },
    'actions.review': { run: scene.runId, note: 'looked at it' },
    'publications.publish': {
      incidentId: id,
      texts: [{ audience: 'internal', title: 'Training stops', body: 'Training stops.' }],
    },
    'publications.approve': { id: scene.publicationId, hash: 'a'.repeat(64) },
    'publications.refuse': { id: scene.publicationId, reason: 'x' },
    'publications.withdraw': { id: scene.publicationId },
    'publications.correct': { id: scene.publicationId, title: 'x', body: 'x' },
  }
}

/** These name no incident that exists already. */
const NAME_NONE = ['incidents.declare', 'incidents.saveDraft']

describe('I-RES-02 what everybody else can do to it', () => {
  const own = commands.filter(
    ({ name }) =>
      /^(incidents|action-items|library|checklists|actions|evidence|publications)\./.test(name) &&
      !NAME_NONE.includes(name),
  )
  it.each(own.map(({ name }) => [name]))('%s does not reach it', async (name) => {
    const input = commandInputs()[name]
    expect(input, 'a new command needs a row above').toBeDefined()
    const before = await console.db.incident.findUniqueOrThrow({ where: { id: scene.id } })
    await expect(does(scene.outsider.actor, name, input)).rejects.toMatchObject({ code: 'not_found' })
    expect(await console.db.incident.findUniqueOrThrow({ where: { id: scene.id } })).toEqual(before)
  })
})

describe('who is named', () => {
  it('I-RES-01 restricting names who works in it; opening it again shows it to all', async () => {
    const [ana, ben] = [await someone('commander'), await someone('responder')]
    const { id } = await does<{ id: string }>(ana.actor, 'incidents.declare', {
      title: 'turns delicate',
      severity: 'P2',
      answer: true,
    })
    await does(ana.actor, 'incidents.addTask', { id, text: 'look', ownerId: ben.id, minutes: 5 })
    const { version } = await does<{ version: number }>(ana.actor, 'incidents.setVisibility', {
      id,
      version: 1,
      to: 'restricted',
    })
    const sees = async (actor: Actor) => (await asks(actor, findQuery('incidents.byId'), { ref: id })).code
    expect(await sees(ben.actor)).toBeUndefined()
    expect(await sees(scene.outsider.actor)).toBe('not_found')
    await does(ana.actor, 'incidents.setVisibility', { id, version, to: 'internal' })
    expect(await sees(scene.outsider.actor)).toBeUndefined()
  })

  it('I-RES-04 work goes to whom it names; naming lets them in, unnaming out, but not with work in hand', async () => {
    const { ana, id } = scene
    const cleo = await someone('responder')
    const task = { id, text: 'x', ownerId: cleo.id, minutes: 5 }
    await expect(does(ana.actor, 'incidents.addTask', task)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(`name ${cleo.handle} first`),
    })
    await does(ana.actor, 'incidents.namePerson', { id, personId: cleo.id })
    const { taskId } = await does<{ taskId: string }>(ana.actor, 'incidents.addTask', task)
    const unname = () => does(ana.actor, 'incidents.unnamePerson', { id, personId: cleo.id })
    await expect(unname()).rejects.toMatchObject({ code: 'conflict' })
    await does(cleo.actor, 'incidents.finishTask', { taskId, outcome: 'done' })
    await unname()
    expect((await asks(cleo.actor, findQuery('incidents.byId'), { ref: id })).code).toBe('not_found')
  })

  it('I-RES-05 it merges with restricted ones only, and no ordinary incident links to it', async () => {
    const { ana, id, name, plain } = scene
    await expect(does(ana.actor, 'incidents.merge', { id: plain.id, into: id })).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(
      does(ana.actor, 'incidents.link', { id: plain.id, kind: 'incident', ref: name }),
    ).rejects.toMatchObject({ code: 'invalid' })
    const dora = await someone('commander')
    const other = await does<{ id: string }>(dora.actor, 'incidents.declare', {
      title: 'another delicate one',
      severity: 'P2',
      visibility: 'restricted',
      named: [ana.id],
    })
    await does(ana.actor, 'incidents.merge', { id: other.id, into: id })
    expect((await asks(dora.actor, findQuery('incidents.byId'), { ref: id })).code).toBeUndefined()
  })

  it('I-RES-03 through a key one can be declared, which its person then sees', async () => {
    const { keyed, ana } = scene
    const { id } = await does<{ id: string }>(keyed, 'incidents.declare', {
      title: 'by a script',
      severity: 'P4',
      visibility: 'restricted',
    })
    expect((await asks(keyed, findQuery('incidents.byId'), { ref: id })).code).toBe('not_found')
    expect((await asks(ana.actor, findQuery('incidents.byId'), { ref: id })).code).toBeUndefined()
  })

  it('I-RES-06 to the clocks it is internal: no public update is owed', async () => {
    const { text } = await asks(scene.ana.actor, findQuery('incidents.byId'), { ref: scene.id })
    const clocks = (JSON.parse(text) as { clocks: { id: string }[] }).clocks.map(({ id }) => id)
    expect(clocks).toContain('update:internal')
    expect(clocks.join()).not.toContain('public')
  })
})
