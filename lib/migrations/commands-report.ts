import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ownedFlag } from '../flags/shift-store'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { redactText } from '../platform/redact'
import { number, touchedBy } from './commands'
import { nameOf } from './load-actor'
import { loadMeasured } from './load-facts'
import { TRACKS } from './model'
import { checksOf, contractSchema, countsSchema, performanceSchema, restoreSchema, verdictOf } from './report'
import { getMigration, hashOf, lockMigration, readReports, tell } from './store'
import { type Counted, writeMismatches, writeWindows } from './window-store'

const BACK_MS = 3_600_000
const AHEAD_MS = 60_000
const count = z.int().min(0).max(1_000_000_000)
const ms = z.number().min(0).max(3_600_000).nullable().default(null)

const window = z
  .strictObject({
    track: z.enum(TRACKS),
    /** at is within the tick that was counted; a window may come up to an hour late. */
    at: z.iso.datetime(),
    requests: count,
    errors: count.default(0),
    mismatches: count.default(0),
    p50Ms: ms,
    p95Ms: ms,
    p99Ms: ms,
    lagSeconds: z.number().min(0).nullable().default(null),
  })
  .refine(({ requests, errors, mismatches }) => errors <= requests && mismatches <= requests, {
    message: 'there are more errors or mismatches than requests',
    path: ['requests'],
  })

const mismatch = z.strictObject({
  kind: z.enum(['differs', 'old-failed', 'new-failed', 'both-failed']),
  key: z.string().max(200),
  field: z.string().max(200).default(''),
  oldText: z.string().max(2_000).default(''),
  newText: z.string().max(2_000).default(''),
})

const shown = (text: string): string => redactText(text).slice(0, 300)

/** reportTraffic keeps what a facade counted: each side, comparisons, writes to both, reverse sync. */
export const reportTraffic = defineCommand({
  name: 'migrations.reportTraffic',
  summary: 'Reports what a facade counted in a tick: requests, errors, latency, answers that differ.',
  permission: 'migrations.report',
  output: z.object({ percent: z.number(), isOn: z.boolean() }),
  input: z.strictObject({
    number,
    reporter: z.string().trim().min(1).max(80),
    windows: z.array(window).min(1).max(240),
    mismatches: z.array(mismatch).max(100).default([]),
  }),
  run: async ({ tx, now }, input) => {
    const row = await getMigration(tx, input.number)
    const tickMs = row.policy.triggers.tickSeconds * 1_000
    const windows = input.windows.map(({ at, ...counted }): Counted => {
      const atMs = Date.parse(at)
      if (atMs > now.getTime() + AHEAD_MS || atMs < now.getTime() - BACK_MS)
        throw new AppError('invalid', 'A window is of the last hour, and not of the future.', {
          issues: [{ path: 'windows', message: `${at} is too far away` }],
        })
      return { ...counted, reporter: input.reporter, at: new Date(Math.floor(atMs / tickMs) * tickMs) }
    })
    await writeWindows(tx, row.id, windows)
    const masked = input.mismatches.map((one) => ({
      ...one,
      oldText: shown(one.oldText),
      newText: shown(one.newText),
    }))
    await writeMismatches(tx, row.id, masked, now)
    const { percent, isOn } = await ownedFlag(tx, row.flagKey)
    return {
      result: { percent, isOn },
      audit: 'private',
      touched: touchedBy(row),
    }
  },
})

const figure = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('counts'), part: z.string().min(1).max(80), body: countsSchema }),
  z.strictObject({ kind: z.literal('contract'), body: contractSchema }),
  z.strictObject({ kind: z.literal('performance'), body: performanceSchema }),
  z.strictObject({ kind: z.literal('restore'), body: restoreSchema }),
])

/** reportFigures keeps what was measured for validation; the newest of a kind and part counts. */
export const reportFigures = defineCommand({
  name: 'migrations.reportFigures',
  summary:
    'Reports figures for the validation: counts and checksums, contract tests, performance, a rehearsed restore.',
  permission: 'migrations.report',
  input: z.strictObject({ number, figures: z.array(figure).min(1).max(100) }),
  run: async ({ tx, actor, now }, input) => {
    const row = await lockMigration(tx, input.number)
    const by = nameOf(actor)
    for (const one of input.figures) {
      const key = { migrationId: row.id, kind: one.kind, part: one.kind === 'counts' ? one.part : '' }
      const data = { body: one.body as object, at: now, by }
      await tx.migrationFigure.upsert({
        where: { migrationId_kind_part: key },
        create: { ...key, ...data },
        update: data,
      })
    }
    const kinds = [...new Set(input.figures.map(({ kind }) => kind))]
    return {
      result: {},
      audit: { subject: `migration:${row.number}`, detail: { figures: kinds } },
      touched: touchedBy(row),
    }
  },
})

/** validate makes a validation report of what is known now: passed only if every check passed. */
export const validate = defineCommand({
  name: 'migrations.validate',
  summary:
    'Makes a validation report: counts, checksums, contract, performance, errors. Passed only if all passed.',
  permission: 'migrations.work',
  output: z.object({ seq: z.int(), verdict: z.enum(['passed', 'failed']) }),
  input: z.strictObject({ number }),
  run: async ({ tx, actor, now }, input) => {
    const row = await lockMigration(tx, input.number)
    if (row.state !== 'validating' && row.state !== 'backfilling')
      throw new AppError('conflict', 'A report is made while data is moved or validated.')
    const by = nameOf(actor)
    const checks = checksOf(await loadMeasured(tx, row), row.policy)
    const verdict = verdictOf(checks)
    const [last] = await readReports(tx, row.id)
    const seq = (last?.seq ?? 0) + 1
    const hash = hashOf({ number: row.number, seq, checks, at: now })
    await tx.migrationReport.create({
      data: {
        id: randomUUID(),
        migrationId: row.id,
        seq,
        at: now,
        by,
        verdict,
        checks: checks as object[],
        hash,
      },
    })
    const { percent } = await ownedFlag(tx, row.flagKey)
    const failing = checks.filter((check) => check.verdict !== 'passed').length
    await tell(tx, {
      migrationId: row.id,
      by,
      kind: 'validated',
      state: row.state,
      percent,
      words:
        verdict === 'passed'
          ? `Report ${seq}: every check passed`
          : `Report ${seq}: ${failing} of ${checks.length} checks did not pass`,
      now,
    })
    return {
      result: { seq, verdict },
      audit: { subject: `migration:${row.number}`, detail: { report: seq, verdict, hash } },
      touched: touchedBy(row),
    }
  },
})
