import type { Reading } from '../../sources/reading'
import type { SourceKind } from '../../sources/source'
import type { PlaneId, Rating, SourceState, Verdict, World } from '../model'
import type { PlaneRow } from '../wire'
import { isUnread } from './aggregate'
import { timeOf } from './evidence'

// A plane that nothing looks at is unknown, never clear.
const NO_SOURCE = 'no source configured'

/** NO_DEPLOY_FIGURE is the figure of our code while nothing tells of deployments: unknown, never clear. */
export const NO_DEPLOY_FIGURE = 'no deploy source yet'

/** isUnwatched tells a cell that nothing looks at from one whose source fails. */
export function isUnwatched(row: Pick<PlaneRow, 'rating' | 'figure'>): boolean {
  return isUnread(row.rating) && (row.figure === NO_SOURCE || row.figure === NO_DEPLOY_FIGURE)
}

const SOURCE_TITLES: Readonly<Record<SourceKind, string>> = {
  vast: 'Vast.ai',
  prometheus: 'Prometheus',
  dcgm: 'DCGM',
  temporal: 'Temporal',
  statuspage: 'Status page',
  'service-health': 'Health probes',
  supervisor: 'supervisord',
  agent: 'Agents',
  kubernetes: 'Kubernetes',
}

const WAYS_ROUND: Readonly<Record<PlaneId, string>> = {
  code: 'Ask the deployment log, or the person who deployed last.',
  account: "Open the provider's billing page by hand.",
  quota: 'Use the backup metrics source, or count 429 in the log.',
  'provider-api': "Use the backup metrics source, or read the integration's last error lines.",
  'provider-page': 'Try the page from another network path.',
  host: "Open the provider's console from another egress, or probe the instances directly.",
  gpu: 'Read the card with the agent or nvidia-smi on the instance.',
  queue: "Open Temporal's own interface, or its metrics.",
  'control-plane': 'Try the control plane from another network path.',
}

/** sourceOf finds the state of the first configured source among these kinds, in their order; undefined when none is configured. */
export function sourceOf(world: World, ...kinds: readonly SourceKind[]): SourceState | undefined {
  for (const kind of kinds) {
    for (const source of world.sources.values()) {
      if (source.kind === kind && source.state !== 'off') return source
    }
  }
  return undefined
}

/** sourceTitle names a source as the screen does. */
export function sourceTitle(world: World, kind: SourceKind): string {
  return sourceOf(world, kind)?.title ?? SOURCE_TITLES[kind]
}

/** epochSeconds is an instant (epoch ms) as the wire has it; 0 = never. */
export function epochSeconds(ms: number): number {
  return ms > 0 ? Math.floor(ms / 1000) : 0
}

/** newestOf is the newest time among readings, in epoch ms; 0 = never. */
export function newestOf(readings: Iterable<Reading<unknown>>): number {
  let newest = 0
  for (const reading of readings) newest = Math.max(newest, timeOf(reading))
  return newest
}

/** planeRow builds one cell; a cell that is not readable gets its way round, and one without any source says so. */
export function planeRow(input: {
  readonly id: PlaneId
  readonly verdict: Verdict
  readonly figure: string
  readonly atMs: number
  readonly kind: SourceKind
  readonly world: World
}): PlaneRow {
  const { id, verdict, figure, atMs, kind, world } = input
  const source = sourceOf(world, kind)
  const row = { id, at: epochSeconds(atMs), source: source?.title ?? SOURCE_TITLES[kind] }
  if (!isUnread(verdict.rating)) {
    return { ...row, rating: verdict.rating, figure, reason: verdict.reason }
  }
  const wayRound = source?.wayRound ?? verdict.action ?? WAYS_ROUND[id]
  if (!source && atMs === 0) {
    const reason = `${SOURCE_TITLES[kind]}: no source configured, so nothing is known here`
    return { ...row, rating: 'unknown', figure: NO_SOURCE, reason, wayRound }
  }
  return { ...row, rating: verdict.rating, figure, reason: verdict.reason, wayRound }
}

/** clock writes the time of day in UTC as the strip does: 02:12Z. */
export function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)}Z`
}

/** unreadFigure says since when nothing was read. */
export function unreadFigure(atMs: number): string {
  return atMs > 0 ? `no reading since ${clock(atMs)}` : 'not read yet'
}

/** tallyOf counts verdicts by rating. */
export function tallyOf(
  verdicts: Iterable<Verdict>,
): Readonly<Record<Rating, number>> & { readonly total: number } {
  const tally = { clear: 0, warning: 0, breach: 0, unknown: 0, stale: 0, total: 0 }
  for (const verdict of verdicts) {
    tally[verdict.rating] += 1
    tally.total += 1
  }
  return tally
}
