'use client'

import type { ReactNode } from 'react'
import { IconButton } from './icon-button'
import { CloseIcon } from './icons'
import { StateMark } from './state-mark'
import { dismissToast, type Toast } from './toast-store'

/** Toasts are the outcomes that stand at the bottom until they go or are dismissed. */
export function Toasts({ toasts }: { readonly toasts: readonly Toast[] }): ReactNode {
  return toasts.map((entry) => (
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
  ))
}
