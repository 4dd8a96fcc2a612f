import type { Prisma } from '../../prisma/generated/client'
import { documentsWithin } from '../access/sight'
import type { Actor } from '../operation'

/** postmortemSight is the condition that every read of postmortems for somebody must carry. */
export function postmortemSight(actor: Actor): Prisma.PostmortemWhereInput {
  return documentsWithin(actor)
}
