import type { AlertStatus } from './model'

/** AlertState is how one episode stands. */
export type AlertState = { readonly id: string; readonly status: AlertStatus }

/** ALL is the ref of a hint after which nothing about alerts can be relied on. */
const ALL = 'all'
const MOST_STATES = 20

/** statesRef puts a few changed episodes into a hint's ref, so that screens show them before they ask; many are `all`. */
export function statesRef(states: readonly AlertState[] | undefined): string {
  if (states === undefined || states.length === 0 || states.length > MOST_STATES) return ALL
  return states.map(({ id, status }) => `${id}=${status}`).join(' ')
}

/** statesOf reads the changed episodes out of a hint's ref; empty when it does not say which they are. */
export function statesOf(ref: string): readonly AlertState[] {
  return ref.split(' ').flatMap((part) => {
    const [id = '', status] = part.split('=')
    return id !== '' && (status === 'firing' || status === 'resolved') ? [{ id, status }] : []
  })
}
