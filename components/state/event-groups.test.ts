import { describe, expect, test } from 'vitest'
import { eventGroups, eventHref, eventTitle, type ShownEvent } from './event-groups'

let id = 0
const event = (more: Partial<ShownEvent>): ShownEvent => {
  id += 1
  return {
    id,
    at: 1000,
    kind: 'gpu',
    subject: 'a/0',
    before: 'unknown',
    after: 'clear',
    reason: 'ok',
    ...more,
  }
}

describe('changes of the last hour', () => {
  test('that say the same within two minutes are one line', () => {
    const groups = eventGroups([
      event({ subject: 'a/0' }),
      event({ subject: 'a/1', at: 900 }),
      event({ subject: 'a/2', at: 880 }),
    ])
    expect(groups).toHaveLength(1)
    expect(groups.map(eventTitle)).toEqual(['3 GPUs'])
  })
  test('of one subject that flaps are counted as times, not as subjects', () => {
    const flapping = [event({ kind: 'source', subject: 'vast' }), event({ kind: 'source', subject: 'vast' })]
    expect(eventGroups(flapping).map(eventTitle)).toEqual(['Source vast, 2 times'])
  })
  test('that are further apart stay apart', () => {
    expect(eventGroups([event({}), event({ at: 879 })])).toHaveLength(2)
  })
  test('with another reason or another rating stay apart', () => {
    expect(eventGroups([event({}), event({ reason: 'XID 79' }), event({ after: 'breach' })])).toHaveLength(3)
  })
  test('keep the place of the newest of them', () => {
    const groups = eventGroups([
      event({ kind: 'queue', subject: 'activity/q' }),
      event({}),
      event({ subject: 'b/0' }),
    ])
    expect(groups.map(eventTitle)).toEqual(['Queue q', '2 GPUs'])
  })
})

test.each([
  [{ kind: 'gpu', subject: '15204417/5' }, 'GPU 5 of 15204417', '/fleet?gpu=15204417%2F5'],
  [{ kind: 'instance', subject: '15204417' }, 'Instance 15204417', '/fleet?q=15204417'],
  [
    { kind: 'queue', subject: 'activity/video@gpu' },
    'Queue video@gpu',
    '/queues?queue=activity%2Fvideo%40gpu',
  ],
  [{ kind: 'api', subject: 'serverErrors' }, '5xx of the API', undefined],
])('one change names its subject and leads to it: %o', (more, title, href) => {
  const [group] = eventGroups([event(more)])
  expect(group && [eventTitle(group), eventHref(group)]).toEqual([title, href])
})
