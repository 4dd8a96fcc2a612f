import type { Actor } from '../operation'
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
