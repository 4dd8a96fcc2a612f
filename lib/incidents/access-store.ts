import { can, rolesOf } from '../access/permissions'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'

/** Named is a person whom a restricted incident names. */
export type Named = { readonly personId: string; readonly handle: string }

/** namePeople writes who may know of an incident; naming somebody again changes nothing. Gives how many are new. */
export async function namePeople(
  tx: Tx,
  incident: { readonly id: string },
  naming: { readonly people: readonly Named[]; readonly by: string; readonly now: Date },
): Promise<number> {
  const { count } = await tx.incidentAccess.createMany({
    data: naming.people.map(({ personId, handle }) => ({
      incidentId: incident.id,
      personId,
      handle,
      at: naming.now,
      by: naming.by,
    })),
    skipDuplicates: true,
  })
  return count
}

/** peopleInside gives who works in an incident now: holders of roles, who was offered one, owners of unfinished tasks. */
export async function peopleInside(tx: Tx, incident: string): Promise<readonly Named[]> {
  const [roles, tasks] = await Promise.all([
    tx.roleAssignment.findMany({ where: { incidentId: incident, endedAt: null } }),
    tx.incidentTask.findMany({ where: { incidentId: incident, finishedAt: null } }),
  ])
  const inside = new Map<string, string>()
  for (const role of roles) {
    inside.set(role.personId, role.handle)
    if (role.offeredTo !== null) inside.set(role.offeredTo, role.offeredToHandle ?? '')
  }
  for (const task of tasks) inside.set(task.ownerId, task.ownerHandle)
  return [...inside].map(([personId, handle]) => ({ personId, handle }))
}

/** readPeople gives enabled accounts by id, in the order of their handles; throws invalid when one is missing. */
export async function readPeople(tx: Tx, ids: readonly string[], path: string): Promise<readonly Named[]> {
  const wanted = [...new Set(ids)]
  const rows = await tx.person.findMany({
    where: { id: { in: wanted }, disabledAt: null },
    select: { id: true, handle: true },
    orderBy: { handle: 'asc' },
  })
  if (rows.length === wanted.length) return rows.map(({ id, handle }) => ({ personId: id, handle }))
  throw new AppError('invalid', 'Name people who have an account that is not disabled.', {
    issues: [{ path, message: 'one of them has no account, or it is disabled' }],
  })
}

/** refuseOutsider throws invalid when work in a restricted incident would go to somebody who may not know of it. */
export async function refuseOutsider(
  tx: Tx,
  incident: string,
  person: {
    readonly id: string
    readonly handle: string
    readonly roles: readonly string[]
    readonly path: string
  },
): Promise<void> {
  const row = await tx.incident.findUnique({
    where: { id: incident },
    select: { visibility: true, named: { where: { personId: person.id } } },
  })
  if (row?.visibility !== 'restricted' || row.named.length > 0) return
  if (can(rolesOf(person.roles), 'incidents.read-restricted')) return
  throw new AppError('invalid', `This incident is restricted: name ${person.handle} first.`, {
    issues: [{ path: person.path, message: `${person.handle} may not know of this incident` }],
  })
}
