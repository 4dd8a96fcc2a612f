import { describe, expect, test } from 'vitest'
import { newTrack, noteDelta, noteReset } from './gaps'

function tracked(...numbers: number[]): ReturnType<typeof newTrack> {
  const track = newTrack()
  for (const number of numbers) noteDelta(track, number)
  return track
}

describe('the sequence of a viewer', () => {
  test.each<[string, number[], { gaps: number; repeats: number }]>([
    ['may begin anywhere', [41, 42, 43], { gaps: 0, repeats: 0 }],
    ['misses what was skipped', [1, 2, 5], { gaps: 2, repeats: 0 }],
    ['counts what came twice', [1, 2, 2, 3], { gaps: 0, repeats: 1 }],
    [
      'counts what came late as a repeat, and its absence before as a gap',
      [1, 3, 2],
      { gaps: 1, repeats: 1 },
    ],
  ])('%s', (_name, numbers, found) => {
    expect(tracked(...numbers)).toMatchObject(found)
  })

  test('may jump where a reset was announced', () => {
    const track = tracked(1, 2)
    noteReset(track, 90)
    noteDelta(track, 91)
    expect(track).toMatchObject({ gaps: 0, resets: 1, last: 91 })
  })

  test('a skip after a reset is a gap all the same', () => {
    const track = tracked(1)
    noteReset(track, 90)
    noteDelta(track, 93)
    expect(track.gaps).toBe(2)
  })
})
