import { describe, expect, it } from 'vitest'
import type { Answer } from '../source'
import { parseInstance } from './instance'
import { afterCall, nextCall, SWEEP_POLICY, startSweeping } from './sweeper'
import type { SweepState, SweepStep } from './sweeper-types'
import type { VastInstance, VastPage } from './types'

const t0 = new Date('2026-11-21T10:00:00Z')

function instance(id: string): VastInstance {
  const parsed = parseInstance({ id }, { source: 'vast', at: t0, drift: [] })
  if (!parsed) throw new Error('no instance')
  return parsed
}

function page(ids: readonly string[], rest: Partial<VastPage> = {}): Answer<VastPage> {
  const value = {
    instances: ids.map(instance),
    nextToken: null,
    found: ids.length,
    total: ids.length,
    unreadable: 0,
    ...rest,
  }
  return { ok: true, value, latencyMs: 1, drift: [] }
}

const failed = (
  why: 'rate_limited' | 'source_error',
  rest: { status?: number; retryAfterMs?: number } = {},
) => ({ ok: false, why, detail: why, ...rest }) as const

/** Runs calls one after the other, each at the moment that the sweeper itself asks for. */
function run(
  start: SweepState,
  answers: readonly (Answer<VastPage> | { look: Answer<VastInstance | null> })[],
): { state: SweepState; steps: SweepStep[]; now: Date } {
  let state = start
  const steps: SweepStep[] = []
  let now = t0
  for (const answer of answers) {
    now = new Date(Math.max(now.getTime(), state.nextAt.getTime()))
    const call = nextCall(state, now)
    if ('look' in answer) {
      if (call.kind !== 'look') throw new Error(`expected a look, got ${call.kind}`)
      steps.push(afterCall(state, { kind: 'look', id: call.id, answer: answer.look }, { now }))
    } else {
      if (call.kind !== 'page') throw new Error(`expected a page, got ${call.kind}`)
      steps.push(afterCall(state, { kind: 'page', answer }, { now }))
    }
    state = steps.at(-1)?.state ?? state
  }
  return { state, steps, now }
}

const absent: { look: Answer<null> } = { look: { ok: true, value: null, latencyMs: 1, drift: [] } }

describe('a sweep', () => {
  it('walks the cursor to its end and is complete when every instance arrived', () => {
    const { steps, state } = run(startSweeping(t0), [
      page(['1', '2'], { nextToken: 'a', total: 3 }),
      page(['3'], { total: 3 }),
    ])
    expect(steps[0]?.ended).toBeUndefined()
    expect(steps[1]?.ended).toEqual({ complete: true, why: 'complete' })
    expect(state).toMatchObject({ completeSweeps: 1, nextToken: null })
  })

  it('never asks faster than the provider allows', () => {
    const first = afterCall(
      startSweeping(t0),
      { kind: 'page', answer: page(['1'], { nextToken: 'a', total: 2 }) },
      { now: t0 },
    )
    expect(nextCall(first.state, t0)).toEqual({ kind: 'wait', ms: SWEEP_POLICY.pageIntervalMs })
    expect(nextCall(first.state, new Date(t0.getTime() + 1100))).toEqual({
      kind: 'page',
      afterToken: 'a',
      limit: 25,
    })
  })

  it.each<[string, Partial<VastPage>, string]>([
    ['fewer instances than the provider counts', { total: 9 }, '1 of 9 instances arrived'],
    ['no count', { total: undefined }, 'the provider did not say how many there are'],
    ['an entry that could not be read', { unreadable: 1, total: 2 }, '1 entries could not be read'],
  ])('with %s is partial', (_name, rest, why) => {
    const { steps } = run(startSweeping(t0), [page(['1'], rest)])
    expect(steps[0]?.ended).toEqual({ complete: false, why })
  })

  it('ends when the cursor repeats itself', () => {
    const { steps } = run(startSweeping(t0), [
      page(['1'], { nextToken: 'a' }),
      page(['2'], { nextToken: 'b' }),
      page(['3'], { nextToken: 'a' }),
    ])
    expect(steps[2]?.ended).toEqual({ complete: false, why: 'the cursor repeats itself' })
  })

  it('ends at the page cap', () => {
    let state = startSweeping(t0)
    let ended: SweepStep['ended']
    let pages = 0
    while (!ended && pages < 5000) {
      pages += 1
      const step = afterCall(
        state,
        { kind: 'page', answer: page([String(pages)], { nextToken: `t${pages}` }) },
        { now: t0 },
      )
      state = step.state
      ended = step.ended
    }
    expect(pages).toBe(SWEEP_POLICY.maxPages)
    expect(ended?.complete).toBe(false)
  })
})

describe('an instance', () => {
  it('is gone after two complete sweeps and a direct look missed it', () => {
    const { steps, state } = run(startSweeping(t0), [page(['1', '2']), page(['1']), page(['1']), absent])
    expect(steps.map(({ gone }) => gone)).toEqual([[], [], [], ['2']])
    expect([...state.gone]).toEqual(['2'])
  })

  it('is not looked for after one miss', () => {
    const { state, now } = run(startSweeping(t0), [page(['1', '2']), page(['1'])])
    expect(nextCall(state, new Date(now.getTime() + 60_000)).kind).toBe('page')
  })

  it('is never concluded gone from partial sweeps', () => {
    const partial = page(['1'], { total: 2 })
    const { state, now } = run(startSweeping(t0), [page(['1', '2']), partial, partial, partial, partial])
    expect(state.looks).toEqual([])
    expect(nextCall(state, new Date(now.getTime() + 60_000)).kind).toBe('page')
  })

  it('that the direct look finds is still there', () => {
    const found: { look: Answer<VastInstance> } = {
      look: { ok: true, value: instance('2'), latencyMs: 1, drift: [] },
    }
    const { steps, state } = run(startSweeping(t0), [page(['1', '2']), page(['1']), page(['1']), found])
    expect(steps[3]).toMatchObject({ gone: [], instances: [{ id: '2' }] })
    expect(state.misses.get('2')).toBe(0)
  })

  it('that was gone and is listed again is no longer gone', () => {
    const { state } = run(startSweeping(t0), [
      page(['1', '2']),
      page(['1']),
      page(['1']),
      absent,
      page(['1', '2']),
    ])
    expect([...state.gone]).toEqual([])
  })

  it('remembered from an earlier run is looked for too', () => {
    const { steps } = run(startSweeping(t0, ['old']), [page(['1']), page(['1']), absent])
    expect(steps[2]?.gone).toEqual(['old'])
  })

  it('whose direct look fails stays until a look succeeds', () => {
    const { state } = run(startSweeping(t0), [
      page(['1', '2']),
      page(['1']),
      page(['1']),
      { look: failed('source_error') },
    ])
    expect(state.looks).toEqual(['2'])
    expect([...state.gone]).toEqual([])
  })
})

describe('a failure', () => {
  it('for too many requests doubles the pause up to two minutes and keeps the place', () => {
    let { state } = run(startSweeping(t0), [page(['1'], { nextToken: 'a', total: 2 })])
    const pauses: number[] = []
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const now = state.nextAt
      state = afterCall(state, { kind: 'page', answer: failed('rate_limited') }, { now }).state
      pauses.push(state.nextAt.getTime() - now.getTime())
    }
    expect(pauses).toEqual([2200, 4400, 8800, 17_600, 35_200, 70_400, 120_000, 120_000, 120_000])
    expect(nextCall(state, state.nextAt)).toMatchObject({ kind: 'page', afterToken: 'a' })
  })

  it('waits as long as the source asks', () => {
    const { state } = run(startSweeping(t0), [failed('rate_limited', { retryAfterMs: 30_000 })])
    expect(nextCall(state, t0)).toEqual({ kind: 'wait', ms: 30_000 })
  })

  it('of one page is tried again at the same place', () => {
    const { state, steps } = run(startSweeping(t0), [
      page(['1'], { nextToken: 'a', total: 2 }),
      failed('source_error'),
      page(['2'], { total: 2 }),
    ])
    expect(steps[2]?.ended?.complete).toBe(true)
    expect(state.failures).toBe(0)
  })

  it('three times at one page ends the sweep as partial', () => {
    const { steps, state } = run(startSweeping(t0), [
      page(['1'], { nextToken: 'a', total: 2 }),
      failed('source_error'),
      failed('source_error'),
      failed('source_error'),
    ])
    expect(steps[3]?.ended?.complete).toBe(false)
    expect(state.nextToken).toBeNull()
  })

  it('of the cursor itself starts over at once', () => {
    const { steps } = run(startSweeping(t0), [
      page(['1'], { nextToken: 'a', total: 2 }),
      failed('source_error', { status: 400 }),
    ])
    expect(steps[1]?.ended?.complete).toBe(false)
  })
})
