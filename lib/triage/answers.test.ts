import { expect, test } from 'vitest'
import { emptyBook, noteListed } from '../health/fleet-book'
import type { QueueObservation } from '../health/model'
import { DEFAULT_HEALTH_POLICY } from '../health/policy'
import type { ListedInstance } from '../health/ports'
import { createScene } from '../health/scene'
import type { Reading } from '../sources/reading'
import { diagnose } from './diagnose'
import { readingLook } from './look'
import { looksOf } from './looks'
import type { Look, Memory, Override } from './model'
import { calmLooks, lookOf, stateIn } from './policy-cases'
import { judge } from './predicate'
import { NOTHING_SEEN, type Sight } from './sight'
import { shipped } from './testing/shipped'
import { headline } from './view'

const nowMs = 1_800_000_000_000
const { forest } = await shipped()

function run(
  looks: Readonly<Record<string, Look>>,
  more: {
    readonly overrides?: Record<string, Override>
    readonly memory?: Memory
    readonly nowMs?: number
  } = {},
) {
  const input = {
    forest,
    looks: { ...calmLooks(more.nowMs ?? nowMs), ...looks },
    overrides: {},
    memory: {},
    nowMs,
    ...more,
  }
  const { diagnosis, memory } = diagnose(input)
  const asked = (id: string) => diagnosis.asked.find((it) => it.id === id)
  return { diagnosis, memory, asked }
}

const look = (name: string, value: Parameters<typeof lookOf>[1], at = nowMs) => ({
  [name]: lookOf(name, value, at),
})

test.each([
  [{ above: 10 }, 11, 11, 'yes'],
  [{ above: 10 }, 10, 10, 'no'],
  [{ above: 10 }, 8, 12, 'unknown'],
  [{ atLeast: 1 }, 0, 3, 'unknown'],
  [{ atLeast: 1 }, 1, 3, 'yes'],
  [{ atMost: 0 }, 0, 2, 'unknown'],
  [{ below: 5 }, 0, 4, 'yes'],
])('T-ANS-01 %o over a number between %d and %d is %s', (when, low, high, answer) => {
  expect(judge(when, low, high)).toBe(answer)
})

test('T-ANS-02 a look past its time is stale, and one that failed only just now still stands', () => {
  const { asked } = run(look('api.server-errors', 61, nowMs - 301_000))
  expect(asked('api-5xx')).toMatchObject({ answer: 'stale', evidence: { value: '61 /min' } })
  expect(run(look('api.server-errors', 61, nowMs - 299_000)).asked('api-5xx')?.answer).toBe('yes')
  const failed = (ageMs: number): Reading<number> => ({
    kind: 'unknown',
    why: 'source_unreachable',
    source: 'prometheus',
    since: new Date(nowMs),
    last: { value: 61, observedAt: new Date(nowMs - ageMs) },
  })
  expect(readingLook('api.server-errors', failed(29_000), nowMs)).toMatchObject({ kind: 'known', low: 61 })
  expect(readingLook('api.server-errors', failed(31_000), nowMs)).toMatchObject({
    kind: 'unknown',
    why: 'source_unreachable',
    last: { words: '61 /min' },
  })
})

test('T-ANS-03 evidence shows value, predicate, source, instant and query; a missing answer says why and the way round', () => {
  expect(run(look('api.server-errors', 61)).asked('api-5xx')?.evidence).toMatchObject({
    value: '61 /min',
    predicate: '> 10 /min',
    source: 'Prometheus',
    observedAtMs: nowMs,
    query: expect.stringContaining('vastai_errors_total'),
  })
  expect(run(look('api.server-errors', 'unknown')).asked('api-5xx')?.evidence).toMatchObject({
    why: 'source unreachable',
    wayRound: expect.stringContaining('backup metrics source'),
  })
})

test('T-ANS-04 T-LAW-06 a person’s answer stands beside the machine’s, and makes a leaf likely at most', () => {
  const answer = { answer: 'yes', by: 'ana', reason: 'ticket 88213', atMs: nowMs } as const
  const { asked, diagnosis } = run(look('api.server-errors', 61), { overrides: { 'page-reports': answer } })
  expect(asked('page-reports')).toMatchObject({ answer: 'yes', machine: 'no', override: { by: 'ana' } })
  expect(stateIn(diagnosis, 'provider.outage')).toBe('likely')
})

test('T-ANS-05 an unknown in between keeps the clock of what held, a plain no starts it anew', () => {
  const at = (seconds: number, value: number | 'unknown', memory: Memory) =>
    run(
      {
        ...look('api.server-errors', value, nowMs + seconds * 1000),
        ...look('page.operational', true, nowMs + seconds * 1000),
      },
      { memory, nowMs: nowMs + seconds * 1000 },
    )
  const first = at(0, 61, {})
  const blind = at(300, 'unknown', first.memory)
  expect(blind.asked('failing-held')?.answer).not.toBe('yes')
  expect(at(601, 61, blind.memory).asked('failing-held')?.answer).toBe('yes')
  const calm = at(300, 0, first.memory)
  expect(at(601, 61, calm.memory).asked('failing-held')?.answer).toBe('no')
})

test('T-LEAF-01 T-LEAF-02 the graver cause stands first, what it explains under it, and the possible after both', () => {
  const { diagnosis } = run({
    ...look('account.credit', 0),
    ...look('fleet.stopped-unwanted', 8),
    ...look('sources.blind', 1),
    ...look('gpus.fell-off-bus', 1),
    ...look('instances.outbid', [0, 1]),
  })
  const order = diagnosis.causes.map((cause) =>
    `${cause.leaf} ${cause.state} ${cause.explainedBy ?? ''}`.trim(),
  )
  expect(order.slice(0, 3)).toEqual([
    'account.credit-exhausted certain',
    'telemetry.blind certain account.credit-exhausted',
    'gpu.fell-off-bus certain',
  ])
  expect(order.slice(3).every((it) => it.includes('possible'))).toBe(true)
})

test('T-LAW-05 a lost host explains only what happens on its own machines', () => {
  const on = (name: string, subjects: readonly string[]) => ({
    [name]: { ...lookOf(name, subjects.length, nowMs), subjects } as Look,
  })
  const lost = ['instance:1', 'instance:2']
  const base = { ...on('hosts.status-lost', lost), ...on('hosts.dead', lost) }
  const same = run({ ...base, ...on('workers.stopped', ['instance:2']) }).diagnosis
  const other = run({ ...base, ...on('workers.stopped', ['instance:7']) }).diagnosis
  const parent = (found: typeof same) =>
    found.causes.find((cause) => cause.leaf === 'workers.stopped')?.explainedBy
  expect([parent(same), parent(other)]).toEqual(['host.offline', null])
})

test('T-LEAF-03 a symptom that no firm cause explains is named', () => {
  const { diagnosis } = run({
    ...look('queues.waiting', 1),
    ...look('queues.backlog', 1),
    ...look('workers.silent', 1),
    ...look('workers.wedged', [0, 1]),
  })
  expect(diagnosis.unexplained).toEqual(expect.arrayContaining(['queue-waits', 'pollers-went-silent']))
  expect(headline(diagnosis.causes.map((cause) => ({ ...cause, title: cause.leaf })))).toContain('possible')
})

test('T-LEAF-04 the severity is the first cause’s, and a blind eye wakes nobody for an outage', () => {
  expect(run(look('api.server-errors', 61)).diagnosis.severity).toMatchObject({
    severity: 'P2',
    leaf: 'provider.errors',
  })
  const worse = { ...look('api.server-errors', 61), ...look('api.error-ratio', 80) }
  expect(run(worse).diagnosis.severity).toMatchObject({ severity: 'P1' })
  const blind = run({
    ...look('sources.blind', 1),
    ...look('api.server-errors', 'unknown'),
    ...look('page.incident', 'unknown'),
  })
  expect(blind.diagnosis.severity).toMatchObject({ severity: 'P2', leaf: 'telemetry.blind' })
})

const known = <T>(value: T, atMs: number): Reading<T> => ({
  kind: 'known',
  value,
  unit: '',
  source: 'test',
  observedAt: new Date(atMs),
})
const none = <T>(): Reading<T> => ({
  kind: 'unknown',
  why: 'not_supported',
  source: 'test',
  since: new Date(nowMs),
})

/** An instance that the provider calls offline since two minutes, whose agent and poller were last heard at these ages. */
function lostInstance(ages: { readonly agentSeconds?: number; readonly pollSeconds?: number }): Sight {
  const listed: ListedInstance = {
    id: '9100001',
    machineId: '1',
    hostId: '7',
    label: '',
    region: 'eu',
    gpuModel: 'RTX 4090',
    gpuCount: 1,
    image: 'worker',
    actual: known('offline', nowMs),
    intended: known('running', nowMs),
    allocation: known('running', nowMs),
    statusText: '',
    dollarsPerHour: none(),
    storageDollarsPerHour: none(),
    interruptible: false,
    diskUsedShare: none(),
    gpuUtilPercent: none(),
    gpuTempC: none(),
    vramUsedMib: none(),
    probe: none(),
    observedAt: new Date(nowMs),
  }
  const book = emptyBook()
  const scene = createScene()
  const now = new Date(nowMs)
  noteListed(book, { instances: [listed], gone: [] }, now)
  const agentAt = ages.agentSeconds === undefined ? undefined : new Date(nowMs - ages.agentSeconds * 1000)
  const instance = { ...listed, ...(agentAt ? { agentAt } : {}) }
  const verdict = { rating: 'warning', code: 'host.offline', reason: 'offline' } as const
  const queue: QueueObservation = {
    name: 'video@gpu',
    type: 'activity',
    backlog: known(0, nowMs),
    oldestSeconds: known(0, nowMs),
    addPerSecond: known(0, nowMs),
    dispatchPerSecond: known(0, nowMs),
    pollers: known([], nowMs),
    rateLimited: known(false, nowMs),
    everSeen: true,
  }
  scene.setQueue(queue)
  const source = (id: string, kind: 'temporal' | 'vast') =>
    ({ id, kind, title: id, state: 'live', failures: 0, detail: '', intervalMs: 15_000 }) as const
  const rated = scene.rate({
    now,
    policy: DEFAULT_HEALTH_POLICY,
    sources: [source('temporal', 'temporal'), source('vast', 'vast')],
    book,
  })
  const world = { ...rated.rated.world, instances: new Map([[instance.id, instance]]) }
  return {
    nowMs,
    rated: { ...rated.rated, world, instances: new Map([[instance.id, verdict]]) },
    planes: rated.planes,
    policy: DEFAULT_HEALTH_POLICY,
    metrics: undefined,
    comparison: undefined,
    cluster: undefined,
    memory: {
      ...NOTHING_SEEN,
      lost: { [instance.id]: nowMs - 120_000 },
      polled:
        ages.pollSeconds === undefined
          ? new Map()
          : new Map([[instance.id, new Map([['video@gpu', nowMs - ages.pollSeconds * 1000]])]]),
    },
    symptomAtMs: null,
  }
}

test.each([
  ['a report since it was lost', { agentSeconds: 10 }, { alive: [1, 1], dead: [0, 0] }],
  ['a poll from before it was lost', { pollSeconds: 125 }, { alive: [0, 1], dead: [0, 1] }],
  ['two ways that fell silent', { agentSeconds: 130, pollSeconds: 130 }, { alive: [0, 0], dead: [1, 1] }],
  ['nothing that ever saw it', {}, { alive: [0, 1], dead: [0, 1] }],
])('T-LOOK-01 a machine that the provider calls lost, with %s', (_name, ages, expected) => {
  const looks = looksOf(lostInstance(ages))
  const span = (name: string) => {
    const found = looks[name]
    return found?.kind === 'known' ? [found.low, found.high] : found
  }
  expect({ alive: span('hosts.alive'), dead: span('hosts.dead') }).toEqual(expected)
})

test('T-LOOK-02 T-LOOK-03 a page for people only is silent; what nobody connected is unknown and says so', () => {
  const sight = lostInstance({})
  const page = { indicator: none<'none'>(), description: '', incidents: [], machineReadable: false }
  const looks = looksOf({
    ...sight,
    rated: { ...sight.rated, world: { ...sight.rated.world, providerPage: page } },
  })
  expect(looks['page.silent']).toMatchObject({ low: 1 })
  expect(looks['page.incident']).toMatchObject({ high: 0 })
  expect(looks['page.operational']).toMatchObject({ kind: 'unknown' })
  for (const name of ['pods.restarting', 'changes.recent', 'api.share-401', 'drift.lost'])
    expect(looks[name]).toMatchObject({ kind: 'unknown', why: 'not_connected' })
})
