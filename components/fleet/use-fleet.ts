'use client'

import { useSyncExternalStore } from 'react'
import { type FleetView, healthStore } from '@/lib/client/health-store'

const QUIET_MS = 1000

let version = 0
let timer: number | undefined
let lastBumpMs = 0
const listeners = new Set<() => void>()

function bump(): void {
  timer = undefined
  lastBumpMs = performance.now()
  version += 1
  for (const listener of listeners) listener()
}

/** A whole new snapshot is shown at once; deltas move the words and counts around the wall once a second at most. */
function hear(changed: readonly number[] | 'all'): void {
  if (changed === 'all') {
    window.clearTimeout(timer)
    bump()
    return
  }
  timer ??= window.setTimeout(bump, Math.max(0, QUIET_MS - (performance.now() - lastBumpMs)))
}

let stop: (() => void) | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  stop ??= healthStore.subscribeFleet(hear)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    stop?.()
    stop = undefined
    window.clearTimeout(timer)
    timer = undefined
  }
}

/** useFleet gives the fleet and a number that rises when it changed; the columns themselves change in place. */
export function useFleet(): { readonly fleet: FleetView | undefined; readonly version: number } {
  const now = useSyncExternalStore(
    subscribe,
    () => (healthStore.fleet() ? version : -1),
    () => -1,
  )
  return { fleet: now < 0 ? undefined : healthStore.fleet(), version: now }
}
