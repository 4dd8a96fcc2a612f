import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'

/** nameOf is how somebody stands in a migration's record. */
export function nameOf(actor: Actor): string {
  return actor.kind === 'person' ? actor.handle : actor.id
}

/** personIn gives the person who asks. Throws forbidden for a machine: only people decide. */
export function personIn(actor: Actor): Extract<Actor, { kind: 'person' }> {
  if (actor.kind === 'person') return actor
  throw new AppError('forbidden', 'Only a person can decide this.')
}

/** ownerIn gives the person of this id as an owner. Throws not_found for nobody, and for somebody who may no longer sign in. */
export async function ownerIn(
  tx: Tx,
  id: string,
): Promise<{ readonly personId: string; readonly handle: string }> {
  const found = await tx.person.findUnique({ where: { id }, select: { handle: true, disabledAt: true } })
  if (found !== null && found.disabledAt === null) return { personId: id, handle: found.handle }
  throw new AppError('not_found', 'The owner of a phase is somebody who can sign in here.')
}
