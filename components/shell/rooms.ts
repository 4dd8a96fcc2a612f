import { can, type Permission, type Role } from '@/lib/access/permissions'

/** Room is one place of the console; `key` follows `G` on the keyboard, `pocket` puts it on the phone's bar. */
export type Room = {
  readonly id: string
  readonly title: string
  readonly href: string
  readonly key: string
  readonly permission: Permission
  readonly pocket?: true
}

/** ROOMS lists the rooms that exist, in the order of the bar; navigation, palette and shortcuts are made from it. */
export const ROOMS: readonly Room[] = [
  { id: 'board', title: 'Board', href: '/', key: 'B', permission: 'health.read', pocket: true },
  {
    id: 'incidents',
    title: 'Incidents',
    href: '/incidents',
    key: 'I',
    permission: 'incidents.read',
    pocket: true,
  },
  { id: 'fleet', title: 'Fleet', href: '/fleet', key: 'F', permission: 'health.read', pocket: true },
  { id: 'gpus', title: 'GPUs', href: '/gpus', key: 'U', permission: 'health.read' },
  { id: 'queues', title: 'Queues', href: '/queues', key: 'Q', permission: 'health.read', pocket: true },
  { id: 'services', title: 'Services', href: '/services', key: 'S', permission: 'health.read', pocket: true },
  { id: 'alerts', title: 'Alerts', href: '/alerts', key: 'L', permission: 'alerts.read' },
  { id: 'sources', title: 'Sources', href: '/settings/sources', key: 'O', permission: 'sources.read' },
  { id: 'audit', title: 'Audit', href: '/audit', key: 'A', permission: 'audit.read' },
  { id: 'settings', title: 'Settings', href: '/settings', key: ',', permission: 'access.self' },
]

/** roomsFor gives the rooms that any of the roles may enter, in order. */
export function roomsFor(roles: readonly Role[]): readonly Room[] {
  return ROOMS.filter((room) => can(roles, room.permission))
}

/** roomAt finds the room of a path: the one with the longest matching address. */
export function roomAt(rooms: readonly Room[], pathname: string): Room | undefined {
  const matching = rooms.filter((room) =>
    room.href === '/' ? pathname === '/' : pathname === room.href || pathname.startsWith(`${room.href}/`),
  )
  return matching.sort((a, b) => b.href.length - a.href.length)[0]
}
