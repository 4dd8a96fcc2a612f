import { createHash, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { root } from '../scripts/lib/checkout.mjs'
import { run } from '../scripts/lib/commands.mjs'
import { createDatabase, dropDatabase } from '../scripts/lib/databases.mjs'
import { productEnvironment } from '../scripts/lib/environment.mjs'
import { migrate } from '../scripts/lib/migrations.mjs'
import { holdPostgres, releasePostgres } from '../scripts/lib/postgres.mjs'

/** Database is a fresh, migrated database with the demo people, on the checkout's own Postgres. */
export type Database = {
  readonly url: string
  readonly pool: pg.Pool
  readonly version: string
  /** backends are the server's processes that work for this database, and those that work for all. */
  readonly backends: () => Promise<readonly number[]>
  /** issueToken lets an instance's agent report, and gives its token. */
  readonly issueTokens: (instanceIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly drop: () => Promise<void>
}

/** freshDatabase makes a database of its own for one run, on this server if one is named; `drop` removes it. */
export async function freshDatabase(folder: string, named?: string): Promise<Database> {
  const name = `watchfloor_bench_${process.pid}_${randomBytes(3).toString('hex')}`
  // A hold for each database: a run with several must not stop the server under the rest when the first is dropped.
  const holder = `bench-${name}`
  const own = named ?? process.env.DATABASE_URL
  const server: string = own ?? (await holdPostgres(holder)).url
  const url: string = await createDatabase(server, name)
  const release = async (): Promise<void> => {
    await dropDatabase(server, name)
    if (own === undefined) await releasePostgres(holder)
  }
  try {
    await migrate(url)
    await seedPeople(url, folder)
  } catch (error) {
    await release()
    throw error
  }
  const pool = new pg.Pool({ connectionString: url, max: 3, application_name: 'bench' })
  pool.on('error', () => undefined)
  const { rows } = await pool.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  )
  return {
    url,
    pool,
    version: rows[0]?.version.split(' ')[0] ?? 'unknown',
    backends: async () => {
      const found = await pool.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE (datname = $1 OR datname IS NULL) AND application_name <> 'bench'`,
        [name],
      )
      return found.rows.map((row) => row.pid)
    },
    issueTokens: (ids) => issueTokens(pool, ids),
    drop: async () => {
      await pool.end().catch(() => undefined)
      await release()
    },
  }
}

async function seedPeople(url: string, folder: string): Promise<void> {
  const people = join(folder, 'people.json')
  const { code, output, errors } = await run(
    process.execPath,
    [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(root, 'prisma', 'seed.ts')],
    {
      env: {
        ...productEnvironment({ databaseUrl: url, port: 3000, simulator: undefined }),
        WATCHFLOOR_SIMULATED: '1',
        WATCHFLOOR_DEMO_PEOPLE: people,
      },
    },
  )
  rmSync(people, { force: true })
  if (code !== 0) throw new Error(`the seed failed:\n${output}\n${errors}`)
}

async function issueTokens(
  pool: pg.Pool,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map(instanceIds.map((id) => [id, `wfa_${randomBytes(24).toString('base64url')}`]))
  await pool.query(
    `INSERT INTO agent_token (instance_id, token_hash, issued_by, issued_at)
     SELECT item.id, item.hash, 'bench', now() FROM unnest($1::text[], $2::text[]) AS item(id, hash)`,
    [
      [...tokens.keys()],
      [...tokens.values()].map((token) => createHash('sha256').update(token).digest('hex')),
    ],
  )
  return tokens
}
