'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { whenUsed } from './when-used'

const LATEST_MS = 4_000

/** InSight keeps a place free and fills it once it is in sight or the page is used, so that it is no part of the first load. */
export function InSight({
  className,
  children,
}: {
  /** className must reserve the height that the content will take. */
  readonly className: string
  readonly children: ReactNode
}): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) show()
    })
    // Readers of the page and the keyboard reach it without scrolling.
    const callOff = whenUsed(show, LATEST_MS)
    function show(): void {
      setSeen(true)
      stop()
    }
    function stop(): void {
      watch.disconnect()
      callOff()
    }
    watch.observe(element)
    return stop
  }, [])
  return (
    <div ref={place} className={className}>
      {isSeen ? children : null}
    </div>
  )
}
