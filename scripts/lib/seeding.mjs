import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, root, statePath } from './checkout.mjs'
import { run } from './commands.mjs'
import { query } from './databases.mjs'
import { productEnvironment } from './environment.mjs'
import { contentHash, isStamped, stamp } from './stamps.mjs'

/** seed fills the demo data in, unless this database has it from the same seed already; it tells whether it had to. */
export async function seed(databaseUrl) {
  const script = join(root, 'prisma', 'seed.ts')
  if (!existsSync(script)) return false
  const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1))
  const hash = contentHash(root, ['prisma'], await databaseIdentity(databaseUrl))
  if (isStamped(`seed-${name}`, hash) && existsSync(peoplePath(name))) return false
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
  const env = {
    ...productEnvironment({ databaseUrl, port: 3000 }),
    WATCHFLOOR_SIMULATED: '1',
    WATCHFLOOR_DEMO_PEOPLE: peoplePath(name),
  }
  const { code, output, errors } = await run(process.execPath, [tsx, script], { env })
  if (code !== 0)
    throw new Failure(
      `the seed failed:\n${`${output}\n${errors}`.trim()}`,
      'node scripts/db.mjs reset empties the database; then try again',
    )
  stamp(`seed-${name}`, hash)
  return true
}

// A database that was dropped and made again has another identity, though its address is the same.
async function databaseIdentity(databaseUrl) {
  const [row] = await query(
    databaseUrl,
    'SELECT d.oid::text AS oid, s.system_identifier::text AS cluster FROM pg_database d, pg_control_system() s WHERE d.datname = current_database()',
  )
  return `${row.cluster}/${row.oid}`
}

/** peoplePath is where the seed of a database writes who can sign in. */
export function peoplePath(databaseName) {
  return statePath(databaseName === 'watchfloor' ? 'demo-people.json' : `demo-people-${databaseName}.json`)
}

/** demoPeople lists who can sign in to the demo: [{name, email, password, role}]; empty when there is no demo. */
export function demoPeople(databaseName = 'watchfloor') {
  if (!existsSync(peoplePath(databaseName))) return []
  const people = JSON.parse(readFileSync(peoplePath(databaseName), 'utf8'))
  return Array.isArray(people) ? people : (people.people ?? [])
}
