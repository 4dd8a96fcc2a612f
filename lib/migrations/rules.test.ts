import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { DEFAULT_MIGRATIONS_POLICY, migrationsPolicySchema } from './policy'

it('the shipped file says what counts without it', () => {
  const shipped: unknown = parse(readFileSync('runbooks/policy/migrations.yaml', 'utf8'))
  expect(migrationsPolicySchema.parse(shipped)).toEqual(DEFAULT_MIGRATIONS_POLICY)
})

it('every rule on migrations is proven by a test', () => {
  const rules = readFileSync('docs/rules/migrations.md', 'utf8')
  const own = readdirSync('lib/migrations').filter((file) => file.endsWith('.test.ts'))
  const files = [...own.map((file) => `lib/migrations/${file}`), 'scripts/assess/assess.test.mjs']
  const tests = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  const ids = [...rules.matchAll(/\*\*(MG-(?!FLAG)[A-Z]+-\d{2})\*\*/g)].map((match) => match[1] ?? '')
  expect(ids.filter((id) => !tests.includes(`'${id} `))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
})
