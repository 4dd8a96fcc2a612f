import { RATINGS } from '@/lib/health/model'
import type { Selection } from './filter'
import { nameOf, sourceOf, valueText } from './reading'
import type { FleetRows } from './rows'

/** wallWords describes the wall for those who can't see it. */
export function wallWords(selection: Selection): string {
  const [clear = 0, warning = 0, breach = 0, unknown = 0, stale = 0] = selection.byRating
  const total = selection.count.toLocaleString('en')
  return `${total} GPUs: ${breach} in breach, ${warning} warning, ${unknown} unknown, ${stale} stale, ${clear} clear. The list beside the wall names them.`
}

/** rowWords reads one GPU aloud: its name, rating, reason and readings. */
export function rowWords(fleet: FleetRows, row: number): string {
  if (row < 0 || row >= fleet.gpus.count) return ''
  const { gpus } = fleet
  const rating = RATINGS[gpus.rating[row] ?? 3] ?? 'unknown'
  const readings = `${valueText(gpus.temp[row], '°C')}, ${valueText(gpus.util[row], '% busy')}`
  return `${nameOf(fleet, row)}, ${rating}. ${gpus.reason[row] ?? ''}. ${readings}, by ${sourceOf(fleet, row).name}.`
}
