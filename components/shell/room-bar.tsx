import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'
import { Menu } from '@/components/ui/menu'
import type { Room } from './room'

/** RoomBar leads to the rooms that an incident needs, and to the one that is open; the others stand under More. */
export function RoomBar({
  rooms,
  current,
}: {
  readonly rooms: readonly Room[]
  readonly current: Room | undefined
}): ReactNode {
  const isOnBar = (room: Room): boolean => room.bar === true || room === current
  return (
    <div className="hidden h-full min-w-0 shrink md:flex">
      <nav aria-label="Rooms" className="flex h-full min-w-0 shrink overflow-x-auto [scrollbar-width:none]">
        {rooms.filter(isOnBar).map((room) => (
          <Link
            key={room.id}
            href={room.href}
            aria-current={room === current ? 'page' : undefined}
            className={clsx(
              'relative flex items-center px-2 lg:px-2.5',
              room === current
                ? 'font-medium text-ink after:absolute after:inset-x-2.5 after:bottom-0 after:h-0.5 after:bg-ink'
                : 'text-ink-2 hover:text-ink',
            )}
          >
            {room.title}
          </Link>
        ))}
      </nav>
      <Menu
        label="More rooms"
        triggerClassName="shrink-0 px-2 text-ink-2 hover:text-ink lg:px-2.5"
        trigger="More"
        items={rooms
          .filter((room) => !isOnBar(room))
          .map((room) => ({ kind: 'link', label: room.title, keys: `G ${room.key}`, href: room.href }))}
      />
    </div>
  )
}
