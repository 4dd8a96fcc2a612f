import type { Prisma } from '../../prisma/generated/client'
import { sightOf, withinSight } from '../access/sight'
import type { Actor } from '../operation'

/**
 * postmortemSight is the condition that every read of postmortems for somebody must carry: an incident's sight is its
 * postmortem's, and a restricted one without an incident is for admins and for who imported it.
 */
export function postmortemSight(actor: Actor): Prisma.PostmortemWhereInput {
  const sight = sightOf(actor)
  if (sight === 'all') return {}
  return {
    OR: [
      { incident: { is: withinSight(actor) } },
      { incidentId: null, visibility: { not: 'restricted' } },
      ...(actor.kind === 'person' && sight !== 'none' ? [{ incidentId: null, createdBy: actor.handle }] : []),
    ],
  }
}
