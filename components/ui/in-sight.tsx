'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'

const AHEAD = '200px'

/** InSight keeps a place free and fills it once it comes near the window, so that nothing is loaded for what nobody sees. */
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
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return
        setSeen(true)
        watch.disconnect()
      },
      { rootMargin: AHEAD },
    )
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return (
    <div ref={place} className={className}>
      {isSeen ? children : null}
    </div>
  )
}
