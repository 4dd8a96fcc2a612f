'use client'

import { type ReactNode, useId, useRef, useState } from 'react'
import { placeBeside } from './place-beside'

/**
 * Popover opens evidence beside its trigger. The browser's own popover gives the top layer, Esc,
 * closing by a press elsewhere, and the return of focus.
 */
export function Popover({
  label,
  trigger,
  triggerClassName,
  align = 'start',
  children,
}: {
  readonly label: string
  readonly trigger: ReactNode
  readonly triggerClassName?: string
  readonly align?: 'start' | 'center' | 'end'
  readonly children: ReactNode
}): ReactNode {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)

  function settle(isOpen: boolean): void {
    setOpen(isOpen)
    const anchor = button.current
    const floating = box.current
    if (!isOpen || !anchor || !floating) return
    requestAnimationFrame(() => {
      const place = placeBeside({
        anchor: anchor.getBoundingClientRect(),
        floating: floating.getBoundingClientRect(),
        viewport: { width: window.innerWidth, height: window.innerHeight },
        align,
      })
      floating.style.left = `${place.left}px`
      floating.style.top = `${place.top}px`
    })
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-expanded={open}
        aria-haspopup="dialog"
        className={triggerClassName}
      >
        {trigger}
      </button>
      <div
        ref={box}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        onToggle={(event) => settle(event.newState === 'open')}
        className="tip w-[min(26rem,calc(100vw-1rem))] rounded-3 bg-over p-4 text-left text-13 text-ink shadow-over"
      >
        {open ? children : null}
      </div>
    </>
  )
}
