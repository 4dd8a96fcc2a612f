import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Look } from '../deployers/deployer'
import { beginCore } from './begin'
import { type Core, RUNGS, type Step, TICK_MS, type Tick } from './model'
import { order } from './orders'
import { ROLLOUT_POLICY } from './policy'
import { changesSince, standOf } from './stand'
import { turn } from './turn'

const policy = ROLLOUT_POLICY.parse(parse(readFileSync('runbooks/policy/rollouts.yaml', 'utf8')))
const NOW = 1_800_000_000_000
const by = { handle: 'ben', isRequester: false }
const reason = 'the traffic is low at night'

function coreAt(step: Partial<Step>, more: Partial<Core> = {}): Core {
  const core = beginCore({
    steps: [
      { percent: 10, minutes: 10 },
      { percent: 100, minutes: 10 },
    ],
    environment: 'production',
    rungs: RUNGS,
    policy,
    nowMs: NOW - 20 * 60_000,
  })
  const [first, ...rest] = core.steps
  return { ...core, steps: first ? [{ ...first, ...step }, ...rest] : rest, ...more }
}

function ticksAt(nowMs: number, p95: number): Tick[] {
  return Array.from({ length: 8 }, (_, index) => ({
    atMs: nowMs - (7 - index) * TICK_MS,
    tracks: {
      canary: {
        requests: 1,
        values: { error_ratio: 0.2, p95, p99: 900, health: 1, memory: 40 },
        unseen: {},
      },
    },
  }))
}

const REACHED: Look = {
  kind: 'seen',
  reached: true,
  exposurePercent: 10,
  achievablePercent: 10,
  isOldEverywhere: false,
  ready: { fresh: 1, freshReady: 1, all: 10 },
  foreign: null,
  failed: null,
  detail: '',
}

function asked(core: Core, p95: number) {
  return turn(core, {
    nowMs: NOW,
    look: REACHED,
    settleMs: 1_000,
    ticks: ticksAt(NOW, p95),
    denies: [],
    environment: 'production',
    policy,
  })
}

describe('what a person decides is bound to what they saw', () => {
  const holding = coreAt({ state: 'holding', holdReason: 'low-sample' })
  it.each([
    ['seconds and figures', { requests: 12, exposurePercent: 11 }, {}, ''],
    ['waiting longer for the same', { state: 'inconclusive' as const }, {}, ''],
    [
      'another doubt',
      { holdReason: 'marginal' as const },
      {},
      'it waited because of low sample, and now because of marginal',
    ],
    ['another step', {}, { at: 1 }, 'it was at step 1, and is at step 2 now'],
    ['a pause meanwhile', {}, { state: 'paused' as const }, 'it was in progress, and is paused now'],
  ])('R-ORD-02 %s', (_, step, more, changes) => {
    const [first, ...rest] = holding.steps
    const now = { ...holding, steps: first ? [{ ...first, ...step }, ...rest] : rest, ...more }
    expect(changesSince(standOf(holding), standOf(now))).toBe(changes)
  })

  it('R-ORD-03 a doubt that was accepted opens the gate for this doubt, and for no other one', () => {
    const waiting = coreAt(
      {
        state: 'holding',
        holdReason: 'low-sample',
        beganMs: NOW - 15 * 60_000,
        observedMs: NOW - 12 * 60_000,
        dueMs: NOW - 2 * 60_000,
        heldSinceMs: NOW - 2 * 60_000,
      },
      { lastTickMs: NOW - 8 * TICK_MS },
    )
    const ordered = order(waiting, { verb: 'accept', reason }, { by, nowMs: NOW, policy })
    if (!ordered.ok) throw new Error(ordered.why)
    expect(asked(ordered.turned.core, 310).decision).toMatchObject({ verb: 'pass' })
    const other = {
      ...ordered.turned.core,
      steps: ordered.turned.core.steps.map((one) => ({ ...one, requests: 80 })),
    }
    expect(asked(other, 700).decision).toMatchObject({ verb: 'hold' })
    expect(asked(other, 700).core.steps[0]).toMatchObject({ state: 'holding', holdReason: 'marginal' })
  })
})

describe('R-ENG-04 a step in two requests', () => {
  const due: Look = { ...REACHED, reached: false, next: 'HTTPRoute api can give it 10 %' }
  const sentCore = (attempt: number, outcome: 'sent' | null = 'sent') =>
    coreAt({
      state: 'applying',
      attempt,
      beganMs: NOW - 60_000,
      boxMs: NOW + 60_000,
      sent: { atMs: NOW - 60_000, outcome, detail: '' },
    })
  const turned = (core: Core, look: Look) =>
    turn(core, {
      nowMs: NOW,
      look,
      settleMs: 90_000,
      ticks: ticksAt(NOW, 100),
      denies: [],
      environment: 'production',
      policy,
    })

  it('asks for the second once the first had its effect, with an intent of its own', () => {
    const { core, send, decision } = turned(sentCore(1), due)
    expect(send).toEqual({ do: 'expose', percent: 10 })
    expect(core.steps[0]).toMatchObject({ attempt: 2, sent: { atMs: NOW, outcome: null } })
    expect(decision?.sentence).toContain('HTTPRoute api can give it 10 %, so it is asked for')
  })

  it.each([
    ['the first is still on its way', sentCore(1), { ...REACHED, reached: false }],
    ['nobody knows yet whether the last request arrived', sentCore(1, null), due],
    ['it was asked for as often as may be', sentCore(3), due],
  ])('sends nothing while %s', (_name, core, look) => {
    expect(turned(core, look).send).toBeNull()
  })
})
