'use client'

import { type ReactNode, useId } from 'react'
import { CloseIcon } from '@/components/ui/icons'
import { IconButton } from './icon-button'
import { ModalFrame } from './modal-frame'

/** Dialog asks for one decision; Esc and a press beside it close it through `onClose`. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  footer,
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  readonly footer?: ReactNode
}): ReactNode {
  const titleId = useId()
  return (
    <ModalFrame
      open={open}
      onClose={onClose}
      aria-labelledby={titleId}
      className="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-3 bg-over p-0 shadow-over"
    >
      <div className="grid gap-4 p-6">
        <div className="flex items-start justify-between gap-4">
          <h2 id={titleId} tabIndex={-1} data-first-focus className="outline-none text-16">
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose} className="-mt-1 -mr-2">
            <CloseIcon />
          </IconButton>
        </div>
        {children}
        {footer === undefined ? null : <div className="flex flex-wrap justify-end gap-2">{footer}</div>}
      </div>
    </ModalFrame>
  )
}
