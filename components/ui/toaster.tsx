'use client'

import { type ReactNode, useSyncExternalStore } from 'react'
import { CloseIcon } from '@/components/ui/icons'
import { IconButton } from './icon-button'
import { StateMark } from './state-mark'
import { currentToasts, dismissToast, subscribeToasts, type Toast } from './toast-store'

const NONE: readonly Toast[] = []

/** Toaster shows the outcomes of actions at the bottom and reads them aloud. */
export function Toaster(): ReactNode {
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts, () => NONE)
  return (
    <div
      aria-live="polite"
      className="no-print pointer-events-none fixed inset-x-4 bottom-4 z-50 grid justify-items-center gap-2"
    >
      {toasts.map((entry) => (
        <div
          key={entry.id}
          className="pointer-events-auto flex w-full max-w-md items-start gap-3 rounded-3 bg-over px-4 py-3 shadow-over"
        >
          <StateMark mark={entry.tone === 'done' ? 'clear' : 'breach'} className="mt-1 size-3" />
          <div className="min-w-0 flex-1">
            <p className="font-medium">{entry.text}</p>
            {entry.detail === undefined ? null : <p className="text-ink-2">{entry.detail}</p>}
          </div>
          <IconButton label="Dismiss" onClick={() => dismissToast(entry.id)} className="-my-1 -mr-2">
            <CloseIcon />
          </IconButton>
        </div>
      ))}
    </div>
  )
}
