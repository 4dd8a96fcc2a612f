import { describe, expect, it } from 'vitest'
import { type Comment, isCalled, isOrphan, mentionsIn, threadsOf } from './comments'

const comment = (over: Partial<Comment>): Comment => ({
  id: 'a',
  seq: 1,
  threadId: 'a',
  section: 'impact',
  quote: '',
  text: '',
  by: 'mei',
  atMs: 1,
  mentions: [],
  settledBy: '',
  settledAtMs: null,
  ...over,
})

describe('comments', () => {
  it.each([
    ['@ana and @li.wei, see @ANA', ['ana', 'li.wei']],
    ['mail a@b.test, path/@x, `@code`', []],
    ['(@bo) @kai-2.', ['bo', 'kai-2']],
    ['@ @@ @-', []],
  ])('PM-COM-01 %j calls %j', (text, handles) => {
    expect(mentionsIn(text)).toEqual(handles)
  })

  it('PM-COM-02 answers stand under their remark, oldest first, whatever the order in which they come', () => {
    const all = [
      comment({ id: 'c', threadId: 'a', seq: 4 }),
      comment({ id: 'b', threadId: 'b', seq: 3, settledAtMs: 9 }),
      comment({ id: 'd', threadId: 'a', seq: 2 }),
      comment({}),
    ]
    expect(
      threadsOf(all).map(({ id, isOpen, comments }) => [id, isOpen, comments.map((one) => one.id)]),
    ).toEqual([
      ['a', true, ['a', 'd', 'c']],
      ['b', false, ['b']],
    ])
  })

  it.each([
    ['nobody called', [comment({})], false],
    ['called', [comment({ mentions: ['ana'] })], true],
    [
      'answered since',
      [comment({ mentions: ['ana'] }), comment({ id: 'b', threadId: 'a', by: 'ana', seq: 2 })],
      false,
    ],
    [
      'called again',
      [
        comment({ mentions: ['ana'] }),
        comment({ id: 'b', threadId: 'a', by: 'ana', seq: 2 }),
        comment({ id: 'c', threadId: 'a', seq: 3, mentions: ['ana'] }),
      ],
      true,
    ],
    ['settled', [comment({ mentions: ['ana'], settledAtMs: 5 })], false],
  ] as const)(
    'PM-COM-03 somebody is called while a thread is open and they have not answered: %s',
    (_name, comments, called) => {
      const [thread] = threadsOf(comments)
      expect(thread && isCalled(thread, 'ana')).toBe(called)
    },
  )

  it('PM-COM-04 a remark whose passage is gone stays and says so', () => {
    expect(isOrphan({ quote: 'five GPUs' }, 'six GPUs')).toBe(true)
    expect(isOrphan({ quote: 'six' }, 'six GPUs')).toBe(false)
    expect(isOrphan({ quote: '' }, '')).toBe(false)
  })
})
