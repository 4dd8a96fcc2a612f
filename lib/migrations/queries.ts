import { z } from 'zod'
import { listFlagPercents } from '../flags/shift-store'
import { defineQuery, Encoded } from '../operation'
import { AppError } from '../platform/errors'
import { badPercent } from './batches'
import { number } from './commands'
import { noisePercent } from './facts'
import { figureIn, loadFacts } from './load-facts'
import { nextStep, phaseOf } from './machine'
import { GATES, type Gate, PHASES, type Phase, type Slot } from './model'
import { countQuarantine, countReasons, type PartRow, readParts, readQuarantine } from './part-store'
import { type Check, restoreSchema } from './report'
import { reportMarkdown } from './report-text'
import type { Plan } from './shapes'
import { getMigration, listMigrations, type MigrationRow, readEvents, readReports } from './store'
import { readMismatches } from './window-store'

/** list gives every migration with how it stands, newest first. */
export const list = defineQuery({
  name: 'migrations.list',
  summary: 'Gives every migration with its state and the percentage of its flag, newest first.',
  permission: 'migrations.read',
  input: z.strictObject({}),
  run: async ({ console: { db } }) => {
    const rows = await listMigrations(db)
    const percents = await listFlagPercents(
      db,
      rows.map(({ flagKey }) => flagKey),
    )
    return {
      migrations: rows.map((row) => ({
        id: row.id,
        number: row.number,
        title: row.title,
        kind: row.policy.kinds[row.kind].title,
        fromProvider: row.fromProvider,
        toProvider: row.toProvider,
        isRehearsal: row.isRehearsal,
        state: row.state,
        stateSinceMs: row.stateSince.getTime(),
        percent: percents.get(row.flagKey) ?? 0,
        flagKey: row.flagKey,
        createdBy: row.createdBy,
      })),
    }
  },
})

type Counts = Awaited<ReturnType<typeof countQuarantine>>

function partView(part: PartRow, counts: Counts) {
  const inState = (state: string): number =>
    counts.find((one) => one.part === part.name && one.state === state)?.count ?? 0
  return {
    name: part.name,
    state: part.state,
    why: part.why,
    expectedRows: part.expectedRows,
    goodRows: part.goodRows,
    badRows: part.badRows,
    badPercent: badPercent(part),
    batches: part.batches,
    cursor: part.cursor,
    tolerated: part.tolerated,
    waiting: inState('waiting'),
    retry: inState('retry'),
    waived: inState('waived'),
    updatedAtMs: part.updatedAt.getTime(),
  }
}

/** An owner that an older plan wrote as free text is nobody's id. */
function ownerView(owner: Plan['owners'][Phase]) {
  if (owner === undefined || owner === '') return null
  return typeof owner === 'string'
    ? { personId: null, name: owner }
    : { personId: owner.personId, name: owner.handle }
}

function weeksOf(row: MigrationRow) {
  return PHASES.map((phase) => ({ phase, weeks: row.policy.phases[phase].weeks }))
}

function reportView(report: Awaited<ReturnType<typeof readReports>>[number]) {
  return {
    seq: report.seq,
    atMs: report.at.getTime(),
    by: report.by,
    verdict: report.verdict,
    hash: report.hash,
    checks: report.checks as unknown as readonly Check[],
  }
}

/** one gives a migration with everything its page shows. */
export const one = defineQuery({
  name: 'migrations.one',
  summary:
    'Gives one migration: its next step with every condition, phases, data, traffic, reports and record.',
  permission: 'migrations.read',
  input: z.strictObject({ number }),
  run: async ({ console: { db }, now }, input) => {
    const row = await getMigration(db, input.number)
    const { facts, subjects, approvals, ticks, figures } = await loadFacts(db, row, now)
    const step = nextStep(row.state, { facts, policy: row.policy, nowMs: now.getTime() })
    const counts = await countQuarantine(db, row.id)
    const [parts, reports, events] = [
      await readParts(db, row.id),
      await readReports(db, row.id),
      await readEvents(db, row.id),
    ]
    const gateView = (gate: Gate) => ({
      gate,
      subject: subjects[gate],
      slots: GATES[gate].map((slot: Slot) => {
        const found = approvals.find((each) => each.gate === gate && each.slot === slot)
        return {
          slot,
          person: found?.person ?? null,
          atMs: found?.at.getTime() ?? null,
          comment: found?.comment ?? '',
          counts: found !== undefined && found.subject === subjects[gate],
        }
      }),
    })
    const { isOn, percent } = facts.flag
    return {
      nowMs: now.getTime(),
      id: row.id,
      number: row.number,
      title: row.title,
      kind: row.policy.kinds[row.kind],
      fromProvider: row.fromProvider,
      toProvider: row.toProvider,
      isRehearsal: row.isRehearsal,
      state: row.state,
      phase: phaseOf(row.state) ?? null,
      stateSinceMs: row.stateSince.getTime(),
      version: row.version,
      flag: { key: row.flagKey, isOn, percent },
      steps: row.policy.shift.steps,
      createdBy: row.createdBy,
      createdById: row.createdById,
      createdAtMs: row.createdAt.getTime(),
      inventory: row.inventory,
      plan: row.plan,
      weeks: weeksOf(row),
      next: step ?? null,
      gates: [gateView('assessment'), gateView('validation'), gateView('cutover')],
      phases: PHASES.map((phase) => ({
        phase,
        title: row.policy.phases[phase].title,
        weeks: row.policy.phases[phase].weeks,
        owner: ownerView(row.plan.owners[phase]),
        items: row.policy.phases[phase].items.map((item) => {
          const done = ticks.find((tick) => tick.item === item.id)
          return {
            ...item,
            by: done?.by ?? null,
            atMs: done?.at.getTime() ?? null,
            evidence: done?.evidence ?? '',
          }
        }),
      })),
      parts: parts.map((part) => partView(part, counts)),
      reasons: await countReasons(db, row.id),
      batch: row.policy.batch,
      traffic: {
        noise: facts.noise,
        noisePercent: noisePercent(facts.noise),
        compared: facts.compared,
        writes: facts.writes,
        reverse: facts.reverse,
        gate: facts.gate,
      },
      mismatches: (await readMismatches(db, row.id, 20)).map((mismatch) => ({
        id: String(mismatch.id),
        atMs: mismatch.at.getTime(),
        kind: mismatch.kind,
        key: mismatch.key,
        field: mismatch.field,
        oldText: mismatch.oldText,
        newText: mismatch.newText,
      })),
      restore: figureIn(figures, restoreSchema, 'restore'),
      contract: facts.contract,
      reports: reports.map(reportView),
      rollback: row.rollback,
      events: events.map((event) => ({
        seq: event.seq,
        atMs: event.at.getTime(),
        by: event.by,
        kind: event.kind,
        state: event.state,
        percent: event.percent,
        words: event.words,
      })),
    }
  },
})

/** quarantined gives rows that wait, are to be tried again, or were waived. */
export const quarantined = defineQuery({
  name: 'migrations.quarantined',
  summary: 'Gives the rows of a migration that could not be moved, with their reasons, at most 1,000.',
  permission: 'migrations.read',
  input: z.strictObject({
    number,
    part: z.string().max(80).optional(),
    states: z
      .array(z.enum(['waiting', 'retry', 'waived', 'moved']))
      .min(1)
      .default(['waiting', 'retry']),
  }),
  run: async ({ console: { db } }, { number: wanted, part, states }) => {
    const row = await getMigration(db, wanted)
    const rows = await readQuarantine(db, { migrationId: row.id, part, states }, 1_000)
    return {
      rows: rows.map((each) => ({
        part: each.part,
        key: each.sourceKey,
        version: each.rowVersion,
        class: each.class,
        reason: each.reason,
        state: each.state,
        atMs: each.at.getTime(),
        settledBy: each.settledBy,
        note: each.note,
      })),
    }
  },
})

/** reportFile gives a validation report as a file: Markdown for people, JSON for programs. */
export const reportFile = defineQuery({
  name: 'migrations.reportFile',
  summary: 'Gives a validation report as a file, in Markdown or JSON.',
  permission: 'migrations.read',
  input: z.strictObject({
    number,
    seq: z.int().min(1),
    format: z.enum(['markdown', 'json']).default('markdown'),
  }),
  run: async ({ console: { db } }, input) => {
    const row = await getMigration(db, input.number)
    const report = (await readReports(db, row.id)).find(({ seq }) => seq === input.seq)
    if (!report) throw new AppError('not_found', `There is no report ${input.seq}.`)
    const view = reportView(report)
    const file = { number: row.number, title: row.title, ...view, at: report.at.toISOString() }
    const isText = input.format === 'markdown'
    return new Encoded({
      bytes: new TextEncoder().encode(isText ? reportMarkdown(file) : `${JSON.stringify(file, null, 2)}\n`),
      contentType: isText ? 'text/markdown; charset=utf-8' : 'application/json; charset=utf-8',
      etag: `"${report.hash.slice(0, 32)}-${input.format}"`,
      filename: `migration-${row.number}-report-${report.seq}.${isText ? 'md' : 'json'}`,
    })
  },
})
