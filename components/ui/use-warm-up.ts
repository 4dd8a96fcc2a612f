'use client'

import { useEffect } from 'react'
import { whenUsed } from './when-used'

const LATEST_MS = 10_000

/** useWarmUp fetches a part that is not on screen yet once somebody uses the page, and before the network may go away; `load` must stay the same. */
export function useWarmUp(load: () => Promise<unknown>): void {
  // Offline there is nothing to warm up: showing the part asks again.
  useEffect(() => whenUsed(() => void load().catch(() => undefined), LATEST_MS), [load])
}
