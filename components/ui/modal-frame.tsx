'use client'

import type { ReactNode } from 'react'
import { useDialog } from './use-dialog'

/** ModalFrame is a native modal dialog: the page behind is out of reach, Esc and a press beside it close it through `onClose`. */
export function ModalFrame({
  open = true,
  onClose,
  className,
  children,
  ...name
}: {
  readonly open?: boolean
  readonly onClose: () => void
  readonly className: string
  readonly children: ReactNode
} & ({ readonly 'aria-label': string } | { readonly 'aria-labelledby': string })): ReactNode {
  const ref = useDialog(open)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the dialog's own key; the click is for the backdrop
    <dialog
      ref={ref}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={className}
      {...name}
    >
      {open ? children : null}
    </dialog>
  )
}
