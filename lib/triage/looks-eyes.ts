import type { SourceState } from '../health/model'
import { isUnwatched } from '../health/rules/plane-row'
import { countLook, noLook } from './look'
import type { Looks, Subject } from './model'
import type { Sight } from './sight'

const BLIND: ReadonlySet<string> = new Set(['silent', 'refused', 'limited', 'late'])

/** eyesLooks are the looks at our own sources and at everything together. */
export function eyesLooks(sight: Sight): Looks {
  const { planes, nowMs } = sight
  const sources = [...sight.rated.world.sources.values()].filter(({ state }) => state !== 'off')
  const unwell = planes.filter(({ rating }) => rating === 'warning' || rating === 'breach')
  const unread = planes.filter(
    (plane) => (plane.rating === 'unknown' || plane.rating === 'stale') && !isUnwatched(plane),
  )
  return {
    'sources.blind': countLook(
      'sources.blind',
      {
        yes: sources.filter(isBlind).map(subject),
        hidden: sources.filter(({ state }) => state === 'waiting').map(subject),
        of: sources.length,
      },
      nowMs,
    ),
    'planes.unwell': countLook(
      'planes.unwell',
      {
        yes: unwell.map(({ id }) => `plane:${id}`),
        hidden: unread.map(({ id }) => `plane:${id}`),
        of: planes.length,
      },
      nowMs,
    ),
    'direct.unwell': direct(sight),
    'drift.lost': noLook('drift.lost', 'not_connected', 'no hotfix records are kept yet'),
  }
}

/** isBlind tells that a source refuses, is limited, is silent, or failed twice running. */
export function isBlind(source: SourceState): boolean {
  // A page for people only leaves no question open: it is judged by our own measurements.
  if (source.kind === 'statuspage' && source.why === 'schema_mismatch') return false
  return BLIND.has(source.state) || (source.failures >= 2 && source.why !== undefined)
}

function subject({ id }: SourceState): Subject {
  return `source:${id}`
}

function direct(sight: Sight) {
  const yes: Subject[] = []
  const hidden: Subject[] = []
  const note = (id: string, rating: string): void => {
    if (rating === 'breach' || rating === 'warning') yes.push(id)
    else if (rating !== 'clear') hidden.push(id)
  }
  const { rated } = sight
  for (const [id, rating] of rated.services) note(`service:${id}`, rating.verdict.rating)
  for (const [key, rating] of rated.queues) note(`queue:${key}`, rating.verdict.rating)
  for (const source of rated.world.sources.values()) if (isBlind(source)) hidden.push(subject(source))
  for (const plane of sight.planes) {
    if (!isUnwatched(plane)) note(`plane:${plane.id}`, plane.rating)
  }
  return countLook('direct.unwell', { yes, hidden }, sight.nowMs)
}
