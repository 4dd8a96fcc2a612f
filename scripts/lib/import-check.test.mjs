import { expect, test } from 'vitest'
import { findBlindRules } from './import-check.mjs'
import { violations } from './import-rules.mjs'
import { importCycles, readImports } from './imports.mjs'

test('every rule finds the violation planted for it, and no rule is without one', () => {
  expect(findBlindRules()).toEqual([])
})

const forms = [
  [`import { a } from './x'`, false],
  [`import './x'`, false],
  [`import { type A, b } from './x'`, false],
  [`export * from './x'`, false],
  [`export { a } from './x'`, false],
  [`const a = await import('./x')`, false],
  [`import type { A } from './x'`, true],
  [`import { type A } from './x'`, true],
  [`export type { A } from './x'`, true],
  [`export { type A } from './x'`, true],
  [`export type * from './x'`, true],
  [`type A = import('./x').A`, true],
]
test.each(forms)('%s is seen, and whether it is a type', (text, isType) => {
  expect(readImports('a.tsx', `\n${text}\n`)).toEqual([{ request: './x', isType, line: 2 }])
})

test('an import in a comment or a string is none', () => {
  expect(readImports('a.ts', `// import('./x')\n/* import './y' */\nconst a = "import './z'"`)).toEqual([])
})

const edge = (from, file, isType = false) => ({ from, line: 1, request: file, isType, to: { file } })

const allowed = [
  ['a page uses a query', edge('app/page.tsx', 'lib/health/queries.ts')],
  ['a component uses a pure file', edge('components/fleet/row.tsx', 'lib/health/model.ts')],
  ['a pure file uses the type of a reading', edge('lib/health/model.ts', 'lib/sources/reading.ts')],
  ['a store uses the database', edge('lib/health/store.ts', 'lib/platform/db.ts')],
  ['a command uses another room’s command', edge('lib/incidents/commands.ts', 'lib/comms/commands.ts')],
  ['the browser’s side uses types of the registry', edge('lib/client/api.ts', 'lib/registry.ts', true)],
  ['the console composes adapters', edge('lib/console.ts', 'lib/sources/vast/client.ts')],
  ['a test may reach for anything', edge('lib/health/model.test.ts', 'simulator/world.ts')],
]
test.each(allowed)('%s', (_name, one) => {
  expect(violations([one])).toEqual([])
})

test('a cycle of types alone is no cycle', () => {
  const ring = [edge('a.ts', 'b.ts'), edge('b.ts', 'c.ts'), edge('c.ts', 'a.ts')]
  expect(importCycles(ring)).toEqual([['a.ts', 'b.ts', 'c.ts']])
  expect(importCycles([...ring.slice(0, 2), edge('c.ts', 'a.ts', true)])).toEqual([])
})
