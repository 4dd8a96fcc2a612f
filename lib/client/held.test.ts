import { describe, expect, it } from 'vitest'
import type { Problem } from '../platform/errors'
import { type HeldAction, heldView, mayHold, nextHeld, verdictOf, withClaim, withEntryId } from './held'

const T0 = Date.UTC(2026, 10, 18, 2, 13)
const ANA = { id: 'p-ana', handle: 'ana' }
const LI = { id: 'p-li', handle: 'li' }

function action(changes: Partial<HeldAction> = {}): HeldAction {
  return {
    order: 1,
    id: '5b0f8f0e-0000-4000-8000-000000000001',
    person: ANA,
    incident: { id: 'i1', name: 'INC-0001' },
    command: { name: 'incidents.addNote', input: { id: 'i1', text: 'drain is half done' } },
    typedAtMs: T0,
    ...changes,
  }
}

function problem(changes: Partial<Problem>): Problem {
  return { type: '', title: '', status: 500, detail: '', code: 'internal', instance: '', ...changes }
}

describe('what waits for the server', () => {
  it('goes out in the order in which it was done, and only for the person who did it', () => {
    const waiting = [action({ order: 3 }), action({ order: 2 }), action({ order: 1, person: LI })]
    expect(nextHeld(waiting, ANA.id)?.order).toBe(2)
    expect(nextHeld(waiting, LI.id)?.order).toBe(1)
    expect(nextHeld(waiting, 'p-bo')).toBeUndefined()
  })

  it('a refused action stays for its person and does not stop those behind it', () => {
    const refused = action({ order: 1, problem: problem({ status: 409, code: 'conflict' }) })
    expect(nextHeld([refused, action({ order: 2 })], ANA.id)?.order).toBe(2)
  })

  it.each([
    ['an answer', undefined, 'through'],
    ['no answer', { status: 503, code: 'unavailable' }, 'later'],
    ['an ended session', { status: 401, code: 'unauthenticated' }, 'later'],
    ['somebody else signed in', { status: 409, code: 'other_person' }, 'later'],
    ['too many requests', { status: 429, code: 'too_many' }, 'later'],
    ['a failing server', { status: 500, code: 'internal' }, 'later'],
    ['a conflict', { status: 409, code: 'conflict' }, 'refused'],
    ['a missing permission', { status: 403, code: 'forbidden' }, 'refused'],
    ['an incident that is gone', { status: 404, code: 'not_found' }, 'refused'],
    ['bad input', { status: 422, code: 'invalid' }, 'refused'],
  ] as const)('%s means %s', (_what, given, verdict) => {
    expect(verdictOf(given === undefined ? undefined : problem(given))).toBe(verdict)
  })

  it('carries the time at which it was typed, unless its writer said another', () => {
    expect(withClaim(action().command, T0).input.claimedAt).toBe('2026-11-18T02:13:00.000Z')
    const said = { name: 'incidents.addNote', input: { id: 'i1', text: 'x', claimedAt: '02:00' } } as const
    expect(withClaim(said, T0).input.claimedAt).toBe('02:00')
  })

  it('a note keeps the id of its first attempt, so that it is written once', () => {
    const first = withEntryId(action().command, 'e1')
    expect(withEntryId(first, 'e2')).toEqual(first)
    const tick = { name: 'incidents.ackTask', input: { taskId: 't1' } } as const
    expect(withEntryId(tick, 'e1')).toEqual(tick)
    const item = { name: 'checklists.tick', input: { incidentId: 'i1', list: 'l', item: 'a' } } as const
    expect(withEntryId(item, 'e1').input).toMatchObject({ entryId: 'e1' })
    expect(withEntryId(withEntryId(item, 'e1'), 'e2')).toEqual(withEntryId(item, 'e1'))
  })

  it('another person learns whose and how many, and nothing of what was typed', () => {
    const view = heldView([action(), action({ order: 2 }), action({ order: 3, person: LI })], LI.id)
    expect(view.mine.map(({ order }) => order)).toEqual([3])
    expect(view.foreign).toEqual([{ handle: 'ana', count: 2 }])
    expect(JSON.stringify(view.foreign)).not.toContain('drain')
  })

  it('only what adds may wait: nothing that overwrites does', () => {
    for (const name of ['incidents.addNote', 'checklists.tick', 'checklists.untick'])
      expect(mayHold(name)).toBe(true)
    for (const name of ['incidents.setSeverity', 'incidents.setStatus', 'incidents.declare'])
      expect(mayHold(name)).toBe(false)
  })
})
