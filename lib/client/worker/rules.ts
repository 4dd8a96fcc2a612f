/** KEPT_QUERIES are the answers that are kept for the person to whom they were given. */
const KEPT_QUERIES = [
  'incidents.open',
  'incidents.byId',
  'incidents.timeline',
  'incidents.drafts',
  'checklists.ofIncident',
  'access.people',
] as const

/** KEPT_MAX_AGE_MS is how long a kept page or answer may be shown: no longer than a session lasts. */
export const KEPT_MAX_AGE_MS = 12 * 3_600_000

/** KEPT_LIMIT is how many pages and answers are kept at most; the oldest go first. */
export const KEPT_LIMIT = 250

/** Handling says what the worker does with a request: `pass` leaves it to the browser. */
export type Handling = 'asset' | 'page' | 'query' | 'gate' | 'leave' | 'pass'

type Asked = { readonly method: string; readonly mode: string; readonly url: URL; readonly origin: string }

/** handlingOf sorts a request; only GET requests to our own origin, and signing out, are the worker's business. */
export function handlingOf({ method, mode, url, origin }: Asked): Handling {
  if (url.origin !== origin) return 'pass'
  if (method === 'POST' && url.pathname === '/api/auth/signout') return 'leave'
  if (method !== 'GET') return 'pass'
  if (url.pathname.startsWith('/_next/static/')) return 'asset'
  if (url.pathname === '/icon.svg' || url.pathname === '/manifest.webmanifest') return 'asset'
  const query = /^\/api\/queries\/([\w.]+)$/.exec(url.pathname)?.[1]
  if (query !== undefined) return KEPT_QUERIES.some((name) => name === query) ? 'query' : 'pass'
  if (mode !== 'navigate' || url.pathname.startsWith('/api/')) return 'pass'
  return /^\/(sign-in|session-ended|disabled|refused)(\/|$)/.test(url.pathname) ? 'gate' : 'page'
}

/** isKeptPage tells whether a page is kept: the list of incidents, an incident, and a postmortem that is being written. */
export function isKeptPage(pathname: string): boolean {
  return /^\/(incidents(\/[\w-]{1,64})?|postmortems\/[\w-]{1,64}\/edit)$/.test(pathname)
}

/** personIn reads for whom the server made a page; undefined for a page that names nobody. */
export function personIn(html: string): string | undefined {
  return /<div[^>]{0,200}\sdata-person="([0-9a-f-]{36})"/.exec(html)?.[1]
}

/** isRestricted tells whether a page or an answer holds anything of a restricted incident: such a one is never kept. */
export function isRestricted(body: string): boolean {
  return /\\?"visibility\\?":\\?"restricted\\?"|\\?"isRestricted\\?":true/.test(body)
}

/** Kept is what the worker notes of a kept page or answer. */
export type Kept = { readonly person: string; readonly atMs: number }

/** mayShow tells whether something kept may be shown to the owner of this browser, who may be nobody. */
export function mayShow(kept: Kept, owner: string | undefined, nowMs: number): boolean {
  return owner !== undefined && kept.person === owner && nowMs - kept.atMs <= KEPT_MAX_AGE_MS
}

/** overLimit gives the places of the oldest beyond the limit. */
export function overLimit(atMs: readonly number[]): readonly number[] {
  const order = atMs.map((_, index) => index).sort((a, b) => (atMs[a] ?? 0) - (atMs[b] ?? 0))
  return order.slice(0, Math.max(0, atMs.length - KEPT_LIMIT))
}
