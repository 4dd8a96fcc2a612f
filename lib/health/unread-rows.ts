import type { FleetBook } from './fleet-book'
import { RATINGS } from './model'
import { type FleetRow, type Publisher, publishGpu, publishInstance } from './publisher'

const UNREAD_MS = 120_000

/** publishedRow reads a row as it stands published, for instances that nobody has read since this process began. */
export function publishedRow(publisher: Publisher, id: string): FleetRow | undefined {
  const row = publisher.rowById.get(id)
  if (row === undefined) return undefined
  const { instances: table, gpus: cards } = publisher.state
  const first = table.firstGpu[row] ?? 0
  const rows = Array.from({ length: table.gpus[row] ?? 0 }, (_, index) => first + index)
  return {
    id,
    values: {
      host: table.host[row] ?? '',
      owner: table.owner[row] ?? '',
      label: table.label[row] ?? '',
      region: table.region[row] ?? '',
      model: table.model[row] ?? '',
      image: table.image[row] ?? '',
      rating: table.rating[row] ?? 3,
      code: table.code[row] ?? '',
      reason: table.reason[row] ?? '',
      actual: table.actual[row] ?? 'unknown',
      intended: table.intended[row] ?? 'unknown',
      allocation: table.allocation[row] ?? 'unknown',
      centsPerHour: table.centsPerHour[row] ?? -1,
      vastAt: table.vastAt[row] ?? 0,
      agentAt: table.agentAt[row] ?? 0,
      dcgmAt: table.dcgmAt[row] ?? 0,
    },
    gpus: rows.map((gpu) => ({
      rating: cards.rating[gpu] ?? 3,
      code: cards.code[gpu] ?? '',
      reason: cards.reason[gpu] ?? '',
      source: cards.source[gpu] ?? 0,
      util: cards.util[gpu] ?? -1,
      temp: cards.temp[gpu] ?? -1,
      vram: cards.vram[gpu] ?? -1,
      xid: cards.xid[gpu] ?? -1,
    })),
  }
}

/** ageUnread turns published rows that this process has not read for 2 min into stale ones: nothing stays green unread. */
export function ageUnread(publisher: Publisher, book: FleetBook, now: Date): void {
  const stale = RATINGS.indexOf('stale')
  const { instances: table } = publisher.state
  for (const [id, row] of publisher.rowById) {
    if (book.entries.has(id)) continue
    const seenAt = Math.max(table.vastAt[row] ?? 0, table.agentAt[row] ?? 0, table.dcgmAt[row] ?? 0)
    if (now.getTime() - seenAt * 1000 <= UNREAD_MS) continue
    const kept = publishedRow(publisher, id)
    if (!kept || kept.values.rating === stale) continue
    const reason = 'No source has named this instance since the console started'
    const mark = { rating: stale, code: 'telemetry.blind', reason }
    publishInstance(publisher, row, { ...kept.values, ...mark })
    const first = table.firstGpu[row] ?? 0
    for (const [index, gpu] of kept.gpus.entries()) publishGpu(publisher, first + index, { ...gpu, ...mark })
  }
}
