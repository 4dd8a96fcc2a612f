import { rmSync } from 'node:fs'
import pg from 'pg'
import type { Somebody } from '../../lib/access/testing/somebody'
import { createDatabase, dropDatabase } from '../../scripts/lib/databases.mjs'
import { progress, until } from '../clock'
import { bundled, type Doors, openDoors } from '../doors'
import { logTail, type Program } from '../processes'
import { atLeast, atMost } from '../report'
import type { Measured, Suite } from '../suite'

const KILLS = 10
const PART = 'jobs'
/** Of 300 rows three are bad, each for a reason of its own: 1 %. */
const REASONS = [
  [7, 'it has no owner'],
  [107, 'its status weird is not mapped'],
  [207, 'it took a negative time'],
] as const

/** migrator kills the example migrator while it moves rows between two databases, and counts every row after (bar F2). */
export const migrator: Suite = {
  name: 'migrator',
  workload:
    'rows of which 1 % are bad, moved by the example migrator between two Postgres databases in batches of 100 through the product’s own doors; it is stopped by the limit of bad rows until a person tolerates them, and killed with kill -9 ten times',
  run: async ({ quick }) => {
    const doors = await openDoors()
    try {
      return await measure(doors, quick ? 12_000 : 100_000)
    } finally {
      await doors.stop()
    }
  },
}

type Ends = {
  readonly doors: Doors
  readonly script: string
  readonly env: NodeJS.ProcessEnv
  readonly target: pg.Pool
}

async function measure(doors: Doors, rows: number): Promise<Measured> {
  const names = ['old', 'new'].map((side) => `${new URL(doors.database.url).pathname.slice(1)}_${side}`)
  const [oldUrl, newUrl] = [
    await createDatabase(doors.database.url, names[0] ?? ''),
    await createDatabase(doors.database.url, names[1] ?? ''),
  ]
  const script = await bundled(new URL('../../migrator/example.ts', import.meta.url), 'migrator')
  const pools = [oldUrl, newUrl].map((url: string) => new pg.Pool({ connectionString: url, max: 2 }))
  const [source, target] = pools
  if (!source || !target) throw new Error('there are two ends')
  try {
    await fill(source, rows)
    const people = { ana: await doors.person(['commander']), raj: await doors.person(['manager']) }
    const number = await readyToMove(people)
    const key = await doors.keyOf(people.ana, ['migrations.read', 'migrations.report'])
    const env = {
      ...process.env,
      SOURCE_URL: oldUrl,
      TARGET_URL: newUrl,
      WATCHFLOOR_URL: doors.base,
      WATCHFLOOR_API_KEY: key,
      WATCHFLOOR_MIGRATION: String(number),
      // Slow enough to be met in the middle of a batch, whatever else the machine does.
      BATCH_PAUSE_MS: rows < 50_000 ? '40' : '5',
    }
    const ends: Ends = { doors, script, env, target }
    const startedMs = performance.now()
    const stops = await untilStopped(ends)
    await people.ana.does('migrations.steerPart', {
      number,
      part: PART,
      to: 'running',
      toleratedPercent: 2,
      reason: 'one in a hundred is known to be bad',
    })
    const kills = await killed(ends, rows)
    await finished(start(ends))
    const seconds = (performance.now() - startedMs) / 1_000
    return {
      ...(await judged({ doors, source, target, number, rows, kills, stops, seconds })),
      postgres: doors.database.version,
    }
  } finally {
    for (const pool of pools) await pool.end()
    for (const name of names) await dropDatabase(doors.database.url, name)
    rmSync(script, { force: true })
  }
}

async function fill(source: pg.Pool, rows: number): Promise<void> {
  await source.query(
    'CREATE TABLE job (id BIGINT PRIMARY KEY, version INT NOT NULL, owner TEXT, status TEXT NOT NULL, seconds NUMERIC NOT NULL)',
  )
  await source.query(
    `INSERT INTO job SELECT id, 1 + id % 3, CASE WHEN id % 300 = 7 THEN NULL ELSE 'owner-' || id % 50 END,
       CASE WHEN id % 300 = 107 THEN 'weird' ELSE (ARRAY['new','run','ok','err'])[1 + id % 4] END,
       CASE WHEN id % 300 = 207 THEN -1 ELSE (id % 900) / 10.0 END
     FROM generate_series(1, $1::bigint) AS id`,
    [rows],
  )
}

/** A rehearsal up to the point where data is moved, by the commands that people use. */
async function readyToMove({
  ana,
  raj,
}: {
  readonly ana: Somebody
  readonly raj: Somebody
}): Promise<number> {
  const { number } = await ana.does('migrations.create', {
    title: 'A measurement',
    kind: 'competitor',
    fromProvider: 'old',
    toProvider: 'new',
    flagKey: 'bench-migration',
    isRehearsal: true,
  })
  const see = () => ana.asks('migrations.one', { number })
  const step = async () => ana.does('migrations.advance', { number, version: (await see()).version })
  const none = {
    findings: 1,
    files: 1,
    integrationPoints: 1,
    dependencies: [],
    credentials: [],
    customisations: [],
  }
  await ana.does('migrations.saveInventory', {
    number,
    inventory: { providers: [{ id: 'old', name: 'Old', ...none }], dataTypes: [{ name: PART, records: 1 }] },
  })
  const subject = (await see()).gates.find(({ gate }) => gate === 'assessment')?.subject ?? ''
  await raj.does('migrations.approve', { number, gate: 'assessment', slot: 'manager', subject })
  await step()
  for (const { items } of (await see()).phases)
    for (const { id } of items) await ana.does('migrations.tick', { number, item: id, evidence: 'measured' })
  const contract = { kind: 'contract', body: { passed: 1, failed: 0 } } as const
  await ana.does('migrations.reportFigures', { number, figures: [contract] })
  await step()
  await until(
    'writes have counted',
    async () => {
      const window = { track: 'writes' as const, at: new Date().toISOString(), requests: 5 }
      await ana.does('migrations.reportTraffic', { number, reporter: 'bench', windows: [window] })
      return (await see()).next?.guards.every(({ isMet }) => isMet) ?? false
    },
    10_000,
    200,
  )
  await step()
  return number
}

function start({ doors, script, env }: Ends): Program {
  return doors.programs.start({ name: 'migrator', program: process.execPath, args: [script], env })
}

async function finished(program: Program): Promise<void> {
  await until('the migrator ends', () => program.ended, 240_000, 50)
  if (program.how !== 'code 0') throw new Error(`the migrator ended with ${program.how}\n${logTail(program)}`)
}

/** Without a person's word the limit of bad rows stops it. */
async function untilStopped(ends: Ends): Promise<number> {
  const program = start(ends)
  await until('bad rows stop it', () => program.ended, 60_000, 50)
  if (program.how !== 'code 3') throw new Error(`the migrator ended with ${program.how}\n${logTail(program)}`)
  return 1
}

/** Kills spread over the run: each at a batch of its own, in whatever it does there. */
async function killed(ends: Ends, rows: number): Promise<number> {
  let kills = 0
  const batches = async (): Promise<number> => {
    const { rows: found } = await ends.target.query<{ count: number }>(
      'SELECT count(*)::int FROM migrator_batch',
    )
    return found[0]?.count ?? 0
  }
  const from = await batches()
  progress(`stopped at batch ${from}`)
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const at = from + Math.floor(((rows / 100 - from) * kill) / (KILLS + 1))
    const program = start(ends)
    await until(`batch ${at}`, async () => program.ended || (await batches()) >= at, 120_000, 5)
    if (program.ended)
      throw new Error(`the migrator ended before kill ${kill}: ${program.how}\n${logTail(program)}`)
    process.kill(program.pid, 'SIGKILL')
    await until('it is dead', () => program.ended, 10_000, 10)
    kills += 1
    progress(`kill ${kill} at batch ${await batches()}`)
  }
  return kills
}

type Done = {
  readonly doors: Doors
  readonly source: pg.Pool
  readonly target: pg.Pool
  readonly number: number
  readonly rows: number
  readonly kills: number
  readonly stops: number
  readonly seconds: number
}

async function idsOf(pool: pg.Pool, sql: string): Promise<readonly string[]> {
  return (await pool.query<{ id: string }>(sql)).rows.map(({ id }) => id)
}

async function judged(done: Done): Promise<Measured> {
  const { doors, source, target, number, rows, kills, stops, seconds } = done
  const bad = REASONS.map(([rest]) => `id % 300 = ${rest}`).join(' OR ')
  const good = await idsOf(source, `SELECT id::text FROM job WHERE NOT (${bad}) ORDER BY id`)
  const moved = await idsOf(target, 'SELECT id::text FROM task ORDER BY id')
  const movedSet = new Set(moved)
  const missing = good.filter((id) => !movedSet.has(id)).length
  const extra = moved.length - (good.length - missing)
  const { pool } = doors.database
  const quarantine = await pool.query<{ key: string; reason: string }>(
    `SELECT source_key AS key, reason FROM migration_quarantine AS q JOIN migration AS m ON m.id = q.migration_id
     WHERE m.number = $1`,
    [number],
  )
  const reasons = new Map(quarantine.rows.map(({ key, reason }) => [key, reason]))
  const wanted = new Map<string, string>()
  for (let id = 1; id <= rows; id += 1) {
    const reason = REASONS.find(([rest]) => id % 300 === rest)?.[1]
    if (reason !== undefined) wanted.set(String(id), reason)
  }
  const unlike =
    [...wanted].filter(([id, reason]) => reasons.get(id) !== reason).length +
    [...reasons.keys()].filter((id) => !wanted.has(id)).length
  const books = await pool.query<{
    good: number
    bad: number
    batches: number
    sum: number
    last: number
    state: string
  }>(
    `SELECT p.good_rows AS good, p.bad_rows AS bad, p.batches, p.state, sum(b.good)::int AS sum, max(b.seq) AS last
     FROM migration_part AS p JOIN migration AS m ON m.id = p.migration_id
     JOIN migration_batch AS b ON b.migration_id = p.migration_id AND b.part = p.name
     WHERE m.number = $1 GROUP BY 1, 2, 3, 4`,
    [number],
  )
  const [book] = books.rows
  const figure = await pool.query<{
    body: { oldCount: number; newCount: number; oldChecksum: string; newChecksum: string }
  }>(
    `SELECT f.body FROM migration_figure AS f JOIN migration AS m ON m.id = f.migration_id
     WHERE m.number = $1 AND f.kind = 'counts'`,
    [number],
  )
  const counts = figure.rows[0]?.body
  const isSame =
    book?.good === good.length &&
    book.bad === wanted.size &&
    book.sum === good.length &&
    book.last === book.batches &&
    book.state === 'done' &&
    counts?.oldCount === rows &&
    counts.newCount === good.length &&
    counts.oldChecksum === counts.newChecksum
  return {
    figures: {
      rows,
      good: good.length,
      bad: wanted.size,
      batches: book?.batches ?? 0,
      kills,
      stops,
      seconds,
    },
    bars: [
      atLeast({ id: 'F2', figure: 'kill -9 while it moved rows', value: kills, limit: KILLS, unit: 'kills' }),
      atMost({ id: 'F2', figure: 'good rows missing', value: missing, limit: 0, unit: 'rows' }),
      atMost({ id: 'F2', figure: 'rows too many', value: extra, limit: 0, unit: 'rows' }),
      atMost({
        id: 'F2',
        figure: 'bad rows not in quarantine with their reason',
        value: unlike,
        limit: 0,
        unit: 'rows',
      }),
      atLeast({
        id: 'F2',
        figure: 'counts and checksums match everywhere',
        value: isSame ? 1 : 0,
        limit: 1,
        unit: 'yes',
      }),
    ],
  }
}
