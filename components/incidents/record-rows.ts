import type { EntryData, IncidentData } from './types'

type GapData = IncidentData['gaps'][number]

/** RecordRow is an entry of the record, or a time without evidence between entries. */
export type RecordRow =
  | { readonly kind: 'entry'; readonly key: string; readonly atMs: number; readonly entry: EntryData }
  | { readonly kind: 'gap'; readonly key: string; readonly atMs: number; readonly gap: GapData }

/** recordRows puts gaps where they began among entries that are newest first; entries keep their own order. */
export function recordRows(
  entries: readonly EntryData[],
  gaps: readonly GapData[],
  isWhole: boolean,
): readonly RecordRow[] {
  const oldestMs = entries.at(-1)?.receivedAtMs ?? 0
  const waiting = gaps
    .filter((gap) => isWhole || gap.fromMs >= oldestMs)
    .toSorted((a, b) => b.fromMs - a.fromMs)
  const rows: RecordRow[] = []
  for (const entry of entries) {
    while (waiting[0] !== undefined && waiting[0].fromMs >= entry.receivedAtMs) push(rows, waiting)
    rows.push({ kind: 'entry', key: entry.id, atMs: entry.atMs, entry })
  }
  while (waiting.length > 0) push(rows, waiting)
  return rows
}

function push(rows: RecordRow[], waiting: GapData[]): void {
  const gap = waiting.shift()
  if (gap) rows.push({ kind: 'gap', key: `gap ${gap.source} ${gap.fromMs}`, atMs: gap.fromMs, gap })
}
