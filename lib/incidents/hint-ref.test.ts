import { describe, expect, it } from 'vitest'
import { additionOf, hintRef } from './hint-ref'

const id = '5f6f4b52-1f7e-4d53-9c0e-0a1f6a9f4a11'

describe('the ref of a hint', () => {
  it.each(['note', 'decision', 'pin'])('says that a %s was added, and where', (kind) => {
    expect(additionOf(hintRef({ id, kind, seq: 41 }))).toEqual({ id, kind, seq: 41 })
  })

  it.each(['update', 'task', 'link', 'paused'])(
    'names the incident alone for a %s, which changes more',
    (kind) => {
      expect(hintRef({ id, kind, seq: 41 })).toBe(id)
      expect(additionOf(hintRef({ id, kind, seq: 41 }))).toBeUndefined()
    },
  )

  it.each([id, '', 'all', `${id} note`, `${id} note 0`, `${id} note x`, `${id} status 4`])(
    'reads no addition out of %j',
    (ref) => {
      expect(additionOf(ref)).toBeUndefined()
    },
  )
})
