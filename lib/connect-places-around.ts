import type { Console } from './console'
import type { PlaceLook, Seen } from './deployments/looks'
import type { Http } from './platform/http-types'
import type { SourceConfigs } from './settings/sources'

/** LookingAround is what one look of the checklist reaches the outside with. */
export type LookingAround = {
  readonly console: Console
  readonly http: Http
  readonly configs: SourceConfigs
  readonly now: Date
}

/** Standing is one environment at its provider: where it runs, and the names of the secrets that are set there. */
export type Standing = { readonly place: Seen<PlaceLook>; readonly secrets: Seen<readonly string[]> }

/** DEADLINE_MS is how long one question of a look may take. */
export const DEADLINE_MS = 5_000

/** unseen is a look that gave nothing, with why. */
export function unseen(why: string, source: string, now: Date): Extract<Seen<never>, { kind: 'unknown' }> {
  return { kind: 'unknown', why, source, atMs: now.getTime() }
}

/** seen is a value with its source and time. */
export function seen<Value>(value: Value, source: string, now: Date): Seen<Value> {
  return { kind: 'known', value, source, atMs: now.getTime() }
}
