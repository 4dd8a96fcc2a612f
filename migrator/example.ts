import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Bad, type Batch, createClient } from './watchfloor-migrations'

// Moves the table job of one Postgres to the table task of another, in batches, and can be killed at any moment:
// a batch's rows, its bad rows, its checkpoint and its report-to-be are one transaction of the target.

const BATCH_ROWS = 100
const REPORT_BATCHES = 50
const SAMPLE_EVERY = 97
const PART = 'jobs'

const STATES: Readonly<Record<string, string>> = { new: 'queued', run: 'running', ok: 'done', err: 'failed' }

type Job = {
  readonly id: string
  readonly version: number
  readonly owner: string | null
  readonly status: string
  readonly seconds: string
}
type Task = {
  readonly id: string
  readonly sourceVersion: number
  readonly owner: string
  readonly state: string
  readonly durationMs: number
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`Set ${name}.`)
  return value
}

/** The transform: a row of the old side becomes one of the new side, or is bad for a reason. */
function transformed(job: Job): Task | Bad {
  const bad = (kind: Bad['class'], reason: string): Bad => ({
    key: job.id,
    version: String(job.version),
    class: kind,
    reason,
  })
  if (job.owner === null) return bad('data', 'it has no owner')
  const state = STATES[job.status]
  if (state === undefined) return bad('mapping', `its status ${job.status} is not mapped`)
  const seconds = Number(job.seconds)
  if (!(seconds >= 0)) return bad('data', 'it took a negative time')
  return {
    id: job.id,
    sourceVersion: job.version,
    owner: job.owner,
    state,
    durationMs: Math.round(seconds * 1_000),
  }
}

const isBad = (row: Task | Bad): row is Bad => 'reason' in row

const BOOKS = `
  CREATE TABLE IF NOT EXISTS task (id BIGINT PRIMARY KEY, source_version INT NOT NULL, owner TEXT NOT NULL,
    state TEXT NOT NULL, duration_ms BIGINT NOT NULL);
  CREATE TABLE IF NOT EXISTS migrator_checkpoint (part TEXT PRIMARY KEY, seq INT NOT NULL, cursor BIGINT NOT NULL);
  CREATE TABLE IF NOT EXISTS migrator_batch (part TEXT, seq INT, cursor_to BIGINT NOT NULL, good INT NOT NULL,
    bad JSONB NOT NULL, is_reported BOOLEAN NOT NULL DEFAULT false, PRIMARY KEY (part, seq))`

async function readJobs(source: pg.Client, after: string): Promise<readonly Job[]> {
  const { rows } = await source.query<Job>(
    'SELECT id::text, version, owner, status, seconds::text FROM job WHERE id > $1 ORDER BY job.id LIMIT $2',
    [after, BATCH_ROWS],
  )
  return rows
}

async function writeTasks(target: pg.Client, tasks: readonly Task[]): Promise<void> {
  await target.query(
    `INSERT INTO task (id, source_version, owner, state, duration_ms)
     SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::bigint[])
     ON CONFLICT (id) DO UPDATE SET source_version = excluded.source_version, owner = excluded.owner,
       state = excluded.state, duration_ms = excluded.duration_ms
     WHERE task.source_version <= excluded.source_version`,
    [
      tasks.map(({ id }) => id),
      tasks.map(({ sourceVersion }) => sourceVersion),
      tasks.map(({ owner }) => owner),
      tasks.map(({ state }) => state),
      tasks.map(({ durationMs }) => durationMs),
    ],
  )
}

/** One batch as one transaction of the target; gives false when the source has no more rows. */
async function moveBatch(source: pg.Client, target: pg.Client): Promise<boolean> {
  const { rows } = await target.query<{ seq: number; cursor: string }>(
    'SELECT seq, cursor::text FROM migrator_checkpoint WHERE part = $1',
    [PART],
  )
  const { seq, cursor } = rows[0] ?? { seq: 0, cursor: '0' }
  const jobs = await readJobs(source, cursor)
  const last = jobs.at(-1)
  if (last === undefined) return false
  const all = jobs.map(transformed)
  const bad = all.filter(isBad)
  const tasks = all.filter((row): row is Task => !isBad(row))
  await target.query('BEGIN')
  await writeTasks(target, tasks)
  await target.query(
    'INSERT INTO migrator_batch (part, seq, cursor_to, good, bad) VALUES ($1, $2, $3, $4, $5)',
    [PART, seq + 1, last.id, tasks.length, JSON.stringify(bad)],
  )
  await target.query(
    `INSERT INTO migrator_checkpoint (part, seq, cursor) VALUES ($1, $2, $3)
     ON CONFLICT (part) DO UPDATE SET seq = excluded.seq, cursor = excluded.cursor`,
    [PART, seq + 1, last.id],
  )
  await target.query('COMMIT')
  return true
}

type Client = ReturnType<typeof createClient>

async function unreported(target: pg.Client): Promise<readonly Batch[]> {
  const { rows } = await target.query<{ seq: number; cursor_to: string; good: number; bad: Bad[] }>(
    `SELECT seq, cursor_to::text, good, bad FROM migrator_batch WHERE part = $1 AND NOT is_reported
     ORDER BY seq LIMIT $2`,
    [PART, REPORT_BATCHES],
  )
  return rows.map(({ seq, cursor_to, good, bad }) => ({ seq, cursorTo: cursor_to, good, bad }))
}

/** Tells what is not told yet; gives why to stop, or undefined. */
async function report(client: Client, target: pg.Client, isDone: boolean): Promise<string | undefined> {
  for (;;) {
    const batches = await unreported(target)
    const isLast = batches.length < REPORT_BATCHES
    const going = await client.reportBatches(PART, batches, isDone && isLast)
    await target.query('UPDATE migrator_batch SET is_reported = true WHERE part = $1 AND seq <= $2', [
      PART,
      going.seq,
    ])
    if (!going.proceed && going.state !== 'done') return going.why
    if (isLast) return undefined
  }
}

type Ends = { readonly source: pg.Client; readonly target: pg.Client; readonly pauseMs: number }

/** Moves what is left; gives why it had to stop, or undefined. */
async function move(client: Client, { source, target, pauseMs }: Ends): Promise<string | undefined> {
  for (let moved = 0; ; moved += 1) {
    const why = moved % REPORT_BATCHES === 0 ? await report(client, target, false) : undefined
    if (why !== undefined) return why
    if (!(await moveBatch(source, target))) return report(client, target, true)
    if (pauseMs > 0) await sleep(pauseMs)
  }
}

async function retry(client: Client, source: pg.Client, target: pg.Client): Promise<void> {
  const keys = await client.rowsToRetry(PART)
  if (keys.length === 0) return
  const { rows } = await source.query<Job>(
    'SELECT id::text, version, owner, status, seconds::text FROM job WHERE id = ANY($1::bigint[])',
    [keys],
  )
  const all = rows.map(transformed)
  const tasks = all.filter((row): row is Task => !isBad(row))
  await writeTasks(target, tasks)
  await client.reportRetries(
    PART,
    tasks.map(({ id }) => id),
    all.filter(isBad),
  )
}

const lineOf = ({ id, sourceVersion, owner, state, durationMs }: Task): string =>
  [id, sourceVersion, owner, state, durationMs].join('\u001f')

/** A sum of hashes does not depend on the order of the rows. */
function summed(sum: bigint, line: string): bigint {
  const digest = createHash('sha256').update(line).digest()
  return (sum + digest.readBigUInt64BE(0)) % 2n ** 64n
}

type Sums = {
  readonly count: number
  readonly good: number
  readonly sum: bigint
  readonly sample: ReadonlyMap<string, string>
}

async function sumsOfOld(source: pg.Client): Promise<Sums> {
  let [count, good, sum, cursor] = [0, 0, 0n, '0']
  const sample = new Map<string, string>()
  for (;;) {
    const jobs = await readJobs(source, cursor)
    for (const job of jobs) {
      count += 1
      const task = transformed(job)
      if (isBad(task)) continue
      sum = summed(sum, lineOf(task))
      if (good % SAMPLE_EVERY === 0) sample.set(task.id, lineOf(task))
      good += 1
    }
    const last = jobs.at(-1)
    if (last === undefined) return { count, good, sum, sample }
    cursor = last.id
  }
}

async function validate(client: Client, source: pg.Client, target: pg.Client): Promise<void> {
  const old = await sumsOfOld(source)
  let [count, sum, differing, cursor] = [0, 0n, 0, '0']
  for (;;) {
    const { rows } = await target.query<Task>(
      `SELECT id::text, source_version AS "sourceVersion", owner, state, duration_ms::int AS "durationMs"
       FROM task WHERE id > $1 ORDER BY task.id LIMIT 1000`,
      [cursor],
    )
    for (const task of rows) {
      count += 1
      sum = summed(sum, lineOf(task))
      const expected = old.sample.get(task.id)
      if (expected !== undefined && expected !== lineOf(task)) differing += 1
    }
    const last = rows.at(-1)
    if (last === undefined) break
    cursor = last.id
  }
  const body = {
    oldCount: old.count,
    newCount: count,
    oldChecksum: old.sum.toString(16),
    newChecksum: sum.toString(16),
    sampled: old.sample.size,
    differing,
  }
  await client.reportFigures([{ kind: 'counts', part: PART, body }])
}

async function main(): Promise<number> {
  const client = createClient({
    baseUrl: required('WATCHFLOOR_URL'),
    apiKey: required('WATCHFLOOR_API_KEY'),
    migration: Number(required('WATCHFLOOR_MIGRATION')),
  })
  const pauseMs = Number(process.env.BATCH_PAUSE_MS ?? 0)
  const source = new pg.Client({ connectionString: required('SOURCE_URL') })
  const target = new pg.Client({ connectionString: required('TARGET_URL') })
  await Promise.all([source.connect(), target.connect()])
  try {
    await target.query(BOOKS)
    const { rows } = await source.query<{ count: string }>('SELECT count(*) FROM job')
    const opened = await client.openPart(PART, Number(rows[0]?.count ?? 0))
    await target.query('UPDATE migrator_batch SET is_reported = true WHERE part = $1 AND seq <= $2', [
      PART,
      opened.seq,
    ])
    if (opened.state !== 'done') {
      const why = await move(client, { source, target, pauseMs })
      if (why !== undefined) return stopped(why)
    }
    await retry(client, source, target)
    await validate(client, source, target)
    process.stdout.write('every row is moved or in quarantine\n')
    return 0
  } finally {
    await Promise.all([source.end(), target.end()])
  }
}

function stopped(why: string): number {
  process.stderr.write(`Watchfloor says stop: ${why}\nStart it again when a person lets it go on.\n`)
  return 3
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
