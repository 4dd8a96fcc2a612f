'use client'

import { DRAFT_KEY, type DraftSlot, superseded } from '../incidents/drafts'
import { ProblemError, queryOf, sendCommand } from './api'
import { type DraftPlace, draftStorage } from './draft-storage'
import { draftWriter, onDraftKept, takeSlots } from './drafts'
import { currentPerson } from './person'

const PAUSE_MS = 1_000
const LONGEST_MS = 3_000
const AGAIN_MS = 15_000
const TAB_LOCK = 'watchfloor-tab:'

const due = new Map<string, { readonly sinceMs: number; readonly timer: number }>()
const refused = new Set<string>()
let started = false

type Dirty = { readonly place: DraftPlace; readonly slot: DraftSlot }

/** Slots that the server lacks, of every tab of this browser: a tab that was killed cannot send its own any more. */
function dirtySlots(key?: string): readonly Dirty[] {
  const person = currentPerson()?.id
  if (person === undefined) return []
  return draftStorage
    .read(person)
    .filter(
      ({ place, slot }) =>
        DRAFT_KEY.test(place.key) &&
        (key === undefined || place.key === key) &&
        slot.rev > draftStorage.sentRev(place),
    )
}

async function sendKey(key: string, keepalive: boolean): Promise<boolean> {
  const dirty = dirtySlots(key).slice(0, 20)
  if (dirty.length === 0) return true
  try {
    const answer = await sendCommand(
      'incidents.saveDraft',
      { key, slots: dirty.map(({ slot }) => slot) },
      { idempotencyKey: null, keepalive, timeoutMs: 10_000 },
    )
    for (const { place, slot } of dirty) draftStorage.markSent(place, slot.rev)
    takeSlots(key, answer.slots)
    return true
  } catch (error) {
    // What the server will never take stays in this browser; it is not asked again until more is typed.
    if (error instanceof ProblemError && error.problem.status < 500 && error.problem.status !== 401)
      refused.add(key)
    return false
  }
}

/** sendDrafts brings everything that the server lacks to it; false when some of it stays here for now. */
export async function sendDrafts(keepalive = false): Promise<boolean> {
  const keys = new Set(dirtySlots().map(({ place }) => place.key))
  const done = await Promise.all(
    [...keys].filter((key) => !refused.has(key)).map((key) => sendKey(key, keepalive)),
  )
  return done.every(Boolean)
}

function sendSoon(key: string): void {
  const nowMs = performance.now()
  const sinceMs = due.get(key)?.sinceMs ?? nowMs
  window.clearTimeout(due.get(key)?.timer)
  refused.delete(key)
  const waitMs = Math.max(0, Math.min(PAUSE_MS, sinceMs + LONGEST_MS - nowMs))
  const timer = window.setTimeout(() => {
    due.delete(key)
    void sendKey(key, false)
  }, waitMs)
  due.set(key, { sinceMs, timer })
}

async function fetchDrafts(): Promise<void> {
  const person = currentPerson()?.id
  const answer = await queryOf('incidents.drafts', {}).queryFn({ signal: AbortSignal.timeout(10_000) })
  if (person === undefined || answer.personId !== person) return
  const byKey = new Map<string, DraftSlot[]>()
  for (const { key, ...slot } of answer.slots) byKey.set(key, [...(byKey.get(key) ?? []), slot])
  for (const [key, slots] of byKey) takeSlots(key, slots)
}

/** Tabs that live hold a lock of their name, so that what a dead one left and nobody needs can be told from the rest. */
async function livingWriters(): Promise<ReadonlySet<string> | undefined> {
  if (!('locks' in navigator)) return undefined
  const { held = [] } = await navigator.locks.query()
  return new Set(
    held.flatMap(({ name = '' }) => (name.startsWith(TAB_LOCK) ? [name.slice(TAB_LOCK.length)] : [])),
  )
}

/** What a dead tab left goes once it was sent or given up, or once another text was built upon it. */
async function tidy(): Promise<void> {
  const person = currentPerson()?.id
  const living = await livingWriters()
  if (person === undefined || living === undefined) return
  const stored = draftStorage.read(person)
  for (const key of new Set(stored.map(({ place }) => place.key))) {
    const here = stored.filter(({ place }) => place.key === key)
    const gone = new Set(superseded(here.map(({ slot }) => slot)))
    const isDead = (writer: string): boolean => !living.has(writer) && writer !== draftWriter()
    const left = here.filter(({ place, slot }) => !(gone.has(slot) && isDead(place.writer)))
    for (const { place } of here.filter((one) => !left.includes(one))) draftStorage.remove(place)
    const [only] = left
    if (left.length !== 1 || only === undefined || only.slot.text !== null || !isDead(only.place.writer))
      continue
    if (!DRAFT_KEY.test(key) || draftStorage.sentRev(only.place) >= only.slot.rev)
      draftStorage.remove(only.place)
  }
}

async function meetServer(): Promise<void> {
  try {
    await fetchDrafts()
    await sendDrafts()
    await tidy()
  } catch {
    // Without the server the drafts of this browser are enough; it is asked again when it answers.
  }
}

/** startDraftSync brings drafts to the server a second after typing stops, and fetches those of other browsers. */
export function startDraftSync(): void {
  if (started) return
  started = true
  if ('locks' in navigator)
    void navigator.locks.request(`${TAB_LOCK}${draftWriter()}`, () => new Promise<never>(() => undefined))
  onDraftKept((key) => {
    if (DRAFT_KEY.test(key)) sendSoon(key)
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void sendDrafts(true)
  })
  window.addEventListener('online', () => void meetServer())
  window.setInterval(() => {
    if (due.size === 0 && dirtySlots().length > 0) void sendDrafts()
  }, AGAIN_MS)
  void meetServer()
}

/** leaveDrafts sends what the server lacks and then forgets what it has: for a browser that another person may use next. */
export async function leaveDrafts(): Promise<void> {
  const person = currentPerson()?.id
  if (person === undefined) return
  await sendDrafts()
  for (const { place, slot } of draftStorage.read(person))
    if (draftStorage.sentRev(place) >= slot.rev) draftStorage.remove(place)
}
