import { type UnknownWhy, WHY_WORDS } from '@/lib/sources/reading'

/** Loose is a value out of a stored report: known, or unknown with the reason in words. */
export type Loose<Value> = { readonly value: Value } | { readonly value: undefined; readonly why: string }

/** fieldOf walks into unknown JSON by keys; undefined where the way ends. */
export function fieldOf(json: unknown, ...keys: readonly (string | number)[]): unknown {
  let at = json
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Readonly<Record<string | number, unknown>>)[key]
  }
  return at
}

/** listOf gives an array, or an empty one for anything else. */
export function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : []
}

/** looseNumber reads a number as the agent writes it (bare, or `{unknown: why}`) or as a stored reading. */
export function looseNumber(json: unknown): Loose<number> {
  return loose(json, (value) => typeof value === 'number' && Number.isFinite(value))
}

/** looseText reads a text the same way. */
export function looseText(json: unknown): Loose<string> {
  return loose(json, (value) => typeof value === 'string')
}

/** looseFlag reads a yes or no the same way. */
export function looseFlag(json: unknown): Loose<boolean> {
  return loose(json, (value) => typeof value === 'boolean')
}

/** secondsOf reads an instant (ISO text) as epoch seconds; 0 where there is none. */
export function secondsOf(json: unknown): number {
  const ms = typeof json === 'string' ? Date.parse(json) : Number.NaN
  return Number.isFinite(ms) ? ms / 1000 : 0
}

function loose<Value>(json: unknown, isValue: (value: unknown) => boolean): Loose<Value> {
  const inner = fieldOf(json, 'kind') === 'known' ? fieldOf(json, 'value') : json
  if (isValue(inner)) return { value: inner as Value }
  const why = fieldOf(json, 'unknown') ?? fieldOf(json, 'why')
  return { value: undefined, why: WHY_WORDS[why as UnknownWhy] ?? 'not reported' }
}
