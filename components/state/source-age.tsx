'use client'

import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/time/time-ago'
import { useBoard } from '@/lib/client/health-store'
import type { SourceRow } from '@/lib/health/wire'

function titleOf(rows: readonly SourceRow[], source: string): string | undefined {
  return (rows.find((row) => row.id === source) ?? rows.find((row) => row.kind === source))?.title
}

/** SourceAge is the end of every figure's line: who says so, and how old it is (epoch seconds, 0 = never read). */
export function SourceAge({ source, at }: { readonly source: string; readonly at: number }): ReactNode {
  const title = useBoard((board) => titleOf(board.sources, source))
  return (
    <span className="text-12 whitespace-nowrap text-ink-3">
      {title ?? source} · <TimeAgo at={at} suffix="" never="not read yet" />
    </span>
  )
}
