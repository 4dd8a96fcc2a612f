import { can, type Role } from '@/lib/access/permissions'
import type { Room } from './room'

/** ROOMS lists the rooms that exist, in the order of the bar; navigation, palette and shortcuts are made from it. */
export const ROOMS: readonly Room[] = [
  { id: 'board', title: 'Board', href: '/', key: 'B', permission: 'health.read', pocket: true, bar: true },
  {
    id: 'incidents',
    title: 'Incidents',
    href: '/incidents',
    key: 'I',
    permission: 'incidents.read',
    bar: true,
    pocket: true,
  },
  { id: 'triage', title: 'Triage', href: '/triage', key: 'T', permission: 'triage.read', bar: true },
  {
    id: 'fleet',
    title: 'Fleet',
    href: '/fleet',
    key: 'F',
    permission: 'health.read',
    pocket: true,
    bar: true,
  },
  { id: 'gpus', title: 'GPUs', href: '/gpus', key: 'U', permission: 'health.read' },
  {
    id: 'queues',
    title: 'Queues',
    href: '/queues',
    key: 'Q',
    permission: 'health.read',
    pocket: true,
    bar: true,
  },
  {
    id: 'services',
    title: 'Services',
    href: '/services',
    key: 'S',
    permission: 'health.read',
    pocket: true,
    bar: true,
  },
  { id: 'alerts', title: 'Alerts', href: '/alerts', key: 'L', permission: 'alerts.read', bar: true },
  {
    id: 'deployments',
    title: 'Deployments',
    href: '/deployments',
    key: 'D',
    permission: 'deployments.read',
    bar: true,
  },
  { id: 'drills', title: 'Drills', href: '/drills', key: 'Y', permission: 'drills.read' },
  {
    id: 'postmortems',
    title: 'Postmortems',
    href: '/postmortems',
    key: 'P',
    permission: 'postmortems.read',
    bar: true,
  },
  { id: 'runbooks', title: 'Runbooks', href: '/runbooks', key: 'R', permission: 'runbooks.read' },
  { id: 'migrations', title: 'Migrations', href: '/migrations', key: 'M', permission: 'migrations.read' },
  { id: 'insights', title: 'Insights', href: '/insights', key: 'N', permission: 'insights.read' },
  { id: 'sources', title: 'Sources', href: '/settings/sources', key: 'O', permission: 'sources.read' },
  { id: 'audit', title: 'Audit', href: '/audit', key: 'A', permission: 'audit.read' },
  { id: 'settings', title: 'Settings', href: '/settings', key: ',', permission: 'access.self' },
]

/** roomsFor gives the rooms that any of the roles may enter, in order. */
export function roomsFor(roles: readonly Role[]): readonly Room[] {
  return ROOMS.filter((room) => can(roles, room.permission))
}
