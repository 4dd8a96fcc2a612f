import { age } from '@/components/time/format'
import type { Rating } from '@/lib/health/model'
import type { SourceRow } from '@/lib/health/wire'

export type SummaryPart = { readonly text: string; readonly rating: Rating | undefined }

/** TickLook is the height of a source's tick: tall is live, short is late, hollow has nothing to say. */
export type TickLook = 'live' | 'late' | 'mute'

/** tickLook maps a source's state to its tick. */
export function tickLook(state: SourceRow['state']): TickLook {
  switch (state) {
    case 'live':
      return 'live'
    case 'late':
    case 'limited':
      return 'late'
    case 'silent':
    case 'refused':
    case 'off':
    case 'waiting':
      return 'mute'
  }
}

/** SOURCE_RATING gives the rating of each state of a source. */
export const SOURCE_RATING: Readonly<Record<SourceRow['state'], Rating>> = {
  live: 'clear',
  late: 'warning',
  limited: 'warning',
  silent: 'unknown',
  refused: 'breach',
  off: 'unknown',
  waiting: 'unknown',
}

const TROUBLES = ['late', 'limited', 'silent', 'refused', 'waiting'] as const

/** connectedSources leaves out the sources that nobody configured. */
export function connectedSources(rows: readonly SourceRow[]): readonly SourceRow[] {
  return rows.filter((row) => row.state !== 'off')
}

/** sourceSummary counts the sources in words, the troubled ones with the age of the oldest silence. */
export function sourceSummary(rows: readonly SourceRow[], nowMs: number): readonly SummaryPart[] {
  const connected = connectedSources(rows)
  if (connected.length === 0) return [{ text: 'no source connected', rating: 'unknown' }]
  const live = connected.filter((row) => row.state === 'live').length
  const noun = connected.length === 1 ? 'source' : 'sources'
  const parts: SummaryPart[] = [{ text: `${connected.length} ${noun}: ${live} live`, rating: undefined }]
  for (const state of TROUBLES) {
    const troubled = connected.filter((row) => row.state === state)
    if (troubled.length === 0) continue
    const oldest = Math.min(...troubled.map((row) => row.okAt))
    const since = oldest === 0 || nowMs === 0 ? '' : ` ${age(nowMs / 1000 - oldest)}`
    parts.push({ text: `${troubled.length} ${state}${since}`, rating: SOURCE_RATING[state] })
  }
  return parts
}
