import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { LINT_RULES } from './lint-rules'

const HERE = 'cited.test.ts'

test('every rule of the linter is written down once with its level, and no other', async () => {
  const text = await readFile('docs/rules/comms.md', 'utf8')
  const written = [...text.matchAll(/^- \*\*([SLX]\d\d)\*\* (block|warning|hint)( ◊)?/gm)]
  expect(written.map((match) => match[1] ?? '')).toEqual(Object.keys(LINT_RULES))
  for (const [, id = '', level = '', mark] of written) {
    const rule = Object.entries(LINT_RULES).find(([it]) => it === id)?.[1]
    const weight = rule?.public ?? rule?.internal
    expect([id, weight, rule?.isOverridable]).toEqual([
      id,
      level.replace('warning', 'warn'),
      mark !== undefined,
    ])
  }
})

test('every rule on templates and facts is proven by a test, and every cited rule is written down once', async () => {
  const text = await readFile('docs/rules/comms.md', 'utf8')
  const defined = [...text.matchAll(/^- \*\*(C-[A-Z]{3}-\d{2})\*\*/gm)].map((match) => match[1] ?? '')
  const cited = new Set<string>()
  for (const name of await readdir('lib/comms')) {
    if (!name.endsWith('.test.ts') || name === HERE) continue
    const file = await readFile(`lib/comms/${name}`, 'utf8')
    for (const [id] of file.matchAll(/\bC-[A-Z]{3}-\d{2}\b/g)) cited.add(id)
  }
  expect(new Set(defined).size).toBe(defined.length)
  expect(defined.filter((id) => !cited.has(id))).toEqual([])
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})
