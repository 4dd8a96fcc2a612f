import { expect, test } from 'vitest'
import type { Rating } from '@/lib/health/model'
import type { Figure, QueueRow } from '@/lib/health/wire'
import { worstQueues } from './queue-order'

const none: Figure = { value: null, unit: '', rating: 'unknown', at: 0, source: 'temporal' }
const queue = (name: string, rating: Rating): QueueRow => ({
  name,
  type: 'activity',
  rating,
  state: '',
  reason: '',
  backlog: none,
  oldestSeconds: none,
  addPerMinute: none,
  dispatchPerMinute: none,
  freshPollers: none,
  listedPollers: 0,
  rateLimited: null,
})
const names = (queues: readonly QueueRow[]) => queues.map((entry) => entry.name)

test('the worst queues are chosen, and stay in the order of the list', () => {
  const queues = [queue('a', 'clear'), queue('b', 'warning'), queue('c', 'clear'), queue('d', 'breach')]
  expect(names(worstQueues(queues, 2))).toEqual(['b', 'd'])
})

test('an unread queue comes before a clear one', () => {
  expect(names(worstQueues([queue('a', 'clear'), queue('b', 'unknown')], 1))).toEqual(['b'])
})
