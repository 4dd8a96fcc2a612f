import type { ReactNode } from 'react'
import type { Rating } from '@/lib/health/model'

/** TileSwatch is a tile's silhouette as it stands on the wall. */
export function TileSwatch({ rating }: { readonly rating: Rating }): ReactNode {
  return (
    <svg viewBox="0 0 10 10" className="size-2.5" aria-hidden="true">
      <Shape rating={rating} />
    </svg>
  )
}

function Shape({ rating }: { readonly rating: Rating }): ReactNode {
  switch (rating) {
    case 'breach':
      return <rect width="10" height="10" className="fill-tile-breach" />
    case 'warning':
      return <path d="M1 1h5v3h3v5H1z" className="fill-tile-warn" />
    case 'unknown':
      return <rect x="1.5" y="1.5" width="7" height="7" fill="none" className="stroke-tile-unknown" />
    case 'stale':
      return <path d="M1 9h8V1z" className="fill-tile-stale" />
    case 'clear':
      return <rect x="1" y="1" width="8" height="8" className="fill-tile-ok" />
  }
}
