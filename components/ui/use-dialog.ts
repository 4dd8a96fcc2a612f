'use client'

import { type RefObject, useEffect, useRef } from 'react'

const FIRST_FOCUS = ['input[data-first-focus]', 'form input', '[data-first-focus]'] as const

/**
 * useDialog keeps a native modal dialog in step with `open`; the browser traps focus and gives it back.
 * The focus goes to the field to type into, or to the element with `data-first-focus`: the title.
 */
export function useDialog(open: boolean): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    if (open && !dialog.open) {
      dialog.showModal()
      const first = FIRST_FOCUS.map((selector) => dialog.querySelector<HTMLElement>(selector)).find(Boolean)
      first?.focus()
    }
    if (!open && dialog.open) dialog.close()
  }, [open])
  return ref
}
