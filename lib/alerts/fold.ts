import type { AlertMessage, ResolvedBy } from './model'

/** Episode is what a batch of messages says of one (source, fingerprint, start), however often and in whatever order. */
export type Episode = {
  /** newest is the message that arrived last; its texts stand. */
  readonly newest: AlertMessage
  readonly status: AlertMessage['status']
  readonly resolvedBy: ResolvedBy | undefined
  readonly endsAt: Date | undefined
  readonly endsRaw: string
  /** seen counts deliveries; polls and rules do not count. */
  readonly seen: number
  readonly firstAt: Date
}

/** episodeKey orders rows in every multi-row write, so that two writers lock them in the same order. */
export function episodeKey(message: Pick<AlertMessage, 'source' | 'fingerprint' | 'startsAt'>): string {
  return `${message.source}\u0001${message.fingerprint}\u0001${String(message.startsAt.getTime() + 1e14).padStart(16, '0')}`
}

function merged(before: Episode | undefined, message: AlertMessage): Episode {
  const isOver = message.status === 'resolved'
  const seen = message.via === 'webhook' ? 1 : 0
  const said: Episode = {
    newest: message,
    status: message.status,
    resolvedBy: isOver ? (message.resolvedBy ?? 'sender') : undefined,
    endsAt: message.endsAt,
    endsRaw: message.endsRaw,
    seen,
    firstAt: message.receivedAt,
  }
  if (!before) return said
  const isLater = message.receivedAt.getTime() >= before.newest.receivedAt.getTime()
  const endsLater = (message.endsAt?.getTime() ?? 0) > (before.endsAt?.getTime() ?? 0)
  return {
    newest: isLater ? message : before.newest,
    status: isOver ? 'resolved' : before.status,
    resolvedBy: before.resolvedBy ?? said.resolvedBy,
    endsAt: endsLater ? message.endsAt : before.endsAt,
    endsRaw: endsLater ? message.endsRaw : before.endsRaw,
    seen: before.seen + seen,
    firstAt: message.receivedAt.getTime() < before.firstAt.getTime() ? message.receivedAt : before.firstAt,
  }
}

/**
 * foldMessages folds messages into episodes, sorted by key: a resolve closes its episode for good, and of one alert only
 * the newest start can be open. The result does not depend on the order of the messages.
 */
export function foldMessages(messages: readonly AlertMessage[]): readonly Episode[] {
  const episodes = new Map<string, Episode>()
  const newestStart = new Map<string, number>()
  for (const message of messages) {
    const key = episodeKey(message)
    episodes.set(key, merged(episodes.get(key), message))
    const alert = `${message.source}\u0001${message.fingerprint}`
    const start = message.startsAt.getTime()
    if (start > (newestStart.get(alert) ?? -Infinity)) newestStart.set(alert, start)
  }
  return [...episodes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, episode]) => {
      const { source, fingerprint, startsAt } = episode.newest
      const newest = newestStart.get(`${source}\u0001${fingerprint}`) ?? 0
      if (episode.status === 'resolved' || startsAt.getTime() >= newest) return episode
      return { ...episode, status: 'resolved', resolvedBy: 'superseded' }
    })
}
