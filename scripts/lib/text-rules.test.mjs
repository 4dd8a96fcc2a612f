import { expect, test } from 'vitest'
import { textViolations } from './text-rules.mjs'

const forbidden = [
  ['clock', 'lib/health/model.ts', 'const t = new Date()'],
  ['clock', 'components/time/ago.tsx', 'const t = Date.now()'],
  ['fetch', 'lib/sources/vast/client.ts', "await fetch('https://x')"],
  ['fetch', 'app/page.tsx', "await globalThis.fetch('x')"],
  ['env', 'lib/jobs/main.ts', 'const url = process.env.DATABASE_URL'],
  ['env', 'lib/jobs/main.ts', "const url = process['env'].X"],
  ['console', 'lib/jobs/main.ts', "console.log('x')"],
]
test.each(forbidden)('%s is found in %s', (rule, path, text) => {
  const found = textViolations(path, `\n${text}`)
  expect(found).toHaveLength(1)
  expect(found[0].startsWith(`${path}:2: ${rule},`)).toBe(true)
})

const fine = [
  ['lib/health/model.ts', 'const t = new Date(now)'],
  ['lib/platform/clock.ts', 'const t = new Date()'],
  ['lib/client/clock.ts', 'const t = Date.now()'],
  ['lib/client/api.ts', "await fetch('/api')"],
  ['lib/sources/a.ts', 'await http.fetch(url); query.refetch()'],
  ['lib/platform/env.ts', 'shape.parse(process.env)'],
  ['lib/audit/verify-cli.ts', "console.log('x', process.env.X)"],
  ['lib/health/model.ts', '// Date.now() and fetch( are forbidden here\nconst a = 1'],
]
test.each(fine)('%s may say %s', (path, text) => {
  expect(textViolations(path, text)).toEqual([])
})
