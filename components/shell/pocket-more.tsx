'use client'

import type { ReactNode } from 'react'
import { Drawer } from '@/components/ui/drawer'
import { Link } from '@/components/ui/link'
import { useCurrentActions } from './actions'
import type { Room } from './room'

const ROW = 'flex min-h-12 w-full items-center border-b text-left text-16'
const SHOWN = ['palette', 'time', 'theme', 'link', 'sign-out']

/** PocketMore is everything that does not fit the phone's bar. */
export function PocketMore({
  rooms,
  onClose,
}: {
  readonly rooms: readonly Room[]
  readonly onClose: () => void
}): ReactNode {
  const actions = useCurrentActions().filter((action) => SHOWN.includes(action.id))
  return (
    <Drawer open onClose={onClose} title="More">
      <nav aria-label="All rooms">
        {rooms
          .filter((room) => !room.pocket)
          .map((room) => (
            <Link key={room.id} href={room.href} onClick={onClose} className={ROW}>
              {room.title}
            </Link>
          ))}
      </nav>
      <div className="pt-4">
        {actions.map((action) => (
          <button
            key={action.id}
            type="button"
            className={`${ROW} text-ink-2`}
            onClick={() => {
              onClose()
              action.run()
            }}
          >
            {action.title}
          </button>
        ))}
      </div>
    </Drawer>
  )
}
