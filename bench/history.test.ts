import { describe, expect, it } from 'vitest'
import { judgeHistory, type Observed, type StoredEntry } from './history'

const entries: readonly StoredEntry[] = [
  { seq: 1, id: 'd', kind: 'declared', actor: 'ana', body: {} },
  { seq: 2, id: 'a', kind: 'note', actor: 'ana', body: { text: 'a' } },
  { seq: 3, id: 'x', kind: 'impact', actor: 'ana', body: { from: '', to: 'one' } },
  { seq: 4, id: 'b', kind: 'note', actor: 'ana', body: { text: 'b' } },
  { seq: 5, id: 'y', kind: 'title', actor: 'ana', body: { from: 't', to: 'two' } },
  { seq: 6, id: 'z', kind: 'impact', actor: 'ana', body: { from: 'one', to: 'three' } },
]
const observed: Observed = {
  written: [
    { id: 'a', seq: 2 },
    { id: 'b', seq: 4 },
  ],
  overwritten: [
    { field: 'impact', seen: '', base: 1, version: 2, value: 'one' },
    { field: 'title', seen: 't', base: 1, version: 3, value: 'two' },
    { field: 'impact', seen: 'one', base: 2, version: 4, value: 'three' },
  ],
  tried: new Set(['a', 'b', 'one', 'two', 'three']),
}
const SOUND = {
  gaps: 0,
  missing: 0,
  repeated: 0,
  misplaced: 0,
  foreign: 0,
  lostChanges: 0,
  unseenOverwrites: 0,
}
const at = (index: number): StoredEntry => entries[index] ?? { seq: 0, id: '', kind: '', actor: '', body: {} }

describe('the judge of a history', () => {
  it('finds nothing in a sound one', () => {
    expect(judgeHistory(entries, observed, 2)).toEqual(SOUND)
  })

  it.each([
    ['a hole in the sequence', entries.filter(({ seq }) => seq !== 4), { gaps: 2, missing: 1 }],
    ['an entry twice', [...entries, { ...at(1), seq: 7 }], { repeated: 1, misplaced: 1 }],
    [
      'an entry at another place than told',
      [at(0), { ...at(3), seq: 2 }, at(2), { ...at(1), seq: 4 }, at(4), at(5)],
      { misplaced: 2 },
    ],
    [
      'an entry that nobody sent',
      [...entries, { seq: 7, id: 'q', kind: 'note', actor: 'ana', body: {} }],
      { foreign: 1 },
    ],
    ['a change that is gone', entries.slice(0, 5), { lostChanges: 1 }],
    ['a change made twice', [...entries, { ...at(5), seq: 7, id: 'w' }], { repeated: 1 }],
  ])('sees %s', (_name, record, found) => {
    expect(judgeHistory(record, observed, 2)).toEqual({ ...SOUND, ...found })
  })

  it('takes what the console writes by itself for nobody’s mistake', () => {
    const own = { seq: 7, id: 'm', kind: 'triage', actor: 'machine:triage', body: {} }
    expect(judgeHistory([...entries, own], observed, 2)).toEqual(SOUND)
  })

  it('sees a change that went over another one which its writer had not seen', () => {
    const blind = observed.overwritten.map((one) => (one.value === 'three' ? { ...one, base: 1 } : one))
    expect(judgeHistory(entries, { ...observed, overwritten: blind }, 2).unseenOverwrites).toBe(1)
  })
})
