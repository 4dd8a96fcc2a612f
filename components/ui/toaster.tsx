'use client'

import { type ReactNode, useSyncExternalStore } from 'react'
import { later } from './later'
import { currentToasts, subscribeToasts, type Toast } from './toast-store'
import { useWarmUp } from './use-warm-up'

const loadToasts = () => import('./toasts').then((module) => module.Toasts)
const Toasts = later(loadToasts)

const NONE: readonly Toast[] = []

/** Toaster shows the outcomes of actions at the bottom and reads them aloud. */
export function Toaster(): ReactNode {
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts, () => NONE)
  useWarmUp(loadToasts)
  return (
    <div
      aria-live="polite"
      className="no-print pointer-events-none fixed inset-x-4 bottom-4 z-50 grid justify-items-center gap-2"
    >
      {toasts.length === 0 ? null : <Toasts toasts={toasts} />}
    </div>
  )
}
