import { describe, expect, test } from 'vitest'
import { queueRunbook } from './queue-runbook'

describe('the runbook of a queue', () => {
  test.each(['no-workers', 'stalled', 'backlogged', 'throttled', 'never-seen', 'unknown'])(
    'has something to do when it is %s',
    (state) => {
      expect(queueRunbook(state).length).toBeGreaterThan(0)
    },
  )
  test.each(['idle', 'busy'])('asks for nothing when it is %s', (state) => {
    expect(queueRunbook(state)).toEqual([])
  })
})
