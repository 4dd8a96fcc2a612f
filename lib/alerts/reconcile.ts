import type { AlertMessage } from './model'
import { parseAlertList } from './parse-alertmanager'
import type { AlertsPolicy } from './policy'
import type { ListedAlert, RuleAlert } from './ports'
import { matchRules } from './rule-match'
import { cleanText } from './text'

/** StoredEpisode is an episode of the alert source as we hold it: every open one, and closed ones that are listed again. */
export type StoredEpisode = {
  readonly id: string
  readonly fingerprint: string
  readonly startsAt: Date
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly resolvedAt: Date | undefined
  readonly seen: number
  readonly missingSince: Date | undefined
  readonly silencedBy: readonly string[]
  readonly inhibited: boolean
  readonly promState: string
}

/** Mark is what a poll says of an open episode besides that it is open. */
export type Mark = {
  readonly id: string
  readonly silencedBy: readonly string[]
  readonly inhibited: boolean
  readonly promState: string
  readonly missingSince: Date | undefined
}

/** Plan is what a poll changes. */
export type Plan = {
  readonly appear: readonly AlertMessage[]
  readonly reopen: readonly string[]
  readonly close: readonly string[]
  /** marks holds only what differs from what is stored. */
  readonly marks: readonly Mark[]
  /** undelivered counts open alerts that only the poll knows, past the grace of their delivery. */
  readonly undelivered: number
  /** disagreeing are the open fingerprints that the metrics server does not fire. */
  readonly disagreeing: readonly string[]
  readonly onlyAtRules: number
  readonly unreadable: number
}

/** ReconcileInput is one poll beside what is stored. */
export type ReconcileInput = {
  readonly listed: readonly ListedAlert[]
  readonly stored: readonly StoredEpisode[]
  /** rules are the metrics server's own alerts, undefined when it could not be asked. */
  readonly rules: readonly RuleAlert[] | undefined
  readonly polledAt: Date
  /** sourceStartedAt is the alert source's last restart, undefined when it did not say. */
  readonly sourceStartedAt: Date | undefined
  readonly policy: AlertsPolicy
}

type Listed = { readonly alert: ListedAlert; readonly message: AlertMessage }

function readListed(input: ReconcileInput): {
  readonly listed: readonly Listed[]
  readonly unreadable: number
} {
  const listed: Listed[] = []
  let unreadable = 0
  for (const alert of input.listed) {
    const body = {
      version: '4',
      alerts: [{ ...alert, status: 'firing', generatorURL: alert.generatorUrl }],
    }
    const delivery = {
      sender: 'alertmanager' as const,
      body,
      receivedAt: input.polledAt,
      policy: input.policy,
    }
    const [message] = parseAlertList(delivery, 'alertmanager').messages
    if (message) listed.push({ alert, message: { ...message, via: 'poll' } })
    else unreadable += 1
  }
  return { listed, unreadable }
}

/**
 * planReconcile compares a poll with what is stored. The poll is read now, so unlike a delivery it may open a closed
 * episode again; what it misses is closed only after a while, and not while the source is still filling up.
 */
export function planReconcile(input: ReconcileInput): Plan {
  const { listed, unreadable } = readListed(input)
  const openByAlert = new Map<string, StoredEpisode>()
  const closed = new Map<string, StoredEpisode>()
  for (const episode of input.stored) {
    if (episode.status === 'firing') openByAlert.set(episode.fingerprint, episode)
    else closed.set(`${episode.fingerprint}\u0001${episode.startsAt.getTime()}`, episode)
  }
  const appear: AlertMessage[] = []
  const reopen: string[] = []
  const byAlert = new Map(listed.map((one) => [one.message.fingerprint, one]))
  for (const { message } of byAlert.values()) {
    const open = openByAlert.get(message.fingerprint)
    if (open && open.startsAt.getTime() >= message.startsAt.getTime()) continue
    const before = closed.get(`${message.fingerprint}\u0001${message.startsAt.getTime()}`)
    if (!before) appear.push(message)
    else if (!open && mayReopen(before, input)) reopen.push(before.id)
  }
  const open = [...openByAlert.values()]
  const judged = judgeOpen(open, byAlert, input)
  return { appear, reopen, unreadable, ...judged }
}

/** An end that is younger than one poll may simply be newer than the list. */
function mayReopen(before: StoredEpisode, { polledAt, policy }: ReconcileInput): boolean {
  const endedMs = before.resolvedAt?.getTime() ?? 0
  return polledAt.getTime() - endedMs >= policy.reconcile.everySeconds * 1_000
}

function judgeOpen(
  open: readonly StoredEpisode[],
  byAlert: ReadonlyMap<string, Listed>,
  input: ReconcileInput,
): Pick<Plan, 'close' | 'marks' | 'undelivered' | 'disagreeing' | 'onlyAtRules'> {
  const { polledAt, policy, rules } = input
  const close: string[] = []
  const marks: Mark[] = []
  const disagreeing: string[] = []
  let undelivered = 0
  const match = rules
    ? matchRules(
        open.map((episode) => episode.labels),
        rules,
      )
    : undefined
  for (const [index, episode] of open.entries()) {
    const found = byAlert.get(episode.fingerprint)
    const promState = match?.states[index] ?? ''
    if (!found && isOver(episode, input)) {
      close.push(episode.id)
      continue
    }
    if (found && promState === 'absent') disagreeing.push(episode.fingerprint)
    const mark: Mark = {
      id: episode.id,
      silencedBy: found ? found.alert.silencedBy.map((id) => cleanText(id, 100)).sort() : episode.silencedBy,
      inhibited: found ? found.alert.inhibitedBy.length > 0 : episode.inhibited,
      promState,
      missingSince: found ? undefined : (episode.missingSince ?? polledAt),
    }
    if (isNews(mark, episode)) marks.push(mark)
    const isQuiet = mark.silencedBy.length > 0 || mark.inhibited
    const waitedMs = polledAt.getTime() - episode.firstSeenAt.getTime()
    if (episode.seen === 0 && !isQuiet && waitedMs >= policy.reconcile.webhookGraceSeconds * 1_000)
      undelivered += 1
  }
  return { close, marks, undelivered, disagreeing, onlyAtRules: match?.onlyAtRules ?? 0 }
}

function isOver(episode: StoredEpisode, { polledAt, sourceStartedAt, policy }: ReconcileInput): boolean {
  const { closeAfterSeconds, settleSeconds } = policy.reconcile
  const isFilling =
    sourceStartedAt !== undefined &&
    sourceStartedAt.getTime() > episode.lastSeenAt.getTime() &&
    polledAt.getTime() - sourceStartedAt.getTime() < settleSeconds * 1_000
  if (isFilling || !episode.missingSince) return false
  const missingMs = polledAt.getTime() - episode.missingSince.getTime()
  const silentMs = polledAt.getTime() - episode.lastSeenAt.getTime()
  return Math.min(missingMs, silentMs) >= closeAfterSeconds * 1_000
}

function isNews(mark: Mark, episode: StoredEpisode): boolean {
  return (
    mark.inhibited !== episode.inhibited ||
    mark.promState !== episode.promState ||
    mark.missingSince?.getTime() !== episode.missingSince?.getTime() ||
    mark.silencedBy.join() !== [...episode.silencedBy].sort().join()
  )
}
