import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const HERE = 'cited.test.ts'
const RULE = /\bS-(?:GRN|CMP|UPD|DAY|PAGE|API|COPY|EMG|MNT)-\d{2}\b/g

test('every rule of the status page is proven by a test, and every cited rule is written down once', async () => {
  const text = await readFile('docs/rules/status-page.md', 'utf8')
  const defined = [...text.matchAll(/^- \*\*(S-[A-Z]{3,4}-\d{2})\*\*/gm)].map((match) => match[1] ?? '')
  const cited = new Set<string>()
  for (const name of await readdir('lib/status')) {
    if (!name.endsWith('.test.ts') || name === HERE) continue
    for (const [id] of (await readFile(`lib/status/${name}`, 'utf8')).matchAll(RULE)) cited.add(id)
  }
  expect(new Set(defined).size).toBe(defined.length)
  expect(defined.filter((id) => !cited.has(id))).toEqual([])
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})
