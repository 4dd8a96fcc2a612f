import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import type { SteppedClock } from '../platform/clock'
import { AppError } from '../platform/errors'
import { t0, testConsole } from '../platform/testing/database'
import type { CommandInput } from '../registry'

let console: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

const someone = (...roles: readonly Role[]) => somebodyIn(console, roles)

async function refusal(attempt: Promise<unknown>): Promise<AppError> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was not refused')
}

/** As a browser does: a busy database is asked again under the same key. */
async function untilAnswered<Result>(send: (key: string) => Promise<Result>): Promise<Result> {
  const key = randomUUID()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(key)
    } catch (error) {
      if (attempt >= 10 || !(error instanceof AppError) || error.code !== 'unavailable') throw error
    }
  }
}

async function declared(changes: Partial<CommandInput<'incidents.declare'>> = {}) {
  const ana = await someone('commander')
  const made = await ana.does('incidents.declare', {
    title: 'Inference 503s, EU pool',
    severity: 'P1',
    severityReason: '5xx 61 per minute, limit 10',
    ...changes,
  })
  const page = () => ana.asks('incidents.byId', { ref: made.id })
  const record = async () =>
    (await ana.asks('incidents.timeline', { id: made.id, limit: 500 })).entries.toReversed()
  return { ana, id: made.id, name: made.name, page, record }
}

describe('declaring', () => {
  it('gives the next number, running clocks and the policy of this moment', async () => {
    const { page, record, name } = await declared()
    const incident = await page()
    expect(name).toMatch(/^INC-\d{4}$/)
    expect(incident).toMatchObject({ severity: 'P1', status: 'investigating', phase: 'triage', lastSeq: 1 })
    expect(incident.clocks.find((clock) => clock.id === 'response')).toMatchObject({
      dueAtMs: t0.getTime() + 15 * 60_000,
      owner: undefined,
    })
    expect(incident.policyHash).toMatch(/^[0-9a-f]{64}$/)
    expect((await record())[0]).toMatchObject({ seq: 1, kind: 'declared', source: 'human' })
  })

  it('never gives two incidents one number', async () => {
    const ana = await someone('commander')
    const made = await Promise.all(
      Array.from({ length: 6 }, () =>
        untilAnswered((key) => ana.does('incidents.declare', { title: 'x', severity: 'P4' }, key)),
      ),
    )
    expect(new Set(made.map((one) => one.number)).size).toBe(6)
  })

  it('numbers drills apart and keeps them out of the usual list', async () => {
    const { name, ana, id } = await declared({ drill: true, drillSpeed: 10, title: 'drill for the list' })
    expect(name).toMatch(/^DRILL-\d{4}$/)
    const usual = await ana.asks('incidents.list', { limit: 100 })
    expect(usual.incidents.map((one) => one.id)).not.toContain(id)
    const drills = await ana.asks('incidents.list', { drills: 'only', text: 'for the list' })
    expect(drills.incidents.map((one) => one.id)).toEqual([id])
  })

  it.each([
    ['the year 1', '0001-01-01T00:00:00Z', 'ancient'],
    ['the future', '2031-01-01T00:00:00Z', 'future'],
    ['no time at all', 'yesterday, after lunch', 'unreadable'],
  ])(
    'keeps an impossible start (%s) as it was given, marked, and does not believe it',
    async (_name, raw, doubt) => {
      const { page, record } = await declared({ impactStartedAt: raw })
      expect((await page()).impactStartedAtMs).toBeNull()
      expect((await record())[0]).toMatchObject({ claimed: raw, doubt, atMs: t0.getTime() })
    },
  )

  it('keeps text that the database would refuse', async () => {
    const { ana, id, record } = await declared()
    await ana.does('incidents.addNote', { id, text: 'nul \u0000 and half a pair \ud83d' })
    expect((await record()).at(-1)?.body.text).toBe('nul \uFFFD and half a pair \uFFFD')
  })
})

describe('the record', () => {
  it('I-REC-01 is contiguous under 20 writers at once, each note there once', async () => {
    const { id, record } = await declared()
    const writers = await Promise.all(Array.from({ length: 20 }, () => someone('responder')))
    const written = await Promise.all(
      writers.map(async (writer) => {
        const places: number[] = []
        for (const turn of [1, 2, 3]) {
          const note = { id, text: `${writer.handle} ${turn}` }
          places.push((await untilAnswered((key) => writer.does('incidents.addNote', note, key))).seq)
        }
        return places
      }),
    )
    expect(new Set(written.flat()).size).toBe(60)
    const entries = await record()
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_entry, index) => index + 1))
    expect(new Set(entries.map((entry) => entry.body.text)).size).toBe(61)
  }, 60_000)

  it('writes once for the same idempotency key, and once for the same entry id ever after', async () => {
    const { ana, id, record } = await declared()
    const key = randomUUID()
    const entryId = randomUUID()
    const note = { id, entryId, text: 'said once' }
    const first = await ana.does('incidents.addNote', note, key)
    expect(await ana.does('incidents.addNote', note, key)).toEqual(first)
    expect(await ana.does('incidents.addNote', note)).toEqual({ seq: first.seq, repeated: true })
    expect((await record()).filter((entry) => entry.kind === 'note')).toHaveLength(1)
  })

  it('refuses an entry id of another incident', async () => {
    const one = await declared()
    const other = await declared()
    const entryId = randomUUID()
    await one.ana.does('incidents.addNote', { id: one.id, entryId, text: 'here' })
    const error = await refusal(one.ana.does('incidents.addNote', { id: other.id, entryId, text: 'there' }))
    expect(error.code).toBe('key_reused')
  })

  it.each([
    ['UPDATE', 'UPDATE timeline_event SET actor = actor'],
    ['DELETE', 'DELETE FROM timeline_event'],
    ['TRUNCATE', 'TRUNCATE timeline_event'],
  ])('refuses %s by the database itself', async (_word, statement) => {
    await declared()
    await expect(console.hot.query(statement)).rejects.toThrow(/append-only/)
  })

  it('shows when it happened and how late it was told', async () => {
    const { ana, id, record } = await declared()
    await ana.does('incidents.addNote', { id, text: 'first call', claimedAt: '2026-11-18T02:13:00Z' })
    expect((await record()).at(-1)).toMatchObject({
      atMs: Date.parse('2026-11-18T02:13:00Z'),
      receivedAtMs: t0.getTime(),
      claimed: '2026-11-18T02:13:00Z',
      skewMs: 16 * 60_000 + 41_000,
      doubt: null,
    })
  })

  it('cuts by key, comms, machine and pins, and pages without holes', async () => {
    const { ana, id } = await declared()
    await ana.does('incidents.addNote', { id, text: 'a note' })
    await ana.does('incidents.pinEvidence', { id, title: 'p99', value: '4,620 ms', source: 'Prometheus' })
    await ana.does('incidents.recordUpdate', { id, audience: 'internal', text: 'We look into it.' })
    const kinds = async (filter: 'key' | 'all' | 'comms' | 'machine' | 'pins') =>
      (await ana.asks('incidents.timeline', { id, filter })).entries.map((entry) => entry.kind)
    expect(await kinds('all')).toEqual(['update', 'pin', 'note', 'declared'])
    expect(await kinds('key')).toEqual(['update', 'pin', 'declared'])
    expect(await kinds('comms')).toEqual(['update'])
    expect(await kinds('machine')).toEqual([])
    expect(await kinds('pins')).toEqual(['pin'])
    const first = await ana.asks('incidents.timeline', { id, limit: 3 })
    const rest = await ana.asks('incidents.timeline', { id, limit: 3, before: first.entries.at(-1)?.seq })
    expect([...first.entries, ...rest.entries].map((entry) => entry.seq)).toEqual([4, 3, 2, 1])
    const later = await ana.asks('incidents.timeline', { id, after: 2 })
    expect(later.entries.map((entry) => entry.seq)).toEqual([4, 3])
  })

  it('marks the time in which a source told nothing', async () => {
    const { page } = await declared({ impactStartedAt: '2026-11-18T02:00:00Z' })
    const row = (minute: number, after: string) => ({
      at: new Date(Date.parse('2026-11-18T02:00:00Z') + minute * 60_000),
      kind: 'source',
      subject: 'prometheus',
      before: 'clear',
      after,
      reason: 'timeout 10 s',
    })
    await console.db.healthEvent.createMany({
      data: [row(-3, 'unknown'), row(4, 'clear'), row(14, 'unknown')],
    })
    expect((await page()).gaps).toEqual([
      {
        source: 'prometheus',
        fromMs: Date.parse('2026-11-18T02:00:00Z'),
        toMs: Date.parse('2026-11-18T02:04:00Z'),
        reason: 'timeout 10 s',
      },
      {
        source: 'prometheus',
        fromMs: Date.parse('2026-11-18T02:14:00Z'),
        toMs: undefined,
        reason: 'timeout 10 s',
      },
    ])
  })
})

describe('answering and roles', () => {
  it('puts the first to answer in command, and the second answer changes nothing', async () => {
    const { id, page, record } = await declared()
    const li = await someone('responder')
    const bo = await someone('responder')
    expect(await li.does('incidents.acknowledge', { id })).toMatchObject({ isFirst: true, isCommander: true })
    expect(await bo.does('incidents.acknowledge', { id })).toMatchObject({
      isFirst: false,
      isCommander: false,
    })
    const incident = await page()
    expect(incident.roles.map(({ role, handle }) => [role, handle])).toEqual([['commander', li.handle]])
    expect(incident).toMatchObject({ phase: 'active' })
    expect((await record()).filter((entry) => entry.kind === 'acknowledged')).toHaveLength(1)
  })

  it('lets twelve people answer at once and ends with one commander', async () => {
    const { id, page } = await declared()
    const people = await Promise.all(Array.from({ length: 12 }, () => someone('responder')))
    const answers = await Promise.all(
      people.map((person) => untilAnswered((key) => person.does('incidents.acknowledge', { id }, key))),
    )
    expect(answers.filter((answer) => answer.isCommander)).toHaveLength(1)
    expect((await page()).roles.filter((one) => one.role === 'commander')).toHaveLength(1)
  }, 60_000)

  it('I-REC-06 refuses two commanders in the database itself', async () => {
    const { id } = await declared({ answer: true })
    const li = await someone('responder')
    await expect(
      console.db.roleAssignment.create({
        data: {
          id: randomUUID(),
          incidentId: id,
          role: 'commander',
          personId: li.id,
          handle: li.handle,
          assignedAt: t0,
          assignedBy: 'x',
        },
      }),
    ).rejects.toMatchObject({ code: 'P2002' })
  })

  it('does not leave an answered incident without a commander', async () => {
    const { ana, id } = await declared({ answer: true })
    const error = await refusal(
      ana.does('incidents.assignRole', { id, role: 'commander', personId: null, replaces: ana.id }),
    )
    expect(error.code).toBe('invalid')
  })

  it('tells the second of two who assign a role at once who is there now', async () => {
    const { ana, id } = await declared()
    const li = await someone('responder')
    const bo = await someone('comms')
    await ana.does('incidents.assignRole', { id, role: 'scribe', personId: li.id, replaces: null })
    const error = await refusal(
      ana.does('incidents.assignRole', { id, role: 'scribe', personId: bo.id, replaces: null }),
    )
    expect(error).toMatchObject({ code: 'conflict', current: { theirs: li.handle, yours: bo.handle } })
  })

  it('hands over only when it is accepted, by whom it was offered to', async () => {
    const { ana, id, page } = await declared({ answer: true })
    const li = await someone('commander')
    const bo = await someone('commander')
    await ana.does('incidents.offerHandover', {
      id,
      role: 'commander',
      toPersonId: li.id,
      pack: 'EU gateway, likely',
    })
    const offered = await page()
    expect(offered.roles[0]).toMatchObject({ handle: ana.handle, offer: { toHandle: li.handle } })
    expect(offered.obligations.map((one) => one.id)).toContain('handover:commander')
    expect((await refusal(bo.does('incidents.acceptHandover', { id, role: 'commander' }))).code).toBe(
      'forbidden',
    )
    await li.does('incidents.acceptHandover', { id, role: 'commander' })
    const after = await page()
    expect(after.roles.map((one) => one.handle)).toEqual([li.handle])
    expect(after.obligations.map((one) => one.id)).not.toContain('handover:commander')
    expect((await refusal(li.does('incidents.acceptHandover', { id, role: 'commander' }))).code).toBe(
      'conflict',
    )
  })

  it('a declined hand-over is no longer owed and the holder stays', async () => {
    const { ana, id, page } = await declared({ answer: true })
    const li = await someone('responder')
    await ana.does('incidents.offerHandover', { id, role: 'commander', toPersonId: li.id })
    await li.does('incidents.declineHandover', { id, role: 'commander', reason: 'on another one' })
    const incident = await page()
    expect(incident.roles[0]).toMatchObject({ handle: ana.handle, offer: null })
    expect(incident.obligations.map((one) => one.kind)).not.toContain('handover')
  })

  it('a role that is free can be taken, one that is held can not', async () => {
    const { id } = await declared()
    const bo = await someone('comms')
    const li = await someone('responder')
    await bo.does('incidents.takeRole', { id, role: 'communications' })
    expect((await refusal(li.does('incidents.takeRole', { id, role: 'communications' }))).code).toBe(
      'conflict',
    )
    expect((await refusal(li.does('incidents.takeRole', { id, role: 'commander' }))).code).toBe('forbidden')
    await bo.does('incidents.leaveRole', { id, role: 'communications' })
    await li.does('incidents.takeRole', { id, role: 'communications' })
  })
})

describe('overwrites', () => {
  it('I-REC-02 shows both versions when two change one field, and overwrites nothing', async () => {
    const { ana, id, page } = await declared({ severity: 'P3' })
    const li = await someone('commander')
    const { version } = await page()
    await li.does('incidents.setSeverity', { id, version, to: 'P1' })
    const error = await refusal(ana.does('incidents.setSeverity', { id, version, to: 'P2' }))
    expect(error).toMatchObject({
      code: 'conflict',
      current: { field: 'severity', theirs: 'P1', yours: 'P2', by: li.handle, version: version + 1 },
    })
    expect((await page()).severity).toBe('P1')
  })

  it('lets two change different fields at once', async () => {
    const { ana, id, page } = await declared()
    const { version } = await page()
    await ana.does('incidents.setTitle', { id, version, to: 'Inference 503s, EU and US' })
    await ana.does('incidents.setSeverity', { id, version, to: 'P2', reason: 'US is back' })
    expect(await page()).toMatchObject({ title: 'Inference 503s, EU and US', severity: 'P2' })
  })

  it('of ten who change the title at once one wins and nine are told', async () => {
    const { ana, id, page, record } = await declared()
    const { version } = await page()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        ana.does('incidents.setTitle', { id, version, to: `title ${index}` }),
      ),
    )
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    expect((await record()).filter((entry) => entry.kind === 'title')).toHaveLength(1)
  }, 60_000)

  it('raises without a reason and lowers only with one', async () => {
    const { ana, id, page } = await declared({ severity: 'P2' })
    await ana.does('incidents.setSeverity', { id, version: (await page()).version, to: 'P1' })
    const { version } = await page()
    const error = await refusal(ana.does('incidents.setSeverity', { id, version, to: 'P3' }))
    expect(error).toMatchObject({ code: 'invalid', issues: [{ path: 'reason' }] })
    await ana.does('incidents.setSeverity', { id, version, to: 'P3', reason: 'fallback carries it' })
  })

  it('acknowledging and noting never conflict with an overwrite', async () => {
    const { ana, id, page } = await declared()
    const { version } = await page()
    await ana.does('incidents.setTitle', { id, version, to: 'another title' })
    await ana.does('incidents.acknowledge', { id })
    await ana.does('incidents.addNote', { id, text: 'still here' })
    expect((await page()).version).toBe(version + 1)
  })
})

describe('resolving, reopening, merging', () => {
  it('refuses to resolve over open obligations, lists them, and takes a waiver', async () => {
    const { ana, id, page, record } = await declared({ answer: true })
    await ana.does('incidents.addTask', { id, text: 'drain host 8841', ownerId: ana.id, minutes: 10 })
    const { version } = await page()
    const error = await refusal(ana.does('incidents.setStatus', { id, version, to: 'resolved' }))
    expect(error.issues).toEqual([{ path: 'waiver', message: `drain host 8841: ${ana.handle}` }])
    expect(error.current).toMatchObject({ obligations: [{ kind: 'task' }] })
    await ana.does('incidents.setStatus', { id, version, to: 'resolved', waiver: 'host is gone' })
    expect(await page()).toMatchObject({ status: 'resolved', phase: 'resolved' })
    expect((await record()).at(-1)?.body).toMatchObject({ waiver: 'host is gone' })
  })

  it('resolves freely when nothing is owed, and reopens with a reason', async () => {
    const { ana, id, page } = await declared({ answer: true, severity: 'P3' })
    await ana.does('incidents.setStatus', { id, version: (await page()).version, to: 'monitoring' })
    await ana.does('incidents.setStatus', {
      id,
      version: (await page()).version,
      to: 'identified',
      reason: 'back',
    })
    await ana.does('incidents.setStatus', { id, version: (await page()).version, to: 'resolved' })
    const { version } = await page()
    expect((await refusal(ana.does('incidents.setStatus', { id, version, to: 'investigating' }))).code).toBe(
      'conflict',
    )
    await ana.does('incidents.reopen', { id, version, reason: '503s again' })
    expect(await page()).toMatchObject({ status: 'investigating', phase: 'active', resolvedAtMs: null })
  })

  it('an open public notice blocks resolving until an update says resolved', async () => {
    const { ana, id, page } = await declared({ answer: true, visibility: 'public' })
    await ana.does('incidents.recordUpdate', {
      id,
      audience: 'public',
      text: 'We look into failed requests.',
    })
    const error = await refusal(
      ana.does('incidents.setStatus', { id, version: (await page()).version, to: 'resolved' }),
    )
    expect(error.issues[0]?.message).toContain('Close the public notice')
    await ana.does('incidents.recordUpdate', {
      id,
      audience: 'public',
      text: 'It works again.',
      status: 'resolved',
    })
    await ana.does('incidents.setStatus', { id, version: (await page()).version, to: 'resolved' })
    expect((await page()).obligations).toEqual([])
  })

  it('keeps customers out of an internal incident, and responders out of public updates', async () => {
    const { ana, id } = await declared()
    const li = await someone('responder')
    const update = { id, audience: 'public', text: 'x' } as const
    expect((await refusal(ana.does('incidents.recordUpdate', update))).code).toBe('invalid')
    expect((await refusal(li.does('incidents.recordUpdate', update))).code).toBe('forbidden')
  })

  it('merges: the one closes into the other, links move, and work goes on there', async () => {
    const one = await declared({ origin: { kind: 'alert', ref: 'api-5xx', title: 'API down' } })
    const other = await declared({ title: 'Provider API down' })
    await one.ana.does('incidents.merge', { id: one.id, into: other.id, reason: 'same cause' })
    expect(await one.page()).toMatchObject({ status: 'resolved', mergedInto: { title: 'Provider API down' } })
    expect((await other.page()).links.map(({ kind, ref }) => [kind, ref])).toEqual([['incident', one.name]])
    expect((await other.ana.asks('incidents.alerts', { id: other.id })).rows).toMatchObject([
      { ref: 'api-5xx' },
    ])
    expect(
      (await refusal(one.ana.does('incidents.addNote', { id: one.id, text: 'late' }))).message,
    ).toContain(other.name)
    expect((await other.record()).at(-1)).toMatchObject({ kind: 'merged-from', body: { from: one.name } })
  })

  it('two incidents that are merged into each other at once end as one', async () => {
    const one = await declared()
    const other = await declared()
    const outcomes = await Promise.allSettled([
      one.ana.does('incidents.merge', { id: one.id, into: other.id }),
      one.ana.does('incidents.merge', { id: other.id, into: one.id }),
    ])
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('does not merge while tasks are open, nor a drill with an incident', async () => {
    const one = await declared()
    const other = await declared()
    const drill = await declared({ drill: true })
    expect((await refusal(one.ana.does('incidents.merge', { id: drill.id, into: one.id }))).code).toBe(
      'invalid',
    )
    await one.ana.does('incidents.addTask', { id: one.id, text: 't', ownerId: one.ana.id, minutes: 5 })
    expect((await refusal(one.ana.does('incidents.merge', { id: one.id, into: other.id }))).code).toBe(
      'conflict',
    )
  })
})

describe('tasks, pauses, lists', () => {
  it('a task is accepted by its owner and finished once', async () => {
    const { ana, id, page, record } = await declared()
    const li = await someone('responder')
    const { taskId } = await ana.does('incidents.addTask', { id, text: 'drain', ownerId: li.id, minutes: 10 })
    expect((await refusal(ana.does('incidents.ackTask', { taskId }))).code).toBe('forbidden')
    await li.does('incidents.ackTask', { taskId })
    await li.does('incidents.ackTask', { taskId })
    await li.does('incidents.finishTask', { taskId, outcome: 'done', result: '8 of 8 moved' })
    await li.does('incidents.finishTask', { taskId, outcome: 'done' })
    expect(await refusal(ana.does('incidents.finishTask', { taskId, outcome: 'dropped' }))).toMatchObject({
      code: 'conflict',
      current: { theirs: 'done', yours: 'dropped', by: li.handle },
    })
    expect((await page()).tasks[0]).toMatchObject({ isAcknowledged: true, outcome: 'done' })
    expect((await record()).map((entry) => entry.kind)).toEqual([
      'declared',
      'task',
      'task-acknowledged',
      'task-finished',
    ])
  })

  it('a tick that was made offline keeps the time at which it was made', async () => {
    const { ana, id, record } = await declared()
    const { taskId } = await ana.does('incidents.addTask', {
      id,
      text: 'drain',
      ownerId: ana.id,
      minutes: 10,
    })
    const claimedAt = new Date(console.clock.now().getTime() - 600_000).toISOString()
    await ana.does('incidents.ackTask', { taskId, claimedAt })
    await ana.does('incidents.finishTask', { taskId, outcome: 'done', claimedAt })
    expect((await record()).filter(({ claimed }) => claimed === claimedAt).map(({ kind }) => kind)).toEqual([
      'task-acknowledged',
      'task-finished',
    ])
  })

  it('clocks pause for a reason of the policy only', async () => {
    const { ana, id, page } = await declared()
    expect((await refusal(ana.does('incidents.pauseClocks', { id, reason: 'lunch' }))).code).toBe('invalid')
    await ana.does('incidents.pauseClocks', { id, reason: 'provider' })
    const paused = (await page()).clocks.filter((clock) => clock.paused !== undefined)
    expect(paused.map((clock) => clock.id).sort()).toEqual(['executive', 'update:internal'])
    await ana.does('incidents.resumeClocks', { id })
    expect((await page()).clocks.filter((clock) => clock.paused !== undefined)).toEqual([])
  })

  it('the open list puts the next due clock first, and what is mine is mine', async () => {
    const slow = await declared({ severity: 'P3', title: 'slow one' })
    const fast = await declared({ severity: 'P1', title: 'fast one' })
    const li = await someone('responder')
    await fast.ana.does('incidents.addTask', { id: fast.id, text: 'mine', ownerId: li.id, minutes: 3 })
    const { incidents } = await li.asks('incidents.open', {})
    const ids = incidents.map((one) => one.id)
    expect(ids.indexOf(fast.id)).toBeLessThan(ids.indexOf(slow.id))
    expect(incidents.find((one) => one.id === fast.id)?.next).toMatchObject({
      kind: 'task',
      owner: li.handle,
    })
    const mine = await li.asks('incidents.obligations', { mine: true })
    expect(mine.map((one) => [one.incident, one.title])).toEqual([[fast.name, 'mine']])
  })

  it('finds an incident by its name and says so when there is none', async () => {
    const { ana, id, name } = await declared()
    expect((await ana.asks('incidents.byId', { ref: name.toLowerCase() })).id).toBe(id)
    expect((await refusal(ana.asks('incidents.byId', { ref: 'INC-999999' }))).code).toBe('not_found')
    expect((await refusal(ana.asks('incidents.byId', { ref: 'nothing' }))).code).toBe('not_found')
  })
})
