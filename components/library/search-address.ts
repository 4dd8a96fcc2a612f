import { addressWith } from '@/components/shell/address-with'
import { SEVERITIES } from '@/lib/incidents/model'
import { STATES } from '@/lib/postmortems/model'
import type { SearchAsked } from './types'

/** searchAsked reads from an address what a search is narrowed to; values that nobody knows are left out. */
export function searchAsked(text: string, params: URLSearchParams): SearchAsked {
  const severity = SEVERITIES.find((one) => one === params.get('severity'))
  const state = STATES.find((one) => one === params.get('state'))
  const drills = (['with', 'only'] as const).find((one) => one === params.get('drills'))
  const page = Number(params.get('page'))
  const plain = (['tag', 'leaf', 'component'] as const).flatMap((name) => {
    const value = params.get(name)?.slice(0, 200)
    return value ? [[name, value] as const] : []
  })
  return {
    text: text.slice(0, 200) || ' ',
    ...(severity ? { severity } : {}),
    ...(state ? { state } : {}),
    ...(drills ? { drills } : {}),
    ...Object.fromEntries(plain),
    ...(Number.isInteger(page) && page > 1 && page <= 50 ? { page } : {}),
  }
}

/** withParam gives an address with one value set, or taken out when empty; another page begins anew. */
export function withParam(params: URLSearchParams, name: string, value: string): string {
  return addressWith('/postmortems', params, { name, value, without: ['page'] })
}
