import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EXPIRING,
  firstState,
  isInTarget,
  isSettled,
  nextState,
  RISKS,
  RUN_EVENTS,
  RUN_STATES,
  type RunEvent,
  type RunState,
  TRANSITIONS,
  UNSENT,
  WORKED,
} from './model'

const events = fc.array(fc.constantFrom(...RUN_EVENTS), { maxLength: 60 })
const risk = fc.constantFrom(...RISKS)

function walk(from: RunState, happenings: readonly RunEvent[]): readonly RunState[] {
  const way: RunState[] = [from]
  for (const event of happenings) {
    const next = nextState(way.at(-1) ?? from, event)
    if (next !== undefined) way.push(next)
  }
  return way
}

describe('the state machine of a run (ACT-RUN-01)', () => {
  it('sends at most once, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(risk, events, (one, happenings) => {
        const way = walk(firstState(one), happenings)
        expect(way.filter((state) => state === 'sending').length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 2_000 },
    )
  })

  it('lets nothing leave unknown but what a probe found (ACT-RUN-02)', () => {
    expect(TRANSITIONS.unknown).toEqual({ found: 'applied', 'not-found': 'not-applied' })
  })

  it('never sends the dangerous class before a second person or a broken glass (ACT-TWO-01)', () => {
    fc.assert(
      fc.property(events, (happenings) => {
        let state = firstState('dangerous')
        let isFreed = false
        for (const event of happenings) {
          const next = nextState(state, event)
          if (next === undefined) continue
          if (event === 'approve' || event === 'break-glass') isFreed = true
          state = next
          if (state === 'sending') expect(isFreed).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('never claims that nothing was sent after it was', () => {
    fc.assert(
      fc.property(risk, events, (one, happenings) => {
        const way = walk(firstState(one), happenings)
        const sentAt = way.indexOf('sending')
        if (sentAt === -1) return
        for (const state of way.slice(sentAt)) {
          expect(UNSENT).not.toContain(state)
          expect(['cancelled', 'expired', 'declined', 'exercised']).not.toContain(state)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(RUN_STATES.filter((state) => isSettled(state) && !isInTarget(state)).map((state) => [state]))(
    'has no way out of %s',
    (state) => {
      expect(Object.keys(TRANSITIONS[state])).toEqual([])
    },
  )

  it('reaches every state but the one of work done by hand', () => {
    const reached = new Set<RunState>(RISKS.map(firstState))
    for (let before = -1; before !== reached.size; ) {
      before = reached.size
      for (const state of [...reached])
        for (const next of Object.values(TRANSITIONS[state])) reached.add(next)
    }
    expect(RUN_STATES.filter((state) => !reached.has(state))).toEqual(['recorded'])
  })

  it('counts each state as waiting for people, the worker’s or settled, and never as two of them', () => {
    for (const state of RUN_STATES) {
      const kinds = [EXPIRING.includes(state), WORKED.includes(state), isSettled(state)]
      expect(kinds.filter(Boolean)).toHaveLength(1)
    }
  })
})
