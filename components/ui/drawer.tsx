'use client'

import { type ReactNode, useId } from 'react'
import { CloseIcon } from '@/components/ui/icons'
import { IconButton } from './icon-button'
import { ModalFrame } from './modal-frame'

/** Drawer opens detail from the right edge; Esc and a press beside it close it through `onClose`. */
export function Drawer({
  open,
  onClose,
  title,
  subtitle,
  children,
  footer,
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly subtitle?: ReactNode
  readonly children: ReactNode
  readonly footer?: ReactNode
}): ReactNode {
  const titleId = useId()
  return (
    <ModalFrame
      open={open}
      onClose={onClose}
      aria-labelledby={titleId}
      className="sheet m-0 ml-auto h-dvh max-h-none w-[min(32rem,100vw)] max-w-none bg-over p-0 shadow-over"
    >
      <div className="flex h-full flex-col">
        <header className="flex items-start justify-between gap-4 border-b px-6 py-4">
          <div className="min-w-0">
            <h2 id={titleId} tabIndex={-1} data-first-focus className="outline-none text-16 break-words">
              {title}
            </h2>
            {subtitle === undefined ? null : <p className="text-ink-2">{subtitle}</p>}
          </div>
          <IconButton label="Close" onClick={onClose} className="-mr-2">
            <CloseIcon />
          </IconButton>
        </header>
        <section
          className="min-h-0 flex-1 overflow-y-auto px-6 py-4"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard
          tabIndex={0}
          aria-label="Details"
        >
          {children}
        </section>
        {footer === undefined ? null : <div className="flex gap-2 border-t px-6 py-3">{footer}</div>}
      </div>
    </ModalFrame>
  )
}
