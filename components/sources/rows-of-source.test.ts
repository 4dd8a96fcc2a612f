import { expect, test } from 'vitest'
import { rowOfPoll, rowsOfSource } from './rows-of-source'

const now = 1_800_000_000
const poll = { okAt: now - 20, triedAt: now - 20, failures: 0, detail: '', isRefused: false, listed: 3 }

test.each([
  ['an answer of the last minute', {}, 'live'],
  ['one miss', { failures: 1, okAt: now - 70 }, 'live'],
  ['misses in a row', { failures: 2, okAt: now - 150 }, 'late'],
  ['no answer for long', { failures: 9, okAt: now - 600 }, 'silent'],
  ['never an answer', { failures: 1, okAt: 0 }, 'silent'],
  ['a job that stopped', { okAt: now - 600, triedAt: now - 600 }, 'silent'],
  ['a token that is not taken', { isRefused: true, failures: 1, okAt: now - 70 }, 'refused'],
])('%s makes the alert source %s', (_name, change, state) => {
  const row = rowOfPoll({ ...poll, ...change }, now)
  expect(row.state).toBe(state)
  expect(rowsOfSource('alertmanager', [row])).toEqual([row])
})
