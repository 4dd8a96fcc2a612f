'use client'

import clsx from 'clsx'
import { type ReactNode, useState } from 'react'
import { MoreIcon } from '@/components/ui/icons'
import { later } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import type { Room } from './room'

const PocketMore = later(() => import('./pocket-more').then((module) => module.PocketMore))

/** PocketNav is the phone's thumb bar: the rooms that matter on the move, the rest under More. */
export function PocketNav({
  rooms,
  current,
}: {
  readonly rooms: readonly Room[]
  readonly current: Room | undefined
}): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <nav
        aria-label="Rooms, phone"
        className="no-print sticky bottom-0 z-20 grid auto-cols-fr grid-flow-col border-t bg-bg pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {rooms
          .filter((room) => room.pocket)
          .map((room) => (
            <Link
              key={room.id}
              href={room.href}
              aria-current={room === current ? 'page' : undefined}
              className={clsx(
                'grid h-12 place-items-center border-t-2',
                room === current ? 'border-ink font-medium' : 'border-transparent text-ink-2',
              )}
            >
              {room.title}
            </Link>
          ))}
        <button
          type="button"
          aria-label="More rooms and settings"
          aria-haspopup="dialog"
          onClick={() => setOpen(true)}
          className="grid h-12 place-items-center text-ink-2"
        >
          <MoreIcon className="size-4" />
        </button>
      </nav>
      {isOpen ? <PocketMore rooms={rooms} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
