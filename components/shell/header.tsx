'use client'

import type { ReactNode } from 'react'
import { HeaderClock } from '@/components/time/header-clock'
import { BrandMark } from '@/components/ui/brand-mark'
import { IconButton } from '@/components/ui/icon-button'
import { SearchIcon, ThemeIcon } from '@/components/ui/icons'
import { Link } from '@/components/ui/link'
import { LiveNote } from './live-note'
import type { Room } from './room'
import { RoomBar } from './room-bar'
import type { ShellActor } from './shell'
import { SourceTicks } from './source-ticks'
import { toggleTheme } from './theme'
import { UserMenu } from './user-menu'

/** Header holds the rooms, the liveness of every source and the time. */
export function Header({
  actor,
  rooms,
  current,
  openPalette,
}: {
  readonly actor: ShellActor
  readonly rooms: readonly Room[]
  readonly current: Room | undefined
  readonly openPalette: () => void
}): ReactNode {
  return (
    <header className="no-print flex h-12 shrink-0 items-center gap-4 border-b px-4 whitespace-nowrap md:px-6 lg:gap-5">
      <Link href="/" className="flex items-center gap-2.5 text-14 font-semibold tracking-tight">
        <BrandMark />
        <span className="max-md:sr-only lg:not-sr-only md:max-lg:sr-only">Watchfloor</span>
      </Link>
      <RoomBar rooms={rooms} current={current} />
      <div className="flex min-w-0 flex-1 shrink-0 items-center justify-end gap-3 md:min-w-fit lg:gap-5">
        <LiveNote />
        <SourceTicks />
        <HeaderClock />
        <div className="flex items-center gap-1">
          <IconButton label="Search and palette (Ctrl K)" onClick={openPalette} className="max-md:hidden">
            <SearchIcon />
          </IconButton>
          <IconButton label="Turn to the other theme" onClick={toggleTheme} className="max-md:hidden">
            <ThemeIcon />
          </IconButton>
          <UserMenu actor={actor} />
        </div>
      </div>
    </header>
  )
}
