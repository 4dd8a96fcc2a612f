import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const HERE = 'cited.test.ts'
const RULE = /\bACT-[A-Z]{3}-\d{2}\b/g

test('every action rule is proven by a test, and every cited rule is written down once', async () => {
  const text = await readFile('docs/rules/actions.md', 'utf8')
  const defined = [...text.matchAll(/^- \*\*(ACT-[A-Z]{3}-\d{2})\*\*/gm)].map((match) => match[1] ?? '')
  const cited = new Set<string>()
  for (const folder of ['lib/actions', 'lib/actions/executors']) {
    for (const name of await readdir(folder)) {
      if (!name.endsWith('.test.ts') || name === HERE) continue
      for (const [id] of (await readFile(`${folder}/${name}`, 'utf8')).matchAll(RULE)) cited.add(id)
    }
  }
  expect(new Set(defined).size).toBe(defined.length)
  expect(defined.filter((id) => !cited.has(id))).toEqual([])
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})
