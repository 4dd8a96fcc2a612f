import { maskNamed, redactText } from '../platform/redact'

/** Shape is a JSON object whose fields are not trusted yet. */
export type Shape = Readonly<Record<string, unknown>>

/** isShape is true for a JSON object, false for arrays and null. */
export function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
const UNSTORABLE = /[\0\uD800-\uDFFF]/

/** cleanText makes a text that Postgres can hold and anybody may see: secrets are masked, NUL and lone surrogates become U+FFFD; longer than `max` is cut with an ellipsis. */
export function cleanText(text: string, max = 4_000): string {
  const safe = redactText(text)
  const cut = safe.length > max ? `${safe.slice(0, max - 1)}…` : safe
  return UNSTORABLE.test(cut) ? cut.replaceAll('\0', '\uFFFD').replace(LONE, '\uFFFD') : cut
}

/** textField gives a text field cleaned, '' for null or absent, undefined for any other type. */
export function textField(shape: Shape, key: string, max?: number): string | undefined {
  const value = Object.hasOwn(shape, key) ? shape[key] : undefined
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? cleanText(value, max) : undefined
}

const MAX_ENTRIES = 100

/** textMap reads labels or annotations: texts, numbers and booleans; the name of the first value of another type otherwise. */
export function textMap(
  value: unknown,
):
  | { readonly ok: true; readonly map: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly at: string } {
  if (value === undefined || value === null) return { ok: true, map: {} }
  if (!isShape(value)) return { ok: false, at: 'all of it' }
  const entries: [string, string][] = []
  for (const key of Object.keys(value)) {
    if (entries.length >= MAX_ENTRIES) break
    const item = value[key]
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean')
      return { ok: false, at: cleanText(key, 80) }
    entries.push([cleanText(key, 200), cleanText(String(item))])
  }
  return { ok: true, map: maskNamed(Object.fromEntries(entries)) }
}

/** webLink gives an http or https address as it is, '' for anything else. */
export function webLink(value: unknown): string {
  if (typeof value !== 'string' || value.length > 4_000 || !/^https?:\/\/[^\s]+$/i.test(value)) return ''
  return cleanText(value)
}
