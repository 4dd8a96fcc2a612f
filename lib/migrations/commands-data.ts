import { z } from 'zod'
import { defineCommand, type Outcome } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { redactText } from '../platform/redact'
import { afterBatch, stopReason } from './batches'
import { number, reason, touchedBy } from './commands'
import { nameOf, personIn } from './load-actor'
import { CLASSES } from './model'
import {
  type BatchRow,
  changePart,
  findBatches,
  insertBatches,
  lockPart,
  openPart as openPartRow,
  type PartRow,
  quarantine,
  settle,
} from './part-store'
import { getMigration, hashOf, lockMigration, type MigrationRow, tell } from './store'

const part = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][\w .-]{0,79}$/, 'letters, digits, dots and dashes')
const key = z.string().min(1).max(200)

const bad = z.strictObject({
  key,
  version: z.string().max(80).default(''),
  class: z.enum(CLASSES),
  reason: z.string().trim().min(1).max(300),
})

const batch = z
  .strictObject({
    /** seq counts the batches of a part from 1, without a gap; the same one told again changes nothing. */
    seq: z.int().min(1),
    cursorTo: z.string().max(500),
    good: z.int().min(0),
    bad: z.array(bad).max(1_000).default([]),
    /** problem is why the batch failed as a whole; none of its rows count. */
    problem: z.string().trim().max(300).default(''),
  })
  .refine(({ problem, good, bad: rows }) => problem === '' || good + rows.length === 0, {
    message: 'a batch that failed moved nothing',
    path: ['problem'],
  })

/** Going tells a migrator whether to go on, and from where. */
type Going = {
  readonly proceed: boolean
  /** state is that of the part; a part that is done needs nothing more. */
  readonly state: string
  readonly why: string
  readonly cursor: string
  readonly seq: number
}

function goingOf(row: MigrationRow, standing: PartRow): Going {
  const isOpen = row.state === 'backfilling'
  const why = isOpen ? standing.why : 'Data is not being moved now.'
  return {
    proceed: isOpen && standing.state === 'running',
    state: standing.state,
    why: standing.state === 'running' && isOpen ? '' : why,
    cursor: standing.cursor,
    seq: standing.batches,
  }
}

const going = z.object({
  proceed: z.boolean(),
  state: z.string(),
  why: z.string(),
  cursor: z.string(),
  seq: z.int(),
})

function outcome(
  row: MigrationRow,
  result: Going,
  detail: Readonly<Record<string, unknown>>,
): Outcome<Going> {
  return {
    result,
    audit: { subject: `migration:${row.number}`, detail },
    touched: touchedBy(row),
  }
}

/** openPart begins a part of the data, or tells how far it is: a migrator calls it at every start. */
export const openPart = defineCommand({
  name: 'migrations.openPart',
  summary: 'Begins a part of the data, or tells a migrator that starts again how far it is.',
  permission: 'migrations.report',
  output: going,
  input: z.strictObject({ number, part, expectedRows: z.int().min(0).nullable().default(null) }),
  run: async ({ tx, now }, input) => {
    const row = await lockMigration(tx, input.number)
    if (row.state !== 'backfilling')
      throw new AppError('conflict', 'Data is not being moved now: the migration is in another state.')
    const standing = await openPartRow(
      tx,
      { migrationId: row.id, name: input.part, expectedRows: input.expectedRows },
      now,
    )
    return outcome(row, goingOf(row, standing), { part: input.part, expectedRows: input.expectedRows })
  },
})

async function knownPart(tx: Tx, row: MigrationRow, name: string): Promise<PartRow> {
  const standing = await lockPart(tx, row.id, name)
  if (standing) return standing
  throw new AppError('not_found', `Nobody opened the part ${name}.`)
}

type Batch = z.output<typeof batch>

/** What is new in a report: batches that are known must say the same, and the others follow without a gap. */
async function fresh(
  tx: Tx,
  standing: PartRow,
  batches: readonly Batch[],
): Promise<readonly (Batch & { digest: string })[]> {
  const sorted = [...batches]
    .sort((one, other) => one.seq - other.seq)
    .map((one) => ({ ...one, digest: hashOf(one) }))
  const known = await findBatches(
    tx,
    standing,
    sorted.map(({ seq }) => seq),
  )
  const wrong = sorted.find(({ seq, digest }) => known.has(seq) && known.get(seq)?.digest !== digest)
  if (wrong)
    throw new AppError('conflict', `Batch ${wrong.seq} was reported before, and said something else.`, {
      current: { seq: wrong.seq, good: known.get(wrong.seq)?.good, bad: known.get(wrong.seq)?.bad },
    })
  const added = sorted.filter(({ seq }) => !known.has(seq))
  added.forEach(({ seq }, at) => {
    if (seq !== standing.batches + at + 1)
      throw new AppError('conflict', `Batch ${standing.batches + at + 1} comes next, not ${seq}.`, {
        current: { seq: standing.batches, cursor: standing.cursor },
      })
  })
  return added
}

/** reportBatches keeps what a migrator moved, each batch once, and says whether to go on. */
export const reportBatches = defineCommand({
  name: 'migrations.reportBatches',
  summary: 'Reports batches of rows that were moved, each once and in order; says whether to go on.',
  permission: 'migrations.report',
  output: going,
  input: z.strictObject({
    number,
    part,
    batches: z.array(batch).max(200),
    /** isDone says that the source has no more rows. */
    isDone: z.boolean().default(false),
  }),
  run: async ({ tx, actor, now }, input) => {
    const row = await lockMigration(tx, input.number)
    const standing = await knownPart(tx, row, input.part)
    const by = nameOf(actor)
    const added = await fresh(tx, standing, input.batches)
    let progress = standing as Pick<PartRow, 'goodRows' | 'badRows' | 'failedRun'>
    for (const one of added)
      progress = afterBatch(progress, { good: one.good, bad: one.bad.length, problem: one.problem })
    await insertBatches(
      tx,
      added.map(
        (one): BatchRow => ({
          migrationId: row.id,
          part: standing.name,
          seq: one.seq,
          cursorTo: one.cursorTo,
          good: one.good,
          bad: one.bad.length,
          problem: redactText(one.problem),
          digest: one.digest,
          at: now,
          by,
        }),
      ),
    )
    const rows = added.flatMap((one) => one.bad.map((each) => ({ ...each, reason: redactText(each.reason) })))
    await quarantine(tx, standing, rows, now)
    const why = stopReason(progress, row.policy, standing.tolerated)
    const isStopped = why !== undefined && standing.state === 'running'
    const isDone = input.isDone && !isStopped && standing.state === 'running'
    const { goodRows, badRows, failedRun } = progress
    const next = await changePart(tx, standing, {
      goodRows,
      badRows,
      failedRun,
      batches: standing.batches + added.length,
      cursor: added.at(-1)?.cursorTo ?? standing.cursor,
      updatedAt: added.length > 0 || isDone ? now : standing.updatedAt,
      ...(isStopped ? { state: 'stopped', why } : isDone ? { state: 'done', why: '' } : {}),
    })
    if (isStopped || isDone)
      await tell(tx, {
        migrationId: row.id,
        by,
        kind: isStopped ? 'part-stopped' : 'part-done',
        state: row.state,
        percent: 0,
        words: isStopped
          ? `${standing.name} stopped: ${why}`
          : `${standing.name} is moved: ${goodRows} rows, ${badRows} set aside`,
        now,
      })
    return outcome(row, goingOf(row, next), {
      part: standing.name,
      batches: added.length,
      rows: goodRows + badRows,
    })
  },
})

/** reportRetries says what became of quarantined rows that were tried again. */
export const reportRetries = defineCommand({
  name: 'migrations.reportRetries',
  summary: 'Reports what became of quarantined rows that were tried again.',
  permission: 'migrations.report',
  output: z.object({ moved: z.int(), failed: z.int() }),
  input: z.strictObject({
    number,
    part,
    moved: z.array(key).max(1_000),
    failed: z.array(bad).max(1_000).default([]),
  }),
  run: async ({ tx, actor, now }, input) => {
    const row = await getMigration(tx, input.number)
    const standing = await knownPart(tx, row, input.part)
    const where = {
      migrationId: row.id,
      part: standing.name,
      keys: input.moved,
      states: ['retry', 'waiting'],
    }
    const moved = await settle(tx, where, { state: 'moved', by: nameOf(actor), note: 'tried again', now })
    await quarantine(tx, standing, input.failed, now)
    await changePart(tx, standing, {
      goodRows: standing.goodRows + moved,
      badRows: Math.max(0, standing.badRows - moved),
      updatedAt: now,
    })
    return {
      result: { moved, failed: input.failed.length },
      audit: {
        subject: `migration:${row.number}`,
        detail: { part: standing.name, moved, failed: input.failed.length },
      },
      touched: touchedBy(row),
    }
  },
})

/** steerPart holds a part, or lets it go on; to go on after bad rows a person says how many are tolerated. */
export const steerPart = defineCommand({
  name: 'migrations.steerPart',
  summary:
    'Holds a part of the data or lets it go on, with a reason; also opens it again after it was moved.',
  permission: 'migrations.work',
  input: z.strictObject({
    number,
    part,
    to: z.enum(['paused', 'running']),
    toleratedPercent: z.number().min(0).max(100).optional(),
    reason,
  }),
  run: async ({ tx, actor, now }, input) => {
    const by = personIn(actor).handle
    const row = await lockMigration(tx, input.number)
    if (row.state !== 'backfilling') throw new AppError('conflict', 'Data is not being moved now.')
    const standing = await knownPart(tx, row, input.part)
    const tolerated = input.toleratedPercent ?? standing.tolerated
    if (input.to === 'running') {
      const why = stopReason({ ...standing, failedRun: 0 }, row.policy, tolerated)
      if (why !== undefined)
        throw new AppError('invalid', why, {
          issues: [{ path: 'toleratedPercent', message: 'say how many bad rows are tolerated' }],
        })
    }
    await changePart(tx, standing, {
      state: input.to,
      why: input.to === 'paused' ? `Held by @${by}: ${input.reason}` : '',
      tolerated,
      failedRun: 0,
      updatedAt: now,
    })
    await tell(tx, {
      migrationId: row.id,
      by,
      kind: 'part-steered',
      state: row.state,
      percent: 0,
      words: `${standing.name} ${input.to === 'paused' ? 'held' : 'goes on'}: ${input.reason}`,
      now,
    })
    return {
      result: {},
      audit: {
        subject: `migration:${row.number}`,
        detail: { part: standing.name, to: input.to, tolerated, reason: input.reason },
      },
      touched: touchedBy(row),
    }
  },
})

/** settleRows asks for quarantined rows to be tried again, or waives them by name with a reason. */
export const settleRows = defineCommand({
  name: 'migrations.settleRows',
  summary: 'Asks for quarantined rows to be tried again, or waives them by name with a reason.',
  permission: 'migrations.work',
  output: z.object({ rows: z.int() }),
  input: z
    .strictObject({
      number,
      part,
      /** keys are the rows; without them all that wait for the same `because` are meant. */
      keys: z.array(key).max(1_000).optional(),
      because: z.string().max(300).optional(),
      /** class narrows `because`; atMost is how many rows the caller saw: more of them are a conflict. */
      class: z.enum(CLASSES).optional(),
      atMost: z.int().min(1).optional(),
      to: z.enum(['retry', 'waived']),
      reason,
    })
    .refine(({ keys, because }) => keys !== undefined || because !== undefined, {
      message: 'name the rows, or why they wait',
      path: ['keys'],
    }),
  run: async ({ tx, actor, now }, input) => {
    const by = personIn(actor).handle
    const row = await lockMigration(tx, input.number)
    const rows = await settle(
      tx,
      {
        migrationId: row.id,
        part: input.part,
        keys: input.keys,
        reason: input.because,
        class: input.class,
        states: ['waiting', 'retry'],
      },
      { state: input.to, by, note: input.reason, now },
    )
    if (rows === 0) throw new AppError('not_found', 'No such row waits.')
    if (input.atMost !== undefined && rows > input.atMost)
      throw new AppError('conflict', `${rows} rows wait for this by now, not ${input.atMost}. Look again.`, {
        current: { rows },
      })
    await tell(tx, {
      migrationId: row.id,
      by,
      kind: input.to === 'waived' ? 'waived' : 'retry',
      state: row.state,
      percent: 0,
      words: `${rows} rows of ${input.part} ${input.to === 'waived' ? 'waived' : 'to be tried again'}: ${input.reason}`,
      detail: { keys: input.keys?.slice(0, 100) ?? null, because: input.because ?? null },
      now,
    })
    return {
      result: { rows },
      audit: {
        subject: `migration:${row.number}`,
        detail: { part: input.part, to: input.to, rows, reason: input.reason },
      },
      touched: touchedBy(row),
    }
  },
})
