import { ownedFlag } from '../flags/shift-store'
import type { Tx } from '../platform/db'
import { type Facts, noisePercent } from './facts'
import { LOOK_BACK_MS } from './gate-signals'
import { openItems } from './machine'
import { GATES, type Gate, type Slot } from './model'
import { countQuarantine, newestSettled, readParts } from './part-store'
import { staleAfterMs } from './policy'
import { readWatched } from './reading-store'
import { contractSchema, countsSchema, type Measured, performanceSchema, restoreSchema } from './report'
import { hashOf, type MigrationRow, readApprovals, readFigures, readReports, readTicks } from './store'
import { type GateVerdict, judgeGate } from './traffic-gate'
import { readTotals, readWindows } from './window-store'

/** WAITING are the states of quarantined rows about which somebody still has to decide. */
export const WAITING = ['waiting', 'retry'] as const

const PARALLEL_BACK_MS = 14 * 86_400_000

type Figures = Awaited<ReturnType<typeof readFigures>>

/** figureIn gives the newest figure of a kind, and where it is of a part, of that part; null when there is none. */
export function figureIn<Value>(
  figures: Figures,
  schema: { safeParse: (value: unknown) => { success: boolean; data?: Value | undefined } },
  kind: string,
  part = '',
): { readonly value: Value; readonly atMs: number } | null {
  const row = figures.find((figure) => figure.kind === kind && figure.part === part)
  const parsed = row ? schema.safeParse(row.body) : undefined
  return row && parsed?.success && parsed.data !== undefined
    ? { value: parsed.data, atMs: row.at.getTime() }
    : null
}

/** loadMeasured gives what a validation report is made of. */
export async function loadMeasured(tx: Tx, row: MigrationRow): Promise<Measured> {
  const [parts, figures, counts] = [
    await readParts(tx, row.id),
    await readFigures(tx, row.id),
    await countQuarantine(tx, row.id),
  ]
  const waiting = counts.filter(({ state }) => state === 'waiting' || state === 'retry')
  return {
    parts: parts.map(({ name }) => ({
      name,
      waived: counts.find((one) => one.part === name && one.state === 'waived')?.count ?? 0,
      counts: figureIn(figures, countsSchema, 'counts', name)?.value ?? null,
    })),
    quarantined: waiting.reduce((total, { count }) => total + count, 0),
    contract: figureIn(figures, contractSchema, 'contract')?.value ?? null,
    performance: figureIn(figures, performanceSchema, 'performance')?.value ?? null,
  }
}

/** subjectOf is the hash of what a gate's approval is bound to: when it changes, the approval no longer counts. */
export function subjectOf(
  gate: Gate,
  about: {
    readonly row: MigrationRow
    readonly reportHash: string | undefined
    readonly restore: unknown
  },
): string {
  const { row, reportHash, restore } = about
  switch (gate) {
    case 'assessment':
      return hashOf({ inventory: row.inventory, plan: row.plan, kind: row.kind })
    case 'validation':
      return hashOf({ report: reportHash ?? null })
    case 'cutover':
      return hashOf({ report: reportHash ?? null, restore: restore ?? null, since: row.stateSince })
  }
}

/** Loaded is a migration's facts with what they were made of. */
export type Loaded = {
  readonly facts: Facts
  readonly subjects: Readonly<Record<Gate, string>>
  readonly approvals: Awaited<ReturnType<typeof readApprovals>>
  readonly ticks: Awaited<ReturnType<typeof readTicks>>
  readonly figures: Figures
}

/** loadGate judges the traffic of a migration that is being shifted; null before and after. */
export async function loadGate(tx: Tx, row: MigrationRow, now: Date): Promise<GateVerdict | null> {
  if (row.state !== 'shifting' && row.state !== 'awaiting-cutover') return null
  const { shiftedSince } = row
  if (shiftedSince === null) return null
  const back = new Date(now.getTime() - PARALLEL_BACK_MS)
  // A bake lasts for days: no more is read than triggers look back to and a step is held for.
  const spanMs = Math.max(LOOK_BACK_MS, row.policy.shift.holdMinutes * 60_000 + staleAfterMs(row.policy))
  const since = new Date(Math.max(shiftedSince.getTime(), now.getTime() - spanMs))
  const [windows, compared, noise] = [
    await readWindows(tx, { migrationId: row.id, track: 'new', since }),
    await readWindows(tx, { migrationId: row.id, track: 'compare', since }),
    await readTotals(tx, { migrationId: row.id, track: 'noise', since: back }),
  ]
  return judgeGate({
    windows,
    compared,
    queries: await readWatched(tx, row, since),
    shiftedSinceMs: shiftedSince.getTime(),
    stepSinceMs: row.stateSince.getTime(),
    noisePercent: noisePercent(noise ?? null),
    nowMs: now.getTime(),
    policy: row.policy,
  })
}

/** loadFacts gives everything that guards ask about. */
export async function loadFacts(tx: Tx, row: MigrationRow, now: Date): Promise<Loaded> {
  const back = new Date(now.getTime() - PARALLEL_BACK_MS)
  const total = (track: Parameters<typeof readTotals>[1]['track'], since: Date) =>
    readTotals(tx, { migrationId: row.id, track, since })
  const ticks = await readTicks(tx, row.id)
  const approvals = await readApprovals(tx, row.id)
  const figures = await readFigures(tx, row.id)
  const parts = await readParts(tx, row.id)
  const counts = await countQuarantine(tx, row.id)
  const [report] = await readReports(tx, row.id)
  const restore = figureIn(figures, restoreSchema, 'restore')
  const about = { row, reportHash: report?.hash, restore: restore?.value }
  const subjects = {
    assessment: subjectOf('assessment', about),
    validation: subjectOf('validation', about),
    cutover: subjectOf('cutover', about),
  }
  const settledAt = await newestSettled(tx, row.id)
  const changedMs = [settledAt?.getTime() ?? 0, ...parts.map(({ updatedAt }) => updatedAt.getTime())]
  const approved = (gate: Gate): readonly Slot[] =>
    GATES[gate].filter((slot) =>
      approvals.some((one) => one.gate === gate && one.slot === slot && one.subject === subjects[gate]),
    )
  const writes = row.state === 'dual-writing' ? await total('writes', row.stateSince) : undefined
  const old = await total('old', row.stateSince)
  const compareSince = row.state === 'parallel-running' ? row.stateSince : back
  const facts: Facts = {
    inventory: row.inventory,
    open: openItems(row.policy, new Set(ticks.map(({ item }) => item))),
    approved: {
      assessment: approved('assessment'),
      validation: approved('validation'),
      cutover: approved('cutover'),
    },
    flag: await ownedFlag(tx, row.flagKey),
    contract: figureIn(figures, contractSchema, 'contract')?.value ?? null,
    writes: writes ?? null,
    parts,
    quarantined: counts
      .filter(({ state }) => WAITING.some((one) => one === state))
      .reduce((sum, { count }) => sum + count, 0),
    report: report ? { verdict: report.verdict, atMs: report.at.getTime() } : null,
    dataChangedAtMs: Math.max(...changedMs),
    noise: (await total('noise', back)) ?? null,
    compared: (await total('compare', compareSince)) ?? null,
    gate: await loadGate(tx, row, now),
    reverse: (await total('reverse', row.stateSince))?.lag ?? null,
    restoredAtMs: restore?.atMs ?? null,
    oldSeenAtMs: old && old.requests > 0 ? old.lastAtMs : null,
    oldToldAtMs: old?.toldAtMs ?? null,
    rollback: row.rollback,
    stateSinceMs: row.stateSince.getTime(),
  }
  return { facts, subjects, approvals, ticks, figures }
}
