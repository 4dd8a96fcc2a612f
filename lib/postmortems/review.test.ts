import { describe, expect, it } from 'vitest'
import { STATES } from './model'
import { type Given, isApprovedBy, moveOf, type ReviewEvent, reviewersOf, type Standing } from './review'

const event = (over: Partial<ReviewEvent>): ReviewEvent => ({
  deed: 'ask',
  byId: 'ana',
  by: 'ana',
  atMs: 1,
  version: 3,
  text: '',
  isOutsider: false,
  reviewers: [
    { id: 'raj', handle: 'raj' },
    { id: 'mei', handle: 'mei' },
  ],
  ...over,
})
const approved = (by: string, over: Partial<ReviewEvent> = {}): ReviewEvent =>
  event({ deed: 'approve', byId: by, by, isOutsider: true, reviewers: [], ...over })
const asksChanges = (by: string): ReviewEvent => approved(by, { deed: 'ask-changes', text: 'more' })

const standing = (over: Partial<Standing>): Standing => ({
  state: 'in-review',
  version: 3,
  approvedVersion: null,
  events: [event({})],
  ...over,
})
const told = (over: Partial<Standing>, given: Omit<Given, 'byId'> & { byId?: string }): string => {
  const move = moveOf(standing(over), { byId: 'raj', ...given })
  return move.ok ? move.to : move.code
}

describe('review', () => {
  it.each([
    ['ask', 'in-review in-review in-review conflict conflict conflict'],
    ['take-back', 'conflict draft draft draft conflict conflict'],
    ['edit', 'draft in-review changes-asked in-review conflict conflict'],
    ['approve', 'conflict approved approved approved conflict conflict'],
    ['ask-changes', 'conflict changes-asked changes-asked changes-asked conflict conflict'],
    ['publish', 'conflict conflict conflict published conflict conflict'],
    ['close', 'conflict conflict conflict conflict closed conflict'],
    ['reopen', 'conflict conflict conflict conflict draft draft'],
  ] as const)(
    'PM-REV-01 %s leads from draft, in review, changes asked, approved, published, closed to %s',
    (deed, to) => {
      const given = {
        deed,
        version: 3,
        isOutsider: true,
        text: 'because',
        reviewers: [{ id: 'raj', isOutsider: true }],
      }
      expect(STATES.map((state) => told({ state, approvedVersion: 3 }, given)).join(' ')).toBe(to)
    },
  )

  it('PM-REV-02 a review needs somebody who neither responded nor wrote', () => {
    expect(told({ state: 'draft' }, { deed: 'ask', reviewers: [] })).toBe('invalid')
    expect(told({ state: 'draft' }, { deed: 'ask', reviewers: [{ id: 'x', isOutsider: false }] })).toBe(
      'invalid',
    )
    const both = [
      { id: 'x', isOutsider: false },
      { id: 'raj', isOutsider: true },
    ]
    expect(told({ state: 'draft' }, { deed: 'ask', reviewers: both })).toBe('in-review')
  })

  it('PM-REV-03 a word on another version than the one that stands is refused', () => {
    for (const deed of ['approve', 'ask-changes'] as const)
      expect(told({}, { deed, version: 2, isOutsider: true, text: 'x' })).toBe('conflict')
  })

  it('PM-REV-04 the approval of somebody who responded or wrote is kept and does not suffice', () => {
    expect(told({}, { deed: 'approve', version: 3, isOutsider: false })).toBe('in-review')
    const events = [event({}), approved('mei')]
    expect(told({ events }, { deed: 'approve', version: 3, isOutsider: false })).toBe('approved')
  })

  it('PM-REV-05 while somebody asks for changes nothing is approved; the same person’s approval takes it back', () => {
    const events = [event({}), asksChanges('mei')]
    expect(told({ events, state: 'changes-asked' }, { deed: 'approve', version: 3, isOutsider: true })).toBe(
      'changes-asked',
    )
    expect(
      told(
        { events, state: 'changes-asked' },
        { deed: 'approve', version: 3, isOutsider: true, byId: 'mei' },
      ),
    ).toBe('approved')
  })

  it('PM-REV-06 a change of an approved text brings it back into review, and older approvals count no more', () => {
    const reviewers = reviewersOf({ version: 4, events: [event({}), approved('raj')] })
    expect(reviewers.map(({ handle, stand }) => `${handle} ${stand}`)).toEqual([
      'raj approved-older',
      'mei asked',
    ])
    expect(isApprovedBy(reviewers)).toBe(false)
  })

  it('PM-REV-07 asking again makes a fresh round for who asked for changes, and keeps approvals of this version', () => {
    const events = [event({}), asksChanges('mei'), approved('raj'), event({ atMs: 9 })]
    expect(reviewersOf({ version: 3, events }).map(({ handle, stand }) => `${handle} ${stand}`)).toEqual([
      'raj approved',
      'mei asked',
    ])
    expect(reviewersOf({ version: 3, events: [...events, event({ deed: 'take-back' })] })).toEqual([])
  })

  it('PM-REV-08 only the approved version is published, and only without findings that keep it', () => {
    const state = 'approved'
    expect(told({ state, approvedVersion: 2 }, { deed: 'publish' })).toBe('conflict')
    expect(told({ state, approvedVersion: 3 }, { deed: 'publish', musts: 2 })).toBe('invalid')
  })

  it('PM-REV-09 it is closed when no action item is open, and opened again with a reason', () => {
    expect(told({ state: 'published' }, { deed: 'close', openItems: 1 })).toBe('invalid')
    expect(told({ state: 'closed' }, { deed: 'reopen', text: ' ' })).toBe('invalid')
  })

  it('PM-REV-10 changes are asked for in words', () => {
    expect(told({}, { deed: 'ask-changes', version: 3, text: '' })).toBe('invalid')
  })
})
