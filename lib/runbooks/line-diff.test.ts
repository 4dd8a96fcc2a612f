import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countsOf, diffLines, foldSame, linesOf } from './line-diff'

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 14 }).map((lines) => lines.join('\n'))

/** The longest common subsequence by the plain table: another way to the same number. */
function longest(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = 1; i <= a.length; i += 1)
    for (let j = 1; j <= b.length; j += 1) {
      const row = table[i]
      if (row)
        row[j] =
          a[i - 1] === b[j - 1]
            ? (table[i - 1]?.[j - 1] ?? 0) + 1
            : Math.max(table[i - 1]?.[j] ?? 0, row[j - 1] ?? 0)
    }
  return table[a.length]?.[b.length] ?? 0
}

test('R-DIFF-01 a comparison holds every line of both texts in order, with its number, and is as short as can be', () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      const lines = diffLines(left, right)
      const a = lines.flatMap((line) => (line.kind === 'new' ? [] : [[line.left, line.text]]))
      const b = lines.flatMap((line) => (line.kind === 'gone' ? [] : [[line.right, line.text]]))
      expect(a).toEqual(linesOf(left).map((line, at) => [at + 1, line]))
      expect(b).toEqual(linesOf(right).map((line, at) => [at + 1, line]))
      expect(lines.filter((line) => line.kind === 'same')).toHaveLength(
        longest(linesOf(left), linesOf(right)),
      )
    }),
  )
})

test('R-DIFF-01 leaving out equal lines loses no change', () => {
  fc.assert(
    fc.property(text, text, fc.integer({ min: 0, max: 3 }), (left, right, context) => {
      const lines = diffLines(left, right)
      const parts = foldSame(lines, context)
      const shown = parts.flatMap((part) => (part.kind === 'lines' ? part.lines : []))
      expect(countsOf(shown)).toEqual(countsOf(lines))
      const hidden = parts.reduce((sum, part) => sum + (part.kind === 'left-out' ? part.count : 0), 0)
      if (parts.length > 0) expect(shown.length + hidden).toBe(lines.length)
      else expect(countsOf(lines)).toEqual({ added: 0, removed: 0 })
    }),
  )
})

test('a long change of one line is one line out and one line in', () => {
  const before = Array.from({ length: 2_000 }, (_, at) => `line ${at}`)
  const after = before.with(1_000, 'another')
  const lines = diffLines(before.join('\n'), after.join('\n'))
  expect(countsOf(lines)).toEqual({ added: 1, removed: 1 })
  expect(lines[1_000]).toEqual({ kind: 'gone', text: 'line 1000', left: 1001 })
  expect(lines[1_001]).toEqual({ kind: 'new', text: 'another', right: 1001 })
})
