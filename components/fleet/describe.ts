import { RATINGS } from '@/lib/health/model'
import type { Selection } from './filter'
import { nameOf, sourceOf, valueText } from './reading'
import type { FleetRows } from './rows'

/** wallWords describes the wall for those who can't see it. */
export function wallWords(selection: Selection): string {
  const { clear, warning, breach, unknown, stale, outOfService } = selection.counts
  const total = selection.count.toLocaleString('en')
  return `${total} GPUs: ${breach} in breach, ${warning} warning, ${unknown} unknown, ${stale} stale, ${clear} clear, ${outOfService} out of service. The list beside the wall names them.`
}

/** rowWords reads one GPU aloud: its name, rating, reason and readings. */
export function rowWords(fleet: FleetRows, row: number): string {
  if (row < 0 || row >= fleet.gpus.count) return ''
  const { gpus } = fleet
  const rating = RATINGS[gpus.rating[row] ?? 3] ?? 'unknown'
  const readings = `${valueText(gpus.temp[row], '°C')}, ${valueText(gpus.util[row], '% busy')}`
  return `${nameOf(fleet, row)}, ${rating}. ${gpus.reason[row] ?? ''}. ${readings}, by ${sourceOf(fleet, row).name}.`
}
