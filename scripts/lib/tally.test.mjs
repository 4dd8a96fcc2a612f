import { expect, test } from 'vitest'
import { addTallies, barsTally, emptyTally, playwrightTally, tallyLine, vitestTally } from './tally.mjs'

test('the closing line names skips only when there are any', () => {
  expect(tallyLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
  expect(tallyLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
})

test('counts add up over stages', () => {
  const one = { passed: 1, failed: 2, skipped: 3 }
  expect(addTallies([emptyTally(), one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 })
})

test('a test file that can’t be loaded is a failure, beside those of the tests that ran', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  }
  expect(vitestTally(report)).toEqual({ passed: 5, failed: 2, skipped: 1 })
})

test('a journey that passed only when repeated has failed', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 2, skipped: 1 }
  expect(playwrightTally({ stats })).toEqual({ passed: 4, failed: 3, skipped: 1 })
})

test('journeys that could not even start count as failed', () => {
  const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }
  expect(playwrightTally({ stats, errors: [{}] })).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('a skipped bar is neither passed nor failed', () => {
  const bars = [{ passed: true }, { passed: false }, { passed: true, skipped: 'docker' }]
  expect(barsTally(bars)).toEqual({ passed: 1, failed: 1, skipped: 1 })
})
