import { describe, expect, test } from 'vitest'
import { queueRunbook } from './queue-runbook'

describe('the runbook of a queue', () => {
  test.each(['no-workers', 'stalled', 'backlogged', 'throttled', 'unknown'])(
    'has steps of its own when it is %s',
    (state) => {
      expect(queueRunbook({ state }).length).toBeGreaterThan(0)
    },
  )
  test.each(['idle', 'busy'])('asks for nothing when it is %s', (state) => {
    expect(queueRunbook({ state })).toEqual([])
  })
  test('begins with what the verdict asks for', () => {
    const steps = queueRunbook({ state: 'stalled', action: 'Restart the workers.' })
    expect(steps[0]).toBe('Restart the workers.')
    expect(steps).toEqual(['Restart the workers.', ...queueRunbook({ state: 'stalled' })])
  })
  test('is the verdict alone where the state says nothing more', () => {
    expect(queueRunbook({ state: 'never-seen', action: 'Compare the name.' })).toEqual(['Compare the name.'])
  })
})
