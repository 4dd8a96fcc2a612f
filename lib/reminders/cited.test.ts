import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

test.each(['reminders', 'subscribers'])(
  'every rule of %s is proven by a test, and every cited rule is written down once',
  async (room) => {
    const text = await readFile(`docs/rules/${room}.md`, 'utf8')
    const defined = [...text.matchAll(/^- \*\*([SR]-[A-Z]{3,4}(?:-\d+)?)\*\*/gm)].map(
      (match) => match[1] ?? '',
    )
    const cited = new Set<string>()
    for (const name of await readdir(`lib/${room}`)) {
      if (!name.endsWith('.test.ts') || name === 'cited.test.ts') continue
      const file = await readFile(`lib/${room}/${name}`, 'utf8')
      for (const [, id] of file.matchAll(/['`]([SR]-[A-Z]{3,4}(?:-\d+)?) /g)) if (id) cited.add(id)
    }
    expect(new Set(defined).size).toBe(defined.length)
    expect(defined.filter((id) => !cited.has(id))).toEqual([])
    expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
  },
)
