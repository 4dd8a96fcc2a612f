import { BIN_EDGES_MS } from '@/lib/insights/figures'
import type { Grouping, Measure, Why } from '@/lib/insights/model'

const MINUTE_MS = 60_000

/** spanText writes a duration of milliseconds for a figure: `40 s`, `4 m`, `1h 04m`, `2d 06h`. */
export function spanText(ms: number): string {
  const minutes = ms / MINUTE_MS
  if (minutes < 1) return `${Math.round(ms / 1_000)} s`
  if (minutes < 60) return `${minutes < 10 ? Math.round(minutes * 10) / 10 : Math.round(minutes)} m`
  const whole = Math.round(minutes)
  if (whole < 1_440) return `${Math.floor(whole / 60)}h ${String(whole % 60).padStart(2, '0')}m`
  const hours = Math.round(whole / 60)
  return `${Math.floor(hours / 24)}d ${String(hours % 24).padStart(2, '0')}h`
}

/** BIN_WORDS name the bars of a distribution, each by its upper end. */
export const BIN_WORDS: readonly string[] = [
  ...BIN_EDGES_MS.map((edge) => `≤ ${shortEdge(edge / MINUTE_MS)}`),
  '> 1 d',
]

function shortEdge(minutes: number): string {
  if (minutes < 60) return `${minutes} m`
  return minutes < 1_440 ? `${minutes / 60} h` : `${minutes / 1_440} d`
}

const WHY: Readonly<Record<Measure, Readonly<Record<Why, string>>>> = {
  detect: {
    'from-unknown': 'of which nobody knows when impact began',
    'not-yet': 'not detected',
    'out-of-order': 'where impact began after detection',
  },
  acknowledge: {
    'from-unknown': 'of unknown detection',
    'not-yet': 'that nobody acknowledged',
    'out-of-order': 'acknowledged before detection',
  },
  mitigate: {
    'from-unknown': 'of unknown begin',
    'not-yet': 'not mitigated yet',
    'out-of-order': 'mitigated before it began',
  },
  resolve: {
    'from-unknown': 'of unknown begin',
    'not-yet': 'not resolved yet',
    'out-of-order': 'resolved before it began',
  },
}

/** leftOutText says which incidents are not in a figure and why. */
export function leftOutText(
  measure: Measure,
  excluded: readonly { readonly why: Why; readonly n: number }[],
): string {
  if (excluded.length === 0) return 'None left out.'
  return `Left out: ${excluded.map(({ why, n }) => `${n} ${WHY[measure][why]}`).join(', ')}.`
}

/** GROUPING_WORDS name the cuts. */
export const GROUPING_WORDS: Readonly<Record<Grouping, string>> = {
  severity: 'Severity',
  leaf: 'Diagnosis',
  component: 'Component',
  host: 'Provider host',
}
