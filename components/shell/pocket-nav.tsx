'use client'

import clsx from 'clsx'
import { Ellipsis } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import type { Room } from './rooms'

const PocketMore = dynamic(() => import('./pocket-more').then((module) => module.PocketMore), { ssr: false })

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
          <Ellipsis className="size-4" aria-hidden="true" />
        </button>
      </nav>
      {isOpen ? <PocketMore rooms={rooms} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
