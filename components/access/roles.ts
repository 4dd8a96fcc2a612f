import type { Role } from '@/lib/access/permissions'

/** ROLE_TEXTS say in a few words what each role is for. */
export const ROLE_TEXTS: Readonly<Record<Role, string>> = {
  viewer: 'reads everything but secrets and the audit trail',
  responder: 'answers alerts, tests sources',
  commander: 'leads incidents, tests sources',
  comms: 'writes and publishes updates',
  reviewer: 'reviews changes, reads the audit trail',
  manager: 'approves, reads the audit trail',
  admin: 'people, keys and connections; runs and approves nothing',
}
