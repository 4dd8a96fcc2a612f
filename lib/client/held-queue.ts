'use client'

import type { Problem } from '../platform/errors'
import { ProblemError, sendCommand } from './api'
import { type HeldAction, type HeldCommand, nextHeld, verdictOf, withClaim } from './held'
import { heldStorage } from './held-storage'
import { newId } from './new-id'
import { currentPerson } from './person'

const CHANNEL = 'watchfloor-held'
const AGAIN_MS = 15_000
const TIMEOUT_MS = 15_000
const NONE: readonly HeldAction[] = []

let actions: readonly HeldAction[] = NONE
let started = false
let replaying = false
let channel: BroadcastChannel | undefined
const listeners = new Set<() => void>()
const sentListeners = new Set<() => void>()

/** heldActions is what waits in this browser, whoever's it is; the same list until something changes. */
export function heldActions(): readonly HeldAction[] {
  return actions
}

/** subscribeHeld calls back when something begins to wait or waits no more. */
export function subscribeHeld(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** onHeldSent calls back once held actions have gone through, so that what is on screen can be read again. */
export function onHeldSent(listener: () => void): () => void {
  sentListeners.add(listener)
  return () => sentListeners.delete(listener)
}

async function refresh(): Promise<void> {
  actions = await heldStorage.all()
  for (const listener of listeners) listener()
}

async function changed(): Promise<void> {
  await refresh()
  channel?.postMessage('changed')
}

/** holdAction keeps a command of the person of this page until the server takes it; rejects where the browser keeps nothing. */
export async function holdAction(given: {
  readonly command: HeldCommand
  readonly incident: HeldAction['incident']
  readonly typedAtMs: number
}): Promise<void> {
  const person = currentPerson()
  if (person === undefined) throw new Error('nobody is signed in on this page')
  const command = withClaim(given.command, given.typedAtMs)
  await heldStorage.add({ ...given, command, id: newId(), person })
  await changed()
  void replayHeld()
}

/** dropHeld lets an action go without sending it. */
export async function dropHeld(order: number): Promise<void> {
  await heldStorage.remove(order)
  await changed()
}

/** retryHeld sends a refused action again, under a new key: its answer may be another one now. */
export async function retryHeld(action: HeldAction): Promise<void> {
  const { problem: _refusal, ...again } = action
  await heldStorage.put({ ...again, id: newId() })
  await changed()
  await replayHeld()
}

async function attempt({ command, id }: HeldAction): Promise<Problem | undefined> {
  try {
    await sendCommand(command.name, command.input, { idempotencyKey: id, timeoutMs: TIMEOUT_MS })
    return undefined
  } catch (error) {
    if (error instanceof ProblemError) return error.problem
    throw error
  }
}

/** One after the other, oldest first: what was done first must stand first in the record. */
async function drain(): Promise<void> {
  const person = currentPerson()
  let isAny = false
  for (;;) {
    await refresh()
    const next = person && nextHeld(actions, person.id)
    if (next === undefined) break
    const problem = await attempt(next)
    const verdict = verdictOf(problem)
    if (verdict === 'later') break
    if (verdict === 'through') await heldStorage.remove(next.order)
    else await heldStorage.put({ ...next, ...(problem === undefined ? {} : { problem }) })
    isAny = true
    await changed()
  }
  if (isAny) for (const listener of sentListeners) listener()
}

/** replayHeld sends what waits for the person of this page, in one tab at a time; stops quietly when nobody answers. */
export async function replayHeld(): Promise<void> {
  if (replaying) return
  replaying = true
  try {
    if ('locks' in navigator) await navigator.locks.request(CHANNEL, drain)
    else await drain()
  } finally {
    replaying = false
  }
}

/** startHeld reads what waits and sends it now, whenever the network comes back, and every 15 s while anything waits. */
export function startHeld(): void {
  if (started || !('indexedDB' in window)) return
  started = true
  if ('BroadcastChannel' in window) {
    channel = new BroadcastChannel(CHANNEL)
    channel.addEventListener('message', () => void refresh().catch(() => undefined))
  }
  const again = (): void => void replayHeld().catch(() => undefined)
  window.addEventListener('online', again)
  window.setInterval(() => {
    const person = currentPerson()
    if (person && nextHeld(actions, person.id)) again()
  }, AGAIN_MS)
  again()
}
