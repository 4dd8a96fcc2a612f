import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import type { SteppedClock } from '../platform/clock'
import { t0, testConsole } from '../platform/testing/database'
import { refusal } from '../platform/testing/refusal'
import type { CommandInput } from '../registry'
import { declaredIn, untilAnswered } from './testing/declared'

let console: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

const someone = (...roles: readonly Role[]) => somebodyIn(console, roles)
const declared = (changes?: Partial<CommandInput<'incidents.declare'>>) => declaredIn(console, changes)

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
