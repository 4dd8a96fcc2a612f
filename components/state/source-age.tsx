'use client'

import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/time/time-ago'

/** SourceAge is the end of every figure's line: who says so, and how old it is (epoch seconds, 0 = never read). */
export function SourceAge({ source, at }: { readonly source: string; readonly at: number }): ReactNode {
  return (
    <span className="text-12 whitespace-nowrap text-ink-3">
      {source} · <TimeAgo at={at} suffix="" never="not read yet" />
    </span>
  )
}
