import type { Actor } from '../operation'
import { can } from './permissions'

/** Sight is which restricted incidents somebody may know of: all, those that name them, or none. */
export type Sight = 'all' | 'none' | { readonly personId: string }

/** sightOf gives an actor's sight: admins see all, people those that name them, API keys and machines none. */
export function sightOf(actor: Actor): Sight {
  if (actor.kind === 'machine' || actor.key !== undefined) return 'none'
  return can(actor.roles, 'incidents.read-restricted') ? 'all' : { personId: actor.id }
}

/** SightCondition is a sight as a condition on the table of incidents. */
export type SightCondition =
  | Record<string, never>
  | {
      readonly OR: (
        | { readonly visibility: { readonly not: 'restricted' } }
        | { readonly named: { readonly some: { readonly personId: string } } }
      )[]
    }

/** withinSight is the condition that every read of incidents for somebody must carry. */
export function withinSight(actor: Actor): SightCondition {
  const sight = sightOf(actor)
  if (sight === 'all') return {}
  const open = { visibility: { not: 'restricted' } } as const
  return { OR: sight === 'none' ? [open] : [open, { named: { some: { personId: sight.personId } } }] }
}

/** DocumentCondition is a sight as a condition on the table of postmortems. */
export type DocumentCondition =
  | Record<string, never>
  | {
      readonly OR: (
        | { readonly incident: { readonly is: SightCondition } }
        | { readonly incidentId: null; readonly visibility: { readonly not: 'restricted' } }
        | { readonly incidentId: null; readonly createdBy: string }
      )[]
    }

/**
 * documentsWithin is the condition that every read of postmortems for somebody must carry: an incident's sight is its
 * postmortem's, and a restricted one without an incident is for admins and for who imported it.
 */
export function documentsWithin(actor: Actor): DocumentCondition {
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
