import { FACT_DEFS, type FactDef } from './catalogue'
import { type Chip, chipsIn } from './chips'
import { staleWhy } from './lint-facts'
import type { Fact, Facts, Message } from './model'
import { shownValue } from './units'
import { wordsOf } from './words'

/** Segment is a piece of a text as it is typed; `id` names the fact when it is a chip, null for words. */
export type Segment = { readonly id: string | null; readonly from: number; readonly text: string }

/**
 * FactState is how a fact of a text stands: read in time, following from the message's own fields, read too long ago,
 * known by nobody, not for this audience, or a name that no fact has.
 */
export type FactState = 'fresh' | 'chosen' | 'stale' | 'unknown' | 'internal' | 'nameless'

/** FactFace is what a person sees of one fact in a text. */
export type FactFace = {
  readonly id: string
  readonly label: string
  readonly state: FactState
  /** value is written as readers will see it; null when there is none. */
  readonly value: string | null
  /** readAtMs is when it was read (epoch ms); null when it follows from the message or nobody read it. */
  readonly readAtMs: number | null
  readonly source: string
}

/** Around is what facts of a text are seen against. */
export type Around = { readonly message: Message; readonly facts: Facts; readonly nowMs: number }

/** segmentsOf cuts a text into words and chips; joined they are the text again, to the letter. */
export function segmentsOf(text: string): readonly Segment[] {
  const segments: Segment[] = []
  let read = 0
  for (const { id, from, to } of chipsIn(text)) {
    if (from > read) segments.push({ id: null, from: read, text: text.slice(read, from) })
    segments.push({ id, from, text: text.slice(from, to) })
    read = to
  }
  if (read < text.length) segments.push({ id: null, from: read, text: text.slice(read) })
  return segments
}

/** facesIn gives the facts that a text names, each once, in the order of their first place. */
export function facesIn(text: string, around: Around): readonly FactFace[] {
  const ids = new Set(chipsIn(text).map(({ id }) => id))
  const words = wordsOf(around.message)
  return [...ids].map((id) => faceOf(id, words, around))
}

/** offeredFaces gives the facts that have a value and may be told to the message's audience, without those that a text names. */
export function offeredFaces(text: string, around: Around): readonly FactFace[] {
  const named = new Set(chipsIn(text).map(({ id }) => id))
  const words = wordsOf(around.message)
  return [...FACT_DEFS.keys()]
    .filter((id) => !named.has(id))
    .map((id) => faceOf(id, words, around))
    .filter(({ value, state }) => value !== null && state !== 'internal')
}

/** factFace gives how one fact stands by itself, whoever is told. */
export function factFace(fact: Fact, nowMs: number): FactFace {
  const { id, source } = fact
  const def = FACT_DEFS.get(id)
  if (def === undefined) return { ...NAMELESS, id, label: id }
  const value = fact.value === null || fact.unit !== def.unit ? undefined : shownValue(def.unit, fact.value)
  if (value === undefined)
    return { id, label: def.label, state: 'unknown', value: null, readAtMs: null, source }
  const readMs = Date.parse(fact.asOf)
  return {
    ...{ id, label: def.label, value, source },
    state: staleWhy(def, fact, nowMs) === undefined ? 'fresh' : 'stale',
    readAtMs: Number.isFinite(readMs) ? readMs : null,
  }
}

const NAMELESS = { state: 'nameless', value: null, readAtMs: null, source: 'no such fact' } as const

function faceOf(id: string, words: ReadonlyMap<string, string>, { message, facts, nowMs }: Around): FactFace {
  const def = FACT_DEFS.get(id)
  if (def === undefined) return { ...NAMELESS, id, label: id }
  const fact = facts[id]
  const isHidden = !def.isPublic || (def.from === 'facts' && fact?.isPublic === false)
  const isLeak = message.audience === 'public' && isHidden
  const face = def.from === 'message' ? chosenFace(def, words.get(id)) : readFace(def, fact, nowMs)
  return isLeak ? { ...face, state: 'internal' } : face
}

function chosenFace({ id, label }: FactDef, value: string | undefined): FactFace {
  const source = 'follows from the choices above'
  return {
    ...{ id, label, source, readAtMs: null },
    state: value === undefined ? 'unknown' : 'chosen',
    value: value ?? null,
  }
}

function readFace({ id, label }: FactDef, fact: Fact | undefined, nowMs: number): FactFace {
  if (fact !== undefined) return factFace(fact, nowMs)
  return { id, label, state: 'unknown', value: null, readAtMs: null, source: 'no source' }
}

/** placeOf gives the chip of a fact that the caret stands in or before, and from the last one the first again. */
export function placeOf(text: string, id: string, caret: number): Chip | undefined {
  const places = chipsIn(text).filter((chip) => chip.id === id)
  return places.find(({ to }) => caret <= to) ?? places[0]
}

/** chipAt gives the chip that the caret stands in or at. */
export function chipAt(text: string, caret: number): Chip | undefined {
  return chipsIn(text).find(({ from, to }) => from <= caret && caret <= to)
}

/** cutOf gives the range that goes with a chip: of two spaces around it one goes too. */
export function cutOf(text: string, { from, to }: Chip): { readonly from: number; readonly to: number } {
  const isSpaced = (from === 0 || /\s/.test(text.charAt(from - 1))) && text.charAt(to) === ' '
  return { from, to: isSpaced ? to + 1 : to }
}
