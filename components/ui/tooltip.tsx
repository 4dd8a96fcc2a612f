'use client'

import { type ReactNode, useId, useRef } from 'react'
import { placeBeside } from './place-beside'

/** Tooltip says more about what it wraps, on hover and on keyboard focus; it holds text only. */
export function Tooltip({
  text,
  children,
}: {
  readonly text: string
  readonly children: ReactNode
}): ReactNode {
  const id = useId()
  const anchor = useRef<HTMLSpanElement>(null)
  const tip = useRef<HTMLSpanElement>(null)

  function show(): void {
    const floating = tip.current
    if (!anchor.current || !floating || floating.matches(':popover-open')) return
    floating.showPopover()
    const place = placeBeside({
      anchor: anchor.current.getBoundingClientRect(),
      floating: floating.getBoundingClientRect(),
      viewport: { width: window.innerWidth, height: window.innerHeight },
      align: 'center',
    })
    floating.style.left = `${place.left}px`
    floating.style.top = `${place.top}px`
  }

  function hide(): void {
    if (tip.current?.matches(':popover-open')) tip.current.hidePopover()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the wrapped control keeps its own role; this only listens
    <span
      ref={anchor}
      aria-describedby={id}
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      onKeyDown={(event) => event.key === 'Escape' && hide()}
    >
      {children}
      <span
        ref={tip}
        id={id}
        popover="manual"
        role="tooltip"
        className="tip max-w-72 rounded-2 bg-over px-2 py-1 text-12 text-ink shadow-over"
      >
        {text}
      </span>
    </span>
  )
}
