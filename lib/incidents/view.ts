import { claimOf, type Doubt, skewMsOf } from './claims'
import type { EntrySource } from './model'

/** FILTERS are the cuts of the record: what decided its course, everything, told, by machines, pinned. */
export const FILTERS = ['key', 'all', 'comms', 'machine', 'pins'] as const

/** Filter is one cut of the record. */
export type Filter = (typeof FILTERS)[number]

const NOT_KEY = ['note', 'task-acknowledged', 'link', 'checklist']

/** whereOf gives the condition of a cut on kind and source. */
export function whereOf(filter: Filter): {
  readonly kind?: string | { readonly notIn: string[] }
  readonly source?: { readonly in: string[] }
} {
  switch (filter) {
    case 'all':
      return {}
    case 'key':
      return { kind: { notIn: [...NOT_KEY] } }
    case 'comms':
      return { source: { in: ['comms'] } }
    case 'machine':
      return { source: { in: ['machine', 'probe', 'action'] } }
    case 'pins':
      return { kind: 'pin' }
  }
}

/** EntryView is one line of the record for a screen: both its times, and why the claimed one is not believed. */
export type EntryView = {
  readonly seq: number
  readonly id: string
  readonly kind: string
  readonly source: EntrySource
  readonly by: string
  readonly atMs: number
  readonly receivedAtMs: number
  /** claimed is what the writer said of the time, exactly as it was given. */
  readonly claimed: string | null
  readonly doubt: Doubt | null
  /** skewMs is how long before its reception it happened, 0 within 2 min. */
  readonly skewMs: number
  readonly body: Readonly<Record<string, unknown>>
}

/** entryView turns a stored entry into its view. */
export function entryView(row: {
  readonly seq: number
  readonly id: string
  readonly kind: string
  readonly source: string
  readonly actorName: string
  readonly claimedAt: string | null
  readonly occurredAt: Date
  readonly receivedAt: Date
  readonly body: unknown
}): EntryView {
  const receivedAtMs = row.receivedAt.getTime()
  const atMs = row.occurredAt.getTime()
  return {
    seq: row.seq,
    id: row.id,
    kind: row.kind,
    source: row.source as EntrySource,
    by: row.actorName,
    atMs,
    receivedAtMs,
    claimed: row.claimedAt,
    doubt: claimOf(row.claimedAt ?? undefined, receivedAtMs).doubt ?? null,
    skewMs: skewMsOf(atMs, receivedAtMs),
    body: row.body as Readonly<Record<string, unknown>>,
  }
}
