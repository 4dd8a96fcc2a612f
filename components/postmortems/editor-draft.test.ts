import { describe, expect, it } from 'vitest'
import { faceOf, readKept, type SectionNow, storedText, typedOver } from './editor-draft'

const now = (body: string, version: number): SectionNow => ({ body, version, editedBy: 'mei', editedAtMs: 1 })
const kept = (text: string, base: number, baseText = 'one') => ({ text, base, baseText })

describe('a section that is being written', () => {
  it.each([
    ['nothing typed', undefined, now('one', 1), 'clean one'],
    ['typed', kept('one more', 1), now('one', 1), 'unsaved one more'],
    ['saved meanwhile', kept('one more', 1), now('one more', 2), 'clean one more'],
    ['somebody else wrote', kept('one more', 1), now('other', 2), 'conflict one more'],
    ['only the version moved', kept('one more', 1), now('one', 2), 'unsaved one more'],
    [
      'a save of one’s own without an answer',
      { ...kept('one more', 1), sent: 'one m' },
      now('one m', 2),
      'unsaved one more',
    ],
    ['the page is older than the draft', kept('one more', 3), now('one', 2), 'unsaved one more'],
    ['everything deleted', kept('', 1), now('one', 1), 'unsaved '],
  ] as const)('%s', (_name, draft, section, wanted) => {
    const face = faceOf(draft, section)
    expect(`${face.kind} ${face.text}`).toBe(wanted)
  })

  it('typing on keeps what the text was begun over, so that a conflict is seen', () => {
    const typed = typedOver('one more!', kept('one more', 1), now('other', 2))
    expect(typed).toEqual(kept('one more!', 1))
    expect(typedOver('fresh', undefined, now('other', 2))).toEqual({
      text: 'fresh',
      base: 2,
      baseText: 'other',
    })
  })

  it.each([['no json'], ['null'], ['{"text":1}'], [undefined], ['[]']])('%j is no draft', (stored) => {
    expect(readKept(stored)).toBeUndefined()
    expect(readKept(storedText(kept('a', 1)))).toEqual(kept('a', 1))
  })
})
