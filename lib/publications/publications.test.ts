import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import { enqueueDeliveries } from '../delivery/enqueue-store'
import type { Actor } from '../operation'
import type { SteppedClock } from '../platform/clock'
import { AppError } from '../platform/errors'
import { testConsole } from '../platform/testing/database'
import type {
  CommandInput,
  CommandName,
  CommandResult,
  QueryInput,
  QueryName,
  QueryResult,
} from '../registry'
import { findCommand, findQuery } from '../registry'
import { runCommand, runQuery } from '../run'
import { applyPublicUpdate } from '../status/apply-store'
import { advancePublications, type Told } from './advance'

let app: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }
let ana: Awaited<ReturnType<typeof someone>>
let bo: Awaited<ReturnType<typeof someone>>

const WAYS: readonly Told[] = [
  (tx, publication, now) => applyPublicUpdate({ tx, publication, now }),
  (tx, publication, now) => enqueueDeliveries({ tx, publication, channels: publication.channelIds, now }),
]

beforeAll(async () => {
  app = await testConsole()
  ana = await someone('commander')
  bo = await someone('comms')
  await app.hot.query(
    "INSERT INTO lease (name, epoch, owner, expires_at) VALUES ('publications', 7, 'test', now() + interval '1 hour')",
  )
  const at = app.clock.now()
  await app.db.statusComponent.createMany({
    data: ['Training', 'Inference'].map((name, position) => ({
      id: name.toLowerCase(),
      name,
      position,
      createdAt: at,
      updatedAt: at,
    })),
  })
  await app.db.channel.createMany({
    data: [
      { id: 'team', kind: 'slack-bot', name: 'Team', audiences: ['internal', 'executive'] },
      { id: 'statuspage', kind: 'statuspage', name: 'Statuspage', audiences: ['public'] },
    ].map((row) => ({ ...row, config: {}, createdAt: at, updatedAt: at })),
  })
})

afterAll(async () => {
  await app.close()
})

async function someone(...roles: readonly Role[]) {
  const handle = `p${randomUUID().slice(0, 8)}`
  const { id } = await app.db.person.create({
    data: { handle, name: `Name ${handle}`, email: `${handle}@northlight.example`, roles: [...roles] },
  })
  const actor = (): Actor => ({
    kind: 'person',
    id,
    handle,
    name: handle,
    roles,
    sessionId: 's',
    authAt: app.clock.now(),
  })
  const scope = () => ({ console: app, actor: actor(), now: app.clock.now(), requestId: randomUUID() })
  return {
    id,
    handle,
    does: async <Name extends CommandName>(name: Name, input: CommandInput<Name>) =>
      (await runCommand(findCommand(name), scope(), input, randomUUID())) as CommandResult<Name>,
    asks: async <Name extends QueryName>(name: Name, input: QueryInput<Name>) =>
      (await runQuery(findQuery(name), scope(), input)) as QueryResult<Name>,
  }
}

async function declared(changes: Partial<CommandInput<'incidents.declare'>> = {}): Promise<string> {
  const { id } = await ana.does('incidents.declare', {
    title: 'Training jobs stop',
    impact: 'Training jobs stop after their first step',
    severity: 'P1',
    severityReason: 'all of it',
    visibility: 'public',
    answer: true,
    ...changes,
  } as CommandInput<'incidents.declare'>)
  return id
}

type Audience = 'public' | 'internal' | 'executive'

async function drafted(
  incidentId: string,
  audience: Audience,
  more: Partial<QueryInput<'publications.draft'>> = {},
) {
  const { drafts } = await ana.asks('publications.draft', { incidentId, ...more })
  const found = drafts.find((one) => one.audience === audience)
  if (found === undefined) throw new Error(`no draft for ${audience}`)
  return found
}

async function first(incidentId: string, audience: Audience = 'public') {
  const { title, body, told } = await drafted(incidentId, audience)
  const { publications } = await ana.does('publications.publish', {
    incidentId,
    texts: [{ audience, title, body, told }],
  })
  const [row] = publications
  if (row === undefined) throw new Error('nothing was published')
  return row
}

function release(epoch = 7) {
  return advancePublications(
    { pool: app.hot, lease: { name: 'publications', epoch }, ways: WAYS },
    app.clock.now(),
  )
}

async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AppError) return error
  throw new Error(`not refused: ${String(error)}`)
}

function rulesOf(error: AppError): readonly string[] {
  return (error.issues ?? []).map(({ message }) => message.split(':')[0] ?? '')
}

async function entries(incidentId: string) {
  const { entries: found } = await ana.asks('incidents.timeline', { id: incidentId })
  return found.filter(({ kind }) => kind === 'update')
}

describe('the first public post', () => {
  it('P-REL-01: needs nobody in the template’s own words, leaves after its undo, and meets the clock of the first post', async () => {
    const id = await declared()
    const row = await first(id)
    expect(row).toMatchObject({ state: 'holding', holdUntilMs: app.clock.now().getTime() + 10_000 })
    app.clock.advanceMs(9_999)
    expect(await release()).toEqual({ released: 0, failed: [] })
    app.clock.advanceMs(1)
    expect(await release()).toEqual({ released: 1, failed: [] })
    const stored = await app.db.publication.findUniqueOrThrow({ where: { id: row.id } })
    expect(stored).toMatchObject({ state: 'released', releasedAt: app.clock.now() })
    expect(await app.db.publicIncident.findMany({ where: { incidentId: id } })).toMatchObject([
      { status: 'investigating', resolvedAt: null, words: { training: 'major_outage' } },
    ])
    expect(await app.db.delivery.findMany({ where: { publicationId: row.id } })).not.toEqual([])
    expect(await entries(id)).toMatchObject([
      { id: row.id, body: { audience: 'public', publication: row.id } },
    ])
    const { clocks } = await ana.asks('incidents.byId', { ref: id })
    expect(clocks.find(({ kind }) => kind === 'first-public')).toMatchObject({ state: 'met' })
    expect(await release()).toEqual({ released: 0, failed: [] })
  })

  it('P-REL-01: a way that fails leaves nothing behind, and P-REL-03: holds up no other incident', async () => {
    const [bad, good] = [await declared(), await declared()]
    await first(bad)
    await first(good)
    app.clock.advanceMs(10_000)
    const broken: Told = async (_sql, message) => {
      if (message.incidentId === bad) throw new Error('the page is away')
    }
    const { released, failed } = await advancePublications(
      { pool: app.hot, lease: { name: 'publications', epoch: 7 }, ways: [...WAYS, broken] },
      app.clock.now(),
    )
    expect([released, failed.length]).toEqual([1, 1])
    expect(await entries(bad)).toEqual([])
    expect(await app.db.publicIncident.count({ where: { incidentId: bad } })).toBe(0)
    expect(await app.db.delivery.count({ where: { incidentId: bad } })).toBe(0)
    expect(await release()).toEqual({ released: 1, failed: [] })
    expect(await entries(bad)).toHaveLength(1)
  })

  it('P-REL-02: a worker that was overtaken releases nothing', async () => {
    const id = await declared()
    await first(id)
    app.clock.advanceMs(10_000)
    expect(await release(6)).toEqual({ released: 0, failed: [] })
    const both = await Promise.all([release(), release()])
    expect(both.reduce((sum, { released }) => sum + released, 0)).toBe(1)
    expect(await entries(id)).toHaveLength(1)
  })

  it('P-STA-04: what was taken back never leaves', async () => {
    const id = await declared()
    const row = await first(id)
    await ana.does('publications.withdraw', { id: row.id })
    app.clock.advanceMs(10_000)
    expect(await release()).toEqual({ released: 0, failed: [] })
    expect(await entries(id)).toEqual([])
  })

  it('P-REL-04: customers are told only of a public incident, by people who may', async () => {
    const id = await declared({ visibility: 'internal' })
    const { title, body, told } = await drafted(id, 'public')
    const texts = [{ audience: 'public' as const, title, body, told }]
    expect(await refusal(ana.does('publications.publish', { incidentId: id, texts }))).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('make it public'),
    })
    const li = await someone('responder')
    const open = await declared()
    expect((await refusal(li.does('publications.publish', { incidentId: open, texts }))).code).toBe(
      'forbidden',
    )
  })
})

describe('a second person', () => {
  async function asked() {
    const id = await declared()
    const { title, body, told } = await drafted(id, 'public')
    const text = {
      audience: 'public' as const,
      title,
      body: `${body}\n\nWe are sorry that your work is delayed.`,
      told,
    }
    const { publications } = await ana.does('publications.publish', { incidentId: id, texts: [text] })
    const [row] = publications
    if (row === undefined) throw new Error('nothing was published')
    return { id, row, text }
  }

  it('P-APR-03: has to agree to other words; never its author, and only to what was read', async () => {
    const { id, row } = await asked()
    expect(row.state).toBe('waiting')
    app.clock.advanceMs(10_000)
    expect(await release()).toEqual({ released: 0, failed: [] })
    const own = await refusal(ana.does('publications.approve', { id: row.id, hash: row.hash }))
    expect(own.code).toBe('forbidden')
    const other = await refusal(bo.does('publications.approve', { id: row.id, hash: '0'.repeat(64) }))
    expect(other.code).toBe('conflict')
    const { publication } = await bo.does('publications.approve', { id: row.id, hash: row.hash })
    expect(publication).toMatchObject({
      state: 'holding',
      approvedBy: bo.handle,
      body: row.body,
      hash: row.hash,
    })
    app.clock.advanceMs(10_000)
    expect(await release()).toEqual({ released: 1, failed: [] })
    expect(await entries(id)).toMatchObject([{ body: { text: `${row.title}\n${row.body}` } }])
  })

  it('P-STA-06: an edit voids what waited, so that no approval is of a text that was changed', async () => {
    const { id, row, text } = await asked()
    await ana.does('publications.publish', {
      incidentId: id,
      replaces: [row.id],
      texts: [{ ...text, body: `${text.body} We work on it.` }],
    })
    expect((await refusal(bo.does('publications.approve', { id: row.id, hash: row.hash }))).code).toBe(
      'conflict',
    )
    const { publications } = await ana.asks('publications.ofIncident', { incidentId: id })
    expect(publications.map(({ state }) => state)).toEqual(['waiting', 'withdrawn'])
  })

  it('P-STA-03: sends it back with what is to be changed', async () => {
    const { row } = await asked()
    expect((await refusal(bo.does('publications.refuse', { id: row.id, reason: ' ' }))).code).toBe('invalid')
    const { publication } = await bo.does('publications.refuse', { id: row.id, reason: 'say since when' })
    expect(publication).toMatchObject({ state: 'refused', endedBy: bo.handle, endedNote: 'say since when' })
  })

  it('does not agree to what was written for another severity', async () => {
    const { id, row } = await asked()
    const { version } = await ana.asks('incidents.byId', { ref: id })
    await ana.does('incidents.setSeverity', { id, version, to: 'P2', reason: 'half of it' })
    expect((await refusal(bo.does('publications.approve', { id: row.id, hash: row.hash }))).code).toBe(
      'conflict',
    )
  })

  it('P-APR-06: may let pass what the rules let a second person let pass, with both reasons', async () => {
    const id = await declared()
    const { title, body, told } = await drafted(id, 'public')
    const text = { audience: 'public' as const, title, body: `${body} The database 10.2.3.4 is slow.`, told }
    const alone = await refusal(ana.does('publications.publish', { incidentId: id, texts: [text] }))
    expect(rulesOf(alone)).toContain('X02')
  })
})

describe('the server judges again', () => {
  it('P-FCT-01, P-FCT-02: facts that are gone or that the draft did not show refuse the message with the rule', async () => {
    const id = await declared()
    const { title, body, told } = await drafted(id, 'public')
    const publish = (text: { readonly body: string; readonly told: typeof told }) =>
      refusal(
        ana.does('publications.publish', {
          incidentId: id,
          texts: [{ audience: 'public', title, ...text, told: { ...text.told } }],
        }),
      )
    expect(rulesOf(await publish({ body, told: {} }))).toContain('P-FCT-01')
    expect(rulesOf(await publish({ body: `${body} {{error_rate}} fail.`, told }))).toContain('P-FCT-01')
    expect(rulesOf(await publish({ body: `${body} {{commander}} leads.`, told }))).toContain('P-FCT-04')
    const moved = { ...told, started_at: { value: '2026-11-18T01:00:00.000Z', asOf: '' } }
    expect(rulesOf(await publish({ body, told: moved }))).toEqual(['P-FCT-03'])
    expect(await app.db.publication.count({ where: { incidentId: id } })).toBe(0)
  })

  it.each([
    ['no next update', { nextUpdateAt: null }, 'S02'],
    ['one that is past', { nextUpdateAt: '2026-01-01T00:00:00Z' }, 'S03'],
  ])('$0 is refused with $2', async (_name, choice, rule) => {
    const id = await declared()
    const { title, body, told } = await drafted(id, 'public')
    const error = await refusal(
      ana.does('publications.publish', {
        incidentId: id,
        ...choice,
        texts: [{ audience: 'public', title, body, told }],
      }),
    )
    expect(rulesOf(error)).toContain(rule)
  })

  it('a leak is refused whoever agrees, and so are two texts of which one is refused', async () => {
    const id = await declared()
    const internal = await drafted(id, 'internal')
    const { title, body, told } = await drafted(id, 'public')
    const secret = `xoxb-${'1234567890-'.repeat(2)}abcdefghijklmnop`
    const error = await refusal(
      ana.does('publications.publish', {
        incidentId: id,
        texts: [
          { audience: 'internal', title: internal.title, body: internal.body, told: internal.told },
          { audience: 'public', title, body: `${body} ${secret}`, told, override: 'it is fine' },
        ],
      }),
    )
    expect(rulesOf(error)).toContain('X01')
    expect(await app.db.publication.count({ where: { incidentId: id } })).toBe(0)
  })

  it('P-FCT-05: what a person tells is a fact of that person', async () => {
    const id = await declared()
    const said = { data_loss: 'No data was lost' }
    const { situation } = await ana.asks('publications.draft', { incidentId: id, said })
    expect(situation.facts.data_loss).toMatchObject({ value: 'No data was lost', source: `@${ana.handle}` })
  })

  it('a component that the page does not have is asked for, not guessed', async () => {
    const id = await declared()
    const { title, body, told } = await drafted(id, 'public')
    const error = await refusal(
      ana.does('publications.publish', {
        incidentId: id,
        components: [{ componentId: 'batch', to: 'major_outage' }],
        texts: [{ audience: 'public', title, body, told }],
      }),
    )
    expect(error).toMatchObject({ code: 'invalid', issues: [{ path: 'components' }] })
  })
})

it('P-REL-05: a correction goes to whoever got the wrong one, waits for a second person, and the wrong one stays', async () => {
  const id = await declared()
  const wrong = await first(id)
  expect(
    (await refusal(ana.does('publications.correct', { id: wrong.id, title: wrong.title, body: 'x' }))).code,
  ).toBe('conflict')
  app.clock.advanceMs(10_000)
  await release()
  const { publications } = await ana.does('publications.correct', {
    id: wrong.id,
    title: wrong.title,
    body: 'Inference fails too. We are looking for the cause.',
  })
  const [row] = publications
  expect(row).toMatchObject({
    kind: 'correction',
    corrects: wrong.id,
    state: 'waiting',
    channelIds: wrong.channelIds,
  })
  await bo.does('publications.approve', { id: row?.id ?? '', hash: row?.hash ?? '' })
  app.clock.advanceMs(10_000)
  await release()
  const { publications: all } = await ana.asks('publications.ofIncident', { incidentId: id })
  expect(all.map(({ kind, state }) => [kind, state])).toEqual([
    ['correction', 'released'],
    ['update', 'released'],
  ])
})

it('P-REL-06: an incident is not resolved while the public page shows it as open, and no waiver counts for that', async () => {
  const id = await declared()
  await first(id)
  app.clock.advanceMs(10_000)
  await release()
  const { version } = await ana.asks('incidents.byId', { ref: id })
  const resolve = () => ana.does('incidents.setStatus', { id, version, to: 'resolved', waiver: 'late' })
  expect(await refusal(resolve())).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('Publish that it is resolved'),
  })
  const other = await declared()
  const merge = ana.does('incidents.merge', { id, into: other, reason: 'the same' })
  expect((await refusal(merge)).message).toContain('Publish that it is resolved')
  const said = { data_loss: 'No data was lost' }
  const { title, body, told, nextUpdateAt } = await drafted(id, 'public', { status: 'resolved', said })
  expect(nextUpdateAt).toBeNull()
  const texts = [{ audience: 'public' as const, title, body, told }]
  const { publications } = await ana.does('publications.publish', {
    incidentId: id,
    status: 'resolved',
    said,
    texts,
  })
  const [over] = publications
  await bo.does('publications.approve', { id: over?.id ?? '', hash: over?.hash ?? '' })
  app.clock.advanceMs(10_000)
  expect(await release()).toEqual({ released: 1, failed: [] })
  expect(await resolve()).toMatchObject({ changed: true })
})

it('P-REL-07: a phase that is told is the incident’s when the message has left, and only who leads may tell it', async () => {
  const id = await declared({ severity: 'P3', severityReason: 'a part of it' })
  const { title, body, told } = await drafted(id, 'public', { status: 'identified' })
  const input = {
    incidentId: id,
    status: 'identified' as const,
    texts: [{ audience: 'public' as const, title, body, told }],
  }
  expect((await refusal(bo.does('publications.publish', input))).code).toBe('forbidden')
  await ana.does('publications.publish', input)
  expect((await ana.asks('incidents.byId', { ref: id })).status).toBe('investigating')
  app.clock.advanceMs(10_000)
  expect(await release()).toEqual({ released: 1, failed: [] })
  const { status, phase, version } = await ana.asks('incidents.byId', { ref: id })
  expect({ status, phase, version }).toEqual({ status: 'identified', phase: 'active', version: 2 })
  const late = ana.does('incidents.setStatus', { id, version: 1, to: 'monitoring' })
  expect((await refusal(late)).code).toBe('conflict')
})

it('a drill’s messages reach no channel of customers and not the public page', async () => {
  const id = await declared({ drill: true } as Partial<CommandInput<'incidents.declare'>>)
  const { situation } = await ana.asks('publications.draft', { incidentId: id })
  expect(situation.ways).toEqual([])
})
