import type { Permission } from '@/lib/access/permissions'

const TEXTS: Readonly<Partial<Record<Permission, string>>> = {
  'health.read': 'see the board, the fleet, queues and services',
  'health.export': 'take the fleet out as CSV or JSON',
  'health.save-filter': 'keep filters',
  'sources.read': 'see what is connected',
  'sources.test': 'ask a source for an answer now',
  'agents.read': 'see which agents report',
  'access.read-people': 'see who may sign in',
  'audit.read': 'read the audit trail',
  'policy.read': 'read policies',
  'runbooks.read-faults': 'see which runbook files are refused',
  'triage.read': 'see what triage found',
  'triage.work': 'answer and override triage',
  'alerts.read': 'see alerts and deliveries',
  'alerts.acknowledge': 'acknowledge alerts',
  'alerts.redrive': 'drive held deliveries again',
  'incidents.read': 'see incidents, except restricted ones',
  'incidents.declare': 'declare incidents',
  'incidents.note': 'write notes',
  'incidents.acknowledge': 'answer incidents',
  'incidents.work': 'tasks, decisions, pins, links',
  'incidents.command': 'severity, status, roles, merging',
  'incidents.inform': 'record updates for our own people',
  'incidents.inform-public': 'record updates for customers',
}

/** scopeText says in words what a scope allows. */
export function scopeText(scope: Permission): string {
  return TEXTS[scope] ?? ''
}

const ROOMS: Readonly<Record<string, string>> = {
  health: 'Board and fleet',
  sources: 'Sources',
  agents: 'Agents',
  access: 'People',
  audit: 'Audit',
  policy: 'Policies',
  runbooks: 'Runbooks',
  triage: 'Triage',
  alerts: 'Alerts',
  incidents: 'Incidents',
}

export type ScopeGroup = { readonly title: string; readonly scopes: readonly Permission[] }

/** scopeGroups orders scopes by the room that they belong to. */
export function scopeGroups(scopes: readonly Permission[]): readonly ScopeGroup[] {
  const rooms = [...new Set(scopes.map((scope) => scope.split('.')[0] ?? ''))]
  return rooms.map((room) => ({
    title: ROOMS[room] ?? room,
    scopes: scopes.filter((scope) => scope.startsWith(`${room}.`)),
  }))
}
