import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const HERE = 'cited.test.ts'

test('every rule on the library is proven by a test, and every cited rule is written down once', async () => {
  const text = await readFile('docs/rules/library.md', 'utf8')
  const defined = [...text.matchAll(/^- \*\*(L-[A-Z]{3}-\d+)\*\*/gm)].map((match) => match[1] ?? '')
  const cited = new Set<string>()
  for (const name of await readdir('lib/library')) {
    if (!name.endsWith('.test.ts') || name === HERE) continue
    const file = await readFile(`lib/library/${name}`, 'utf8')
    for (const [id] of file.matchAll(/\bL-[A-Z]{3}-\d+\b/g)) cited.add(id)
  }
  expect(new Set(defined).size).toBe(defined.length)
  expect(defined.filter((id) => !cited.has(id))).toEqual([])
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})
