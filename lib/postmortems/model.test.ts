import { expect, test } from 'vitest'
import { MILESTONE_WORDS, MILESTONES, SECTION_KEYS, SECTION_TITLES, STATE_WORDS, STATES } from './model'

test('every section, state and milestone has words of its own', () => {
  for (const [keys, words] of [
    [SECTION_KEYS, SECTION_TITLES],
    [STATES, STATE_WORDS],
    [MILESTONES, MILESTONE_WORDS],
  ] as const) {
    expect(Object.keys(words)).toEqual([...keys])
    expect(new Set(Object.values(words)).size).toBe(keys.length)
  }
})
