import type { Actor } from '../operation'
import { can, type Permission } from './permissions'

/** holds tells whether an actor may do what the permission names: by role, and through an API key by its scopes too. */
export function holds(actor: Actor, permission: Permission): boolean {
  if (actor.kind === 'machine') return actor.permissions.includes(permission)
  return can(actor.roles, permission) && (actor.key === undefined || actor.key.scopes.includes(permission))
}
