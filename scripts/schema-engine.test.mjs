import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from './lib/databases.mjs'
import { throwawayCheckout, writeTree } from './testing/throwaway.mjs'

const SCHEMA = {
  'prisma/schema/base.prisma':
    'generator client {\n  provider = "prisma-client"\n  output = "../generated"\n}\ndatasource db {\n  provider = "postgresql"\n}\n',
  'prisma/schema/thing.prisma': 'model Thing {\n  id String @id\n  name String\n}\n',
}
const APPEND_ONLY = `
CREATE FUNCTION refuse() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'append only; no; really';
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER append_only BEFORE UPDATE ON "Other" FOR EACH ROW EXECUTE FUNCTION refuse();
`

let checkout
let url
const prisma = (...args) =>
  checkout.node(['scripts/prisma.mjs', ...args], {
    PRISMA_SCHEMA_ENGINE_BINARY: join(checkout.path, 'scripts', 'schema-engine.mjs'),
  })
const migrationNamed = (name) =>
  join(
    checkout.path,
    'prisma/migrations',
    readdirSync(join(checkout.path, 'prisma/migrations')).find((folder) => folder.endsWith(`_${name}`)),
    'migration.sql',
  )

beforeAll(async () => {
  checkout = throwawayCheckout(SCHEMA)
  url = (await checkout.node(['scripts/db.mjs', 'url'])).text.trim().split('\n').at(-1)
})
afterAll(() => checkout.remove())

test('migrations are made, applied, compared, refused and reset as with Prisma’s own engine', async () => {
  const made = await prisma('migrate', 'dev', '--name', 'one')
  expect(made.text).toContain('Your database is now in sync with your schema')
  expect(readFileSync(migrationNamed('one'), 'utf8')).toContain('CREATE TABLE "Thing"')

  appendFileSync(join(checkout.path, 'prisma/schema/thing.prisma'), 'model Other {\n  id String @id\n}\n')
  const drafted = await prisma('migrate', 'dev', '--create-only', '--name', 'two')
  expect(drafted.text).toContain('without applying it')
  appendFileSync(migrationNamed('two'), APPEND_ONLY)
  expect((await prisma('migrate', 'status')).code).toBe(1)

  const deployed = await prisma('migrate', 'deploy')
  expect(deployed).toMatchObject({ code: 0, text: expect.stringContaining('successfully applied') })
  expect((await prisma('migrate', 'status')).code).toBe(0)
  await query(url, `INSERT INTO "Other" VALUES ('a')`)
  await expect(query(url, `UPDATE "Other" SET id = 'b'`)).rejects.toThrow('append only; no; really')

  const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema', '--exit-code']
  expect((await prisma(...diff)).code).toBe(0)
  appendFileSync(join(checkout.path, 'prisma/schema/thing.prisma'), 'model Third {\n  id String @id\n}\n')
  expect(await prisma(...diff, '--script')).toMatchObject({
    code: 2,
    text: expect.stringContaining('CREATE TABLE "Third"'),
  })

  expect((await prisma('migrate', 'dev', '--name', 'three')).code).toBe(0)
  await query(url, `INSERT INTO "Thing" VALUES ('a', 'b')`)
  expect((await prisma('migrate', 'reset', '--force')).code).toBe(0)
  expect(await query(url, 'SELECT count(*)::int AS n FROM "Thing"')).toEqual([{ n: 0 }])
}, 120_000)

test('a migration that fails is recorded, and nothing is applied on top of it', async () => {
  const folder = join(checkout.path, 'prisma/migrations/99990101000000_broken')
  writeTree(folder, { 'migration.sql': 'CREATE TABLE ok (id int);\nSELECT nonsense;' })
  const first = await prisma('migrate', 'deploy')
  expect(first).toMatchObject({ code: 1, text: expect.stringContaining('99990101000000_broken') })
  const second = await prisma('migrate', 'deploy')
  expect(second).toMatchObject({ code: 1, text: expect.stringContaining('P3009') })
}, 60_000)

test('a database that does not answer is called so', async () => {
  const { code, text } = await checkout.node(['scripts/prisma.mjs', 'migrate', 'deploy'], {
    DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:1/none',
    PRISMA_SCHEMA_ENGINE_BINARY: join(checkout.path, 'scripts', 'schema-engine.mjs'),
  })
  expect(code).toBe(1)
  expect(text).toContain('P1001')
}, 30_000)
