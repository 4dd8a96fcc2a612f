import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { EMPTY_BOARD } from '../health/publisher'
import type { Board, Figure } from '../health/wire'
import { judgeHeartbeat } from './heartbeat'
import { type AlertRule, alertsPolicySchema, DEFAULT_ALERTS_POLICY } from './policy'
import { evaluateRules, type TriggerMemory } from './rules'

const shipped = alertsPolicySchema.parse(parse(readFileSync('runbooks/policy/alerts.yaml', 'utf8')))
const t0 = Date.parse('2026-11-18T02:30:00Z')
const hashOf = (rule: AlertRule): string => `hash of ${rule.id} ${rule.holdSeconds}`

function figure(value: number | null): Figure {
  return {
    value,
    unit: '/min',
    rating: value === null ? 'unknown' : 'clear',
    at: t0 / 1_000,
    source: 'prometheus',
  }
}

function boardWith(api: Partial<Board['api']>, rest: Partial<Board> = {}): Board {
  return { ...EMPTY_BOARD, ...rest, api: { ...EMPTY_BOARD.api, ...api } }
}

type Told = readonly [tick: number, name: string, status: string]

/** Runs boards over the grid, one a tick; undefined is a tick at which nobody looked. */
function tell(boards: readonly (Board | 'no board' | undefined)[], policy = shipped): Told[] {
  let memory: TriggerMemory = {}
  const told: Told[] = []
  for (const [tick, board] of boards.entries()) {
    if (board === undefined) continue
    const now = new Date(t0 + tick * 15_000)
    const input = { policy, hashOf, board: board === 'no board' ? undefined : board, memory, now }
    const result = evaluateRules(input)
    expect(evaluateRules({ ...input, memory: result.memory }).messages).toEqual([])
    memory = JSON.parse(JSON.stringify(result.memory))
    for (const message of result.messages) told.push([tick, message.fingerprint, message.status])
  }
  return told
}

const repeat = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)

describe('our own rules', () => {
  it.each([
    ['API down', { serverErrors: figure(10.5) }, 'api.down', 2],
    ['auth failures, at once', { authErrors: figure(0.5) }, 'api.auth', 0],
    ['high latency', { p99: figure(5_001) }, 'api.latency', 4],
    ['rate limited', { rateLimited: figure(6) }, 'api.rate-limited', 2],
    ['error rate', { errorRatio: figure(1.5) }, 'api.error-rate', 20],
    ['p95', { p95: figure(501) }, 'api.p95', 20],
  ] as const)('A-RUL-01 %s fires after its hold', (_name, api, id, tick) => {
    expect(tell(repeat(40, boardWith(api)))).toEqual([[tick, id, 'firing']])
  })

  it.each([
    ['serverErrors', 10],
    ['authErrors', 0],
    ['p99', 5_000],
    ['rateLimited', 5],
    ['errorRatio', 1],
    ['p95', 500],
  ] as const)('A-RUL-01 %s at its limit is not beyond it', (name, value) => {
    expect(tell(repeat(60, boardWith({ [name]: figure(value) })))).toEqual([])
  })

  it('A-HST-01 each instance has its own trigger, and one whose agent is silent neither fires nor ends', () => {
    const host = (
      instanceId: string,
      memoryPercent: number | undefined,
      cpuLoadPercent: number | undefined,
    ) => ({
      instanceId,
      at: new Date(t0),
      memoryPercent,
      cpuLoadPercent,
    })
    let memory: TriggerMemory = {}
    const told: Told[] = []
    for (let tick = 0; tick < 60; tick += 1) {
      const hosts = [host('full', 91, 70), host('busy', 70, 88), host('dark', undefined, undefined)]
      if (tick > 30) hosts.shift()
      const now = new Date(t0 + tick * 15_000)
      const result = evaluateRules({ policy: shipped, hashOf, board: EMPTY_BOARD, hosts, memory, now })
      memory = result.memory
      for (const message of result.messages) told.push([tick, message.fingerprint, message.status])
    }
    expect(told).toEqual([
      [8, 'host.memory-critical/full', 'firing'],
      [20, 'host.memory/full', 'firing'],
      [40, 'host.cpu/busy', 'firing'],
    ])
  })

  it('A-RUL-02 what is not known neither fires nor ends anything', () => {
    const broken = boardWith({ serverErrors: figure(20) })
    expect(tell(repeat(60, EMPTY_BOARD))).toEqual([])
    expect(tell([...repeat(5, broken), ...repeat(200, EMPTY_BOARD)])).toEqual([[2, 'api.down', 'firing']])
    expect(tell([...repeat(5, broken), ...repeat(200, 'no board' as const)])).toEqual([
      [2, 'api.down', 'firing'],
    ])
  })

  it('A-RUL-02 ticks that nobody looked at are missing data: a restart does not fire what was not seen to last', () => {
    const slow = boardWith({ p99: figure(9_000) })
    expect(tell([slow, slow, undefined, undefined, slow, slow, slow])).toEqual([[6, 'api.latency', 'firing']])
    expect(tell([slow, slow, ...repeat(10, undefined), slow, slow, slow])).toEqual([])
  })

  it('A-RUL-03 two good ticks end an episode, and a new stretch is a new one', () => {
    const bad = boardWith({ authErrors: figure(3) })
    const good = boardWith({ authErrors: figure(0) })
    expect(tell([bad, good, bad, good, good, bad])).toEqual([
      [0, 'api.auth', 'firing'],
      [4, 'api.auth', 'resolved'],
      [5, 'api.auth', 'firing'],
    ])
  })

  it('A-RUL-04 a rule on services keeps one trigger for each, also while the list is empty for a moment', () => {
    const service = (id: string, rating: 'breach' | 'clear') =>
      ({ id, rating, reason: `${id} is down` }) as Board['services'][number]
    const both = { ...EMPTY_BOARD, services: [service('a', 'breach'), service('b', 'clear')] }
    expect(tell([...repeat(10, both), ...repeat(20, EMPTY_BOARD), both])).toEqual([
      [8, 'service.failing/a', 'firing'],
    ])
    expect(tell([...repeat(10, both), ...repeat(60, EMPTY_BOARD)])).toEqual([
      [8, 'service.failing/a', 'firing'],
      [50, 'service.failing/a', 'resolved'],
    ])
  })

  it('A-RUL-05 an episode keeps the hash of the rule that it began under; a rule that is gone ends it', () => {
    const rule = shipped.rules.find((one) => one.id === 'api.auth') as AlertRule
    const only = (changes: Partial<AlertRule>[]) => ({
      ...shipped,
      rules: changes.map((change) => ({ ...rule, ...change })),
    })
    const bad = boardWith({ authErrors: figure(3) })
    const input = { hashOf, board: bad, memory: {}, now: new Date(t0), policy: only([{}]) }
    const first = evaluateRules(input)
    expect(first.messages[0]?.policyHash).toBe('hash of api.auth 0')
    const later = new Date(t0 + 15_000)
    const changed = evaluateRules({
      ...input,
      memory: first.memory,
      now: later,
      policy: only([{ holdSeconds: 600 }]),
    })
    expect(changed.messages).toEqual([])
    expect(changed.memory['api.auth']).toMatchObject({
      hash: 'hash of api.auth 0',
      state: { phase: 'firing' },
    })
    const gone = evaluateRules({ ...input, memory: first.memory, now: later, policy: only([]) })
    expect(gone.messages).toMatchObject([{ fingerprint: 'api.auth', status: 'resolved' }])
  })
})

describe('the heartbeat', () => {
  const policy = DEFAULT_ALERTS_POLICY.heartbeat
  const at = (seconds: number): Date => new Date(t0 + seconds * 1_000)

  it.each([
    ['was never delivered: nobody promised one', undefined, undefined, 9_999, undefined],
    ['came within twice its interval', 0, undefined, 120, undefined],
    ['is late', 0, undefined, 121, 'firing'],
    ['is still late: said once', 0, 120, 500, undefined],
    ['came back', 490, 120, 500, 'resolved'],
  ] as const)('A-BEA-01 %s', (_name, last, blind, now, status) => {
    const heartbeat = {
      lastDeliveredAt: last === undefined ? undefined : at(last),
      blindSince: blind === undefined ? undefined : at(blind),
      expectedSince: at(0),
    }
    const message = judgeHeartbeat(heartbeat, policy, at(now))
    expect(message?.status).toBe(status)
    if (message) expect(message.startsAt).toEqual(at(120))
  })

  it('A-BEA-02 one that is required is missed even if it never came', () => {
    const heartbeat = { lastDeliveredAt: undefined, blindSince: undefined, expectedSince: at(0) }
    expect(judgeHeartbeat(heartbeat, { ...policy, required: true }, at(120))).toBeUndefined()
    expect(judgeHeartbeat(heartbeat, { ...policy, required: true }, at(121))?.fingerprint).toBe(
      'telemetry.blind',
    )
  })
})
