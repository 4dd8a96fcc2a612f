'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'
import { RATING_TEXT } from '@/components/ui/rating'
import { useBoard, useServerNow } from '@/lib/client/health-store'
import { connectedSources, sourceSummary, type TickLook, tickLook } from './source-summary'

const TICKS: Readonly<Record<TickLook, string>> = {
  live: 'h-3 bg-ok',
  late: 'h-1.5 bg-warn',
  mute: 'h-3 border border-unknown',
}

/** SourceTicks is one tick a source and the same in words; it leads to the sources. */
export function SourceTicks({ wordsFrom = 'xl' }: { readonly wordsFrom?: 'xl' | 'md' }): ReactNode {
  const sources = useBoard((board) => board.sources)
  const now = useServerNow()
  if (sources === undefined) return null
  const parts = sourceSummary(sources, now)
  return (
    <Link
      href="/settings/sources"
      className="flex items-center gap-2.5 text-12 whitespace-nowrap text-ink-2"
      title={parts.map((part) => part.text).join(', ')}
    >
      <span className="flex h-3 items-end gap-0.5" aria-hidden="true">
        {connectedSources(sources).map((source) => (
          <span key={source.id} className={clsx('w-[3px]', TICKS[tickLook(source.state)])} />
        ))}
      </span>
      <span className={clsx('sr-only', wordsFrom === 'xl' ? 'min-[90rem]:not-sr-only' : 'md:not-sr-only')}>
        {parts.map((part, index) => (
          <span key={part.text}>
            {index === 0 ? '' : ', '}
            <span className={part.rating === undefined ? undefined : RATING_TEXT[part.rating]}>
              {part.text}
            </span>
          </span>
        ))}
      </span>
    </Link>
  )
}
