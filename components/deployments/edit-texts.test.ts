import { expect, test } from 'vitest'
import { movedSince, type PlanTexts, takenOver } from './edit-texts'

const taken: PlanTexts = {
  tag: '4.13.0',
  startAt: '2026-11-18T18:00',
  percents: '10:10, 100:10',
  bake: '30',
  keepWarm: false,
  isAtOnce: false,
  notes: 'Retries.',
}

test('what was typed stays upon a plan that somebody else changed, and what nobody typed becomes theirs (D-HSH-4)', () => {
  const typed = { ...taken, notes: 'Retries twice.', bake: '45' }
  const now = { ...taken, notes: 'Retries for ever.', percents: '25:10, 100:10' }
  expect(takenOver({ taken, typed, now })).toEqual({
    ...taken,
    notes: 'Retries twice.',
    bake: '45',
    percents: '25:10, 100:10',
  })
})

test('what somebody else changed is named with its new value, and where the reader typed as well', () => {
  const typed = { ...taken, notes: 'Mine.' }
  const now = { ...taken, notes: 'Theirs.', keepWarm: true }
  expect(movedSince({ taken, typed, now })).toEqual([
    { key: 'keepWarm', name: 'whether the old version is kept warm', to: 'yes', isMine: false },
    { key: 'notes', name: 'the notes', to: 'Theirs.', isMine: true },
  ])
  expect(movedSince({ taken, typed, now: taken })).toEqual([])
})
