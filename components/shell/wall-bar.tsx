'use client'

import type { ReactNode } from 'react'
import { HeaderClock } from '@/components/time/header-clock'
import { BrandMark } from '@/components/ui/brand-mark'
import { LiveNote } from './live-note'
import { SourceTicks } from './source-ticks'

/** WallBar is all that a wall display keeps of the console's frame: whose it is, how live, what time. */
export function WallBar(): ReactNode {
  return (
    <header className="flex h-12 shrink-0 items-center gap-6 border-b px-6">
      <span className="flex items-center gap-2.5 text-14 font-semibold">
        <BrandMark />
        Watchfloor
      </span>
      <span className="ml-auto flex items-center gap-6">
        <LiveNote />
        <SourceTicks wordsFrom="md" />
        <HeaderClock />
      </span>
    </header>
  )
}
