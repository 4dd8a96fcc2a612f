import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const HERE = 'cited.test.ts'
const FOLDERS = ['lib/checklists', 'components/checklists', 'lib/triage']

test('every rule on checklists is proven by a test, and every cited rule is written down once', async () => {
  const text = await readFile('docs/rules/checklists.md', 'utf8')
  const defined = [...text.matchAll(/^- \*\*(C-[A-Z]{3,4}-\d{2})\*\*/gm)].map((match) => match[1] ?? '')
  const cited = new Set<string>()
  for (const folder of FOLDERS) {
    for (const name of await readdir(folder)) {
      if (!name.endsWith('.test.ts') || name === HERE) continue
      const file = await readFile(`${folder}/${name}`, 'utf8')
      for (const [id] of file.matchAll(/\bC-(?:PIN|TICK|REC|HELD|LIST)-\d{2}\b/g)) cited.add(id)
    }
  }
  expect(new Set(defined).size).toBe(defined.length)
  expect(defined.filter((id) => !cited.has(id))).toEqual([])
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})
