import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

const MIGRATIONS = 'prisma/migrations'

function templateName(): string {
  const hash = createHash('sha256')
  for (const folder of readdirSync(MIGRATIONS).sort()) {
    if (folder.endsWith('.toml')) continue
    hash.update(folder).update(readFileSync(join(MIGRATIONS, folder, 'migration.sql')))
  }
  return `wf_template_${hash.digest('hex').slice(0, 12)}`
}

/** setup brings a migrated template database, from which every test file's own database is copied. */
export default async function setup(): Promise<() => Promise<void>> {
  const name = templateName()
  const node = process.execPath
  const run = (args: string[]): string =>
    execFileSync(node, ['scripts/db.mjs', ...args], { encoding: 'utf8' }).trim()
  const url = run(['url', '--database', name]).split('\n').at(-1) ?? ''
  run(['migrate', '--database', name])
  process.env.TEST_TEMPLATE_URL = url
  const prefix = `wf_test_${process.pid}_`
  process.env.TEST_DATABASE_PREFIX = prefix
  return async () => {
    const client = new pg.Client({ connectionString: url.replace(/\/[^/]+$/, '/postgres') })
    await client.connect()
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    )
    for (const row of rows) await client.query(`DROP DATABASE IF EXISTS "${row.datname}" WITH (FORCE)`)
    await client.end()
  }
}
