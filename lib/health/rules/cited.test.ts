import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ID = /\bH-[A-Z]{3}-\d{2}\b/g
const DEFINED = /^- \*\*(H-[A-Z]{3}-\d{2})\*\*/gm
const HERE = 'lib/health/rules/cited.test.ts'

async function citedIn(folders: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || !path.endsWith('.test.ts') || path === HERE) continue
      for (const [id] of (await readFile(path, 'utf8')).matchAll(ID)) found.add(id)
    }
  }
  return found
}

test('every rule of the health room is proven by a test, and every cited rule is written down once', async () => {
  const text = await readFile('docs/rules/health.md', 'utf8')
  const defined = [...text.matchAll(DEFINED)].map((it) => it[1] ?? '')
  const cited = await citedIn(['lib/health', 'lib/runbooks'])
  expect(defined.length).toBeGreaterThan(0)
  expect(new Set(defined).size).toBe(defined.length)
  expect(defined.filter((id) => !cited.has(id))).toEqual([])
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})
