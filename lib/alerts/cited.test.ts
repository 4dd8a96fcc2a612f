import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ID = /\bA-[A-Z]{3,4}-\d{2}\b/g
const DEFINED = /^- \*\*(A-[A-Z]{3,4}-\d{2})\*\*/gm
const HERE = 'cited.test.ts'

test('every rule of the alerts room is proven by a test, and every cited rule is written down once', async () => {
  const text = await readFile('docs/rules/alerts.md', 'utf8')
  const defined = [...text.matchAll(DEFINED)].map((match) => match[1] ?? '')
  const cited = new Set<string>()
  for (const name of await readdir('lib/alerts')) {
    if (!name.endsWith('.test.ts') || name === HERE) continue
    for (const [id] of (await readFile(join('lib/alerts', name), 'utf8')).matchAll(ID)) cited.add(id)
  }
  expect(defined.length).toBeGreaterThan(0)
  expect(new Set(defined).size).toBe(defined.length)
  expect(defined.filter((id) => !cited.has(id))).toEqual([])
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})
