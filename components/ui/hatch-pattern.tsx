import type { ReactNode } from 'react'

/** HatchPattern defines `url(#hatch)` once a page for every chart that must show missing evidence. */
export function HatchPattern(): ReactNode {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">
          <path d="M-1 1l2-2M0 6l6-6M5 7l2-2" className="stroke-(--hatch-ink)" />
        </pattern>
      </defs>
    </svg>
  )
}
