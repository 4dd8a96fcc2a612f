import { addressWith } from '@/components/shell/address-with'
import { KINDS } from '@/lib/action-items/model'
import type { ItemsAsked } from './types'

const STATES = ['open', 'done', 'dropped', 'all'] as const
const DUE = ['overdue', 'week', 'incomplete'] as const
const DRILLS = ['with', 'without', 'only'] as const

function oneOf<Value extends string>(values: readonly Value[], given: string | null): Value | undefined {
  return values.find((value) => value === given)
}

/** askedOf reads a filter from an address; values that nobody knows are left out. */
export function askedOf(params: URLSearchParams): ItemsAsked {
  const kind = oneOf(KINDS, params.get('kind'))
  const due = oneOf(DUE, params.get('due'))
  const drills = oneOf(DRILLS, params.get('drills'))
  const owner = params.get('owner')?.slice(0, 60)
  const incident = params.get('incident')?.slice(0, 20)
  const text = params.get('q')?.trim().slice(0, 200)
  const page = Number(params.get('page'))
  return {
    state: oneOf(STATES, params.get('state')) ?? 'open',
    ...(kind ? { kind } : {}),
    ...(due ? { due } : {}),
    ...(drills ? { drills } : {}),
    ...(owner ? { owner } : {}),
    ...(incident ? { incident } : {}),
    ...(text ? { text } : {}),
    ...(Number.isInteger(page) && page > 1 && page <= 1_000 ? { page } : {}),
  }
}

/** withParam gives an address with one value set, or taken out when empty; page and open item begin anew. */
export function withParam(params: URLSearchParams, name: string, value: string): string {
  const without = name === 'item' ? [] : name === 'page' ? ['item'] : ['item', 'page']
  return addressWith('/postmortems/actions', params, { name, value, without })
}

/** isNarrowed tells whether anything but the state is asked for. */
export function isNarrowed(asked: ItemsAsked): boolean {
  return Object.keys(asked).some((name) => name !== 'state' && name !== 'page')
}
