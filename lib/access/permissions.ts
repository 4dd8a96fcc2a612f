/** Role is a job that a person may hold; several at once are allowed. */
export type Role = 'viewer' | 'responder' | 'commander' | 'comms' | 'reviewer' | 'manager' | 'admin'

/** ROLES lists every role in the order of the screens. */
export const ROLES: readonly Role[] = [
  'viewer',
  'responder',
  'commander',
  'comms',
  'reviewer',
  'manager',
  'admin',
]

const EVERYONE: readonly Role[] = ROLES

/**
 * PERMISSIONS is the one table of who may do what: permission (`room.ability`) → the roles that hold it.
 * Machine principals hold exact permissions of their own and no role.
 */
export const PERMISSIONS = {
  'health.read': EVERYONE,
  'health.export': EVERYONE,
  'health.save-filter': EVERYONE,
  'sources.read': EVERYONE,
  'sources.configure': ['admin'],
  'sources.test': ['admin', 'responder', 'commander'],
  'agents.read': EVERYONE,
  'agents.manage': ['admin'],
  'access.self': EVERYONE,
  'access.make-key': EVERYONE,
  'access.read-people': EVERYONE,
  'access.manage-people': ['admin'],
  'channels.read': EVERYONE,
  'channels.configure': ['admin'],
  'channels.test': ['admin', 'commander', 'comms'],
  'channels.pause': ['admin', 'commander', 'comms', 'manager'],
  'delivery.read': EVERYONE,
  'delivery.decide': ['responder', 'commander', 'comms', 'manager'],
  'audit.read': ['reviewer', 'manager', 'admin'],
  'policy.read': EVERYONE,
  'runbooks.read-faults': ['commander', 'manager', 'admin'],
  'runbooks.read': EVERYONE,
  'runbooks.edit': ['responder', 'commander', 'reviewer', 'manager', 'admin'],
  'runbooks.approve': ['commander', 'manager', 'admin'],
  'alerts.read': EVERYONE,
  'alerts.acknowledge': ['responder', 'commander', 'manager'],
  'alerts.redrive': ['responder', 'commander', 'admin'],
  'alerts.manage-hooks': ['admin'],
  'triage.read': EVERYONE,
  'triage.work': ['responder', 'commander', 'manager'],
  'checklists.read': EVERYONE,
  'checklists.work': ['responder', 'commander', 'comms', 'manager'],
  'drills.read': EVERYONE,
  'drills.run': ['responder', 'commander', 'manager', 'admin'],
  'drills.export': ['responder', 'commander', 'reviewer', 'manager', 'admin'],
  'actions.read': EVERYONE,
  'actions.look': ['responder', 'commander', 'manager'],
  'actions.prepare': ['responder', 'commander', 'manager'],
  'actions.change': ['responder', 'commander', 'manager'],
  'actions.dangerous': ['responder', 'commander', 'manager'],
  'actions.approve': ['responder', 'commander', 'manager'],
  'actions.break-glass': ['responder', 'commander', 'manager'],
  'actions.review': ['reviewer', 'commander', 'manager', 'admin'],
  'evidence.read': ['responder', 'commander', 'comms', 'reviewer', 'manager', 'admin'],
  'evidence.collect': ['responder', 'commander', 'comms', 'manager'],
  'status.read': EVERYONE,
  'status.manage': ['comms', 'manager', 'admin'],
  'status.maintain': ['commander', 'comms', 'manager', 'admin'],
  'status.export': ['admin'],
  'incidents.read': EVERYONE,
  'incidents.read-restricted': ['admin'],
  'incidents.declare': ['responder', 'commander', 'comms', 'manager'],
  'incidents.note': ['responder', 'commander', 'comms', 'manager'],
  'incidents.acknowledge': ['responder', 'commander', 'manager'],
  'incidents.work': ['responder', 'commander', 'comms', 'manager'],
  'incidents.command': ['commander', 'manager'],
  'incidents.inform': ['responder', 'commander', 'comms', 'manager'],
  'incidents.inform-public': ['commander', 'comms', 'manager'],
  'subscribers.read': ['responder', 'commander', 'comms', 'reviewer', 'manager', 'admin'],
  'subscribers.manage': ['comms', 'admin'],
  'slack.read': EVERYONE,
  'slack.manage': ['admin'],
  'mail.configure': ['admin'],
  'mail.test': ['comms', 'admin'],
  'action-items.read': EVERYONE,
  'action-items.work': ['responder', 'commander', 'comms', 'reviewer', 'manager'],
  'insights.read': EVERYONE,
  'deployments.read': EVERYONE,
  'deployments.plan': ['responder', 'commander', 'manager', 'admin'],
  'deployments.check': ['responder', 'commander', 'reviewer', 'manager', 'admin'],
  'deployments.waive': ['responder', 'commander', 'manager'],
  'deployments.approve': ['responder', 'commander', 'manager'],
  'deployments.at-once': ['manager'],
  'deployments.override': ['responder', 'commander', 'manager'],
  'deployments.override-alone': ['commander', 'manager'],
  'deployments.review': ['reviewer', 'commander', 'manager', 'admin'],
  'deployments.freeze': ['commander', 'manager', 'admin'],
  'deployments.rotate': ['responder', 'commander', 'manager', 'admin'],
  'deployments.size': ['responder', 'commander', 'manager', 'admin'],
  'rollouts.read': EVERYONE,
  'rollouts.steer': ['responder', 'commander', 'manager'],
  'rollouts.back': ['responder', 'commander', 'manager'],
  'rollouts.lift': ['commander', 'manager'],
  'hotfixes.record': ['responder', 'commander', 'manager'],
  'hotfixes.waive': ['manager'],
  'publications.read': EVERYONE,
  'publications.publish': ['responder', 'commander', 'comms', 'manager'],
  'publications.publish-public': ['commander', 'comms', 'manager'],
  'publications.approve': ['commander', 'comms', 'manager'],
  'flags.read': EVERYONE,
  'flags.evaluate': EVERYONE,
  'flags.change': ['commander', 'manager', 'admin'],
  'flags.turn-off': ['responder', 'commander', 'manager', 'admin'],
  'migrations.read': EVERYONE,
  'migrations.report': ['responder', 'commander', 'manager', 'admin'],
  'migrations.work': ['responder', 'commander', 'manager'],
  'migrations.shift': ['responder', 'commander', 'manager'],
  'migrations.approve': ['responder', 'commander', 'manager'],
  'postmortems.read': EVERYONE,
  'postmortems.draft': ['responder', 'commander', 'comms', 'reviewer', 'manager'],
  'postmortems.edit': ['responder', 'commander', 'comms', 'reviewer', 'manager'],
  'postmortems.import': ['reviewer', 'manager', 'admin'],
  'postmortems.comment': ['responder', 'commander', 'comms', 'reviewer', 'manager', 'admin'],
  'postmortems.review': ['responder', 'commander', 'comms', 'reviewer', 'manager'],
  'postmortems.publish': ['commander', 'reviewer', 'manager'],
  'migrations.cut-over': ['responder', 'commander', 'manager'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

/** Permission is a name of the table above. */
export type Permission = keyof typeof PERMISSIONS

/** STEP_UP lists the permissions that need a sign-in not older than ten minutes. */
export const STEP_UP: ReadonlySet<Permission> = new Set<Permission>([
  'sources.configure',
  'agents.manage',
  'channels.configure',
  'access.make-key',
  'access.manage-people',
  'alerts.manage-hooks',
  'actions.dangerous',
  'actions.approve',
  'actions.break-glass',
  'runbooks.approve',
  'mail.configure',
  'slack.manage',
  'status.export',
  'migrations.cut-over',
])

/** can tells whether any of a person's roles holds the permission. */
export function can(roles: readonly Role[], permission: Permission): boolean {
  const holders: readonly Role[] = PERMISSIONS[permission]
  return roles.some((role) => holders.includes(role))
}

/** rolesOf keeps the known role names of a stored list. */
export function rolesOf(stored: readonly string[]): Role[] {
  return ROLES.filter((role) => stored.includes(role))
}

/** GRANTABLE lists what an API key may be allowed: nothing that needs a password, and nothing about the own account. */
export const GRANTABLE: readonly Permission[] = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (permission) =>
    !STEP_UP.has(permission) && permission !== 'access.self' && permission !== 'incidents.read-restricted',
)

/** scopesOf keeps the known permission names of a stored list. */
export function scopesOf(stored: readonly string[]): Permission[] {
  return GRANTABLE.filter((permission) => stored.includes(permission))
}
