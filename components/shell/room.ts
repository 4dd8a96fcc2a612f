import type { Permission } from '@/lib/access/permissions'

/** Room is one place of the console; `key` follows `G` on the keyboard, `bar` puts it on the bar, `pocket` on the phone's; the others stand under More. */
export type Room = {
  readonly id: string
  readonly title: string
  readonly href: string
  readonly key: string
  readonly permission: Permission
  readonly bar?: true
  readonly pocket?: true
}

/** roomAt finds the room of a path: the one with the longest matching address. */
export function roomAt(rooms: readonly Room[], pathname: string): Room | undefined {
  const matching = rooms.filter((room) =>
    room.href === '/' ? pathname === '/' : pathname === room.href || pathname.startsWith(`${room.href}/`),
  )
  return matching.sort((a, b) => b.href.length - a.href.length)[0]
}
