import type { FleetRows } from './rows'
import { indexOf } from './rows'

/** RowSource is who spoke last of a GPU and when (epoch seconds, 0 = never). */
export type RowSource = { readonly name: string; readonly at: number }

/** sourceOf names the source of a GPU row's readings and its last word. */
export function sourceOf(fleet: FleetRows, row: number): RowSource {
  const instance = fleet.gpus.instance[row] ?? 0
  const { dcgmAt, agentAt, vastAt } = fleet.instances
  switch (fleet.gpus.source[row]) {
    case 1:
      return { name: 'DCGM', at: dcgmAt[instance] ?? 0 }
    case 2:
      return { name: 'Agent', at: agentAt[instance] ?? 0 }
    case 3:
      return { name: 'Vast.ai', at: vastAt[instance] ?? 0 }
    default:
      return { name: 'No source', at: 0 }
  }
}

/** nameOf is a GPU's name for people: `GPU 5, host 8841`. */
export function nameOf(fleet: FleetRows, row: number): string {
  return `GPU ${indexOf(fleet, row)}, ${hostName(fleet, fleet.gpus.instance[row] ?? 0)}`
}

/** hostName is an instance's host for people; a bare number gets the word before it. */
export function hostName(fleet: FleetRows, instance: number): string {
  const host = fleet.instances.host[instance] ?? ''
  return /^\d+$/.test(host) ? `host ${host}` : host || 'host not named'
}

/** valueText writes a column's number with its unit; −1 is said in a word, never as a number. */
export function valueText(value: number | undefined, unit: string): string {
  return value === undefined || value < 0 ? 'unknown' : `${value} ${unit}`
}

/** dollarsText writes cents an hour as dollars; unknown below zero. */
export function dollarsText(cents: number | undefined): string {
  return cents === undefined || cents < 0 ? 'unknown' : `$${(cents / 100).toFixed(2)} /h`
}
