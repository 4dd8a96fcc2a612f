import { addressWith } from '@/components/shell/address-with'
import { SEVERITIES } from '@/lib/incidents/model'
import type { InsightsAsked } from './types'

/** SPANS are the spans of time that can be asked for, in days. */
export const SPANS = [30, 90, 365, 1_825] as const

const KEYS = ['leaf', 'component', 'host'] as const

/** askedOf reads from an address what is to be counted; values that nobody knows are left out. */
export function askedOf(params: URLSearchParams): InsightsAsked {
  const severity = SEVERITIES.find((one) => one === params.get('severity'))
  const cuts = KEYS.flatMap((key) => {
    const value = params.get(key)?.slice(0, 200)
    return value ? [[key, value] as const] : []
  })
  return {
    days: SPANS.find((span) => span === Number(params.get('days'))) ?? 90,
    kind: params.get('kind') === 'drill' ? 'drill' : 'real',
    ...(severity ? { severity } : {}),
    ...Object.fromEntries(cuts),
  }
}

/** withParam gives an address with one value set, or taken out when empty. */
export function withParam(params: URLSearchParams, name: string, value: string): string {
  return addressWith('/insights', params, { name, value })
}
