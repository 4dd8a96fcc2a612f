import type { AlertSource, Level } from '@/lib/alerts/model'
import { LEVELS } from '@/lib/alerts/model'

/** AlertsTab is one face of the room; it lives in the address. */
export type AlertsTab = 'alerts' | 'quarantine' | 'senders'

/** AlertsFilter is what the address asks for; absent fields let all pass. */
export type AlertsFilter = {
  readonly status: 'firing' | 'resolved'
  readonly source?: AlertSource
  readonly level?: Level
  readonly acked?: boolean
  readonly quiet?: boolean
  readonly text?: string
}

export const SOURCES: readonly AlertSource[] = [
  'alertmanager',
  'grafana',
  'pagerduty',
  'generic',
  'watchfloor',
]

function flag(value: string | null): boolean | undefined {
  return value === 'yes' ? true : value === 'no' ? false : undefined
}

/** tabOf reads the open tab from an address; anything else is the list. */
export function tabOf(params: URLSearchParams): AlertsTab {
  const tab = params.get('tab')
  return tab === 'quarantine' || tab === 'senders' ? tab : 'alerts'
}

/** filterOf reads the filter from an address; values that nobody knows are left out. */
export function filterOf(params: URLSearchParams): AlertsFilter {
  const source = SOURCES.find((one) => one === params.get('source'))
  const level = LEVELS.find((one) => one === params.get('level'))
  const text = params.get('text')?.trim().slice(0, 200)
  const acked = flag(params.get('acked'))
  const quiet = flag(params.get('quiet'))
  return {
    status: params.get('status') === 'resolved' ? 'resolved' : 'firing',
    ...(source ? { source } : {}),
    ...(level ? { level } : {}),
    ...(acked === undefined ? {} : { acked }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(text ? { text } : {}),
  }
}

/** withParam gives an address with one parameter set, or taken out when the value is empty; the open alert closes. */
export function withParam(params: URLSearchParams, name: string, value: string): string {
  const next = new URLSearchParams(params)
  next.delete('alert')
  if (value === '') next.delete(name)
  else next.set(name, value)
  return next.size === 0 ? '/alerts' : `/alerts?${next}`
}

/** isNarrowed tells whether the filter hides anything of its status. */
export function isNarrowed(filter: AlertsFilter): boolean {
  return Object.keys(filter).length > 1
}

/** groupKey names a group in the address. */
export function groupKey(group: { readonly name: string; readonly level: string }): string {
  return `${group.level}|${group.name}`
}
