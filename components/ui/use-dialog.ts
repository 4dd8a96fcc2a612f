'use client'

import { type RefObject, useEffect, useRef } from 'react'

/**
 * useDialog keeps a native modal dialog in step with `open`; the browser traps focus and gives it back.
 * The element with `data-first-focus` gets the focus at first: the title, or the field to type into.
 */
export function useDialog(open: boolean): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    if (open && !dialog.open) {
      dialog.showModal()
      dialog.querySelector<HTMLElement>('[data-first-focus]')?.focus()
    }
    if (!open && dialog.open) dialog.close()
  }, [open])
  return ref
}
