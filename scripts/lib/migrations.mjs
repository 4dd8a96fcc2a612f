import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, root } from './checkout.mjs'
import { query } from './databases.mjs'
import { runPrisma } from './prisma-cli.mjs'
import { contentHash, isStamped, stamp } from './stamps.mjs'

const COMPLETED = `SELECT migration_name FROM _prisma_migrations
  WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`

/** migrationNames lists the migrations that the checkout holds, oldest first. */
export function migrationNames() {
  const folder = join(root, 'prisma', 'migrations')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
    .map((entry) => entry.name)
    .sort()
}

/** pendingMigrations lists the migrations that a database has not completed yet. */
export async function pendingMigrations(databaseUrl) {
  const [table] = await query(databaseUrl, `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`)
  const applied = table.exists ? await query(databaseUrl, COMPLETED) : []
  const done = new Set(applied.map((row) => row.migration_name))
  return migrationNames().filter((name) => !done.has(name))
}

/** migrate applies what is pending and returns how many migrations that were. */
export async function migrate(databaseUrl) {
  const pending = await pendingMigrations(databaseUrl)
  if (pending.length === 0) return 0
  const { code, output } = await runPrisma(['migrate', 'deploy'], { databaseUrl })
  if (code !== 0)
    throw new Failure(
      `prisma migrate deploy failed:\n${output.trim()}`,
      'node scripts/prisma.mjs migrate status shows where it stands; node scripts/db.mjs reset starts afresh',
    )
  return pending.length
}

/** generateClient writes the Prisma client if the schema or Prisma itself changed, and tells whether it had to. */
export async function generateClient() {
  if (!existsSync(join(root, 'prisma', 'schema')))
    throw new Failure('prisma/schema is missing', 'restore it with git: git checkout -- prisma/schema')
  const hash = contentHash(root, ['prisma/schema', 'prisma.config.ts'], prismaVersion())
  const made = join(root, 'prisma', 'generated')
  if (isStamped('prisma-client', hash) && existsSync(made)) return false
  const { code, output } = await runPrisma(['generate'])
  if (code !== 0)
    throw new Failure(`prisma generate failed:\n${output.trim()}`, 'mend the schema file it names')
  stamp('prisma-client', hash)
  return true
}

function prismaVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.prisma
}
