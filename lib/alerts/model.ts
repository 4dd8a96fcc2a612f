/** Sender is who posts to a hook. */
export type Sender = 'alertmanager' | 'grafana' | 'pagerduty' | 'vast' | 'generic'

/** SENDERS in the order of the screens. */
export const SENDERS: readonly Sender[] = ['alertmanager', 'grafana', 'pagerduty', 'vast', 'generic']

/** isSender tells whether a hook of this name exists. */
export function isSender(name: string): name is Sender {
  return (SENDERS as readonly string[]).includes(name)
}

/** Level is an alert's severity on the console's own scale. */
export type Level = 'P1' | 'P2' | 'P3' | 'P4'

/** LEVELS, most severe first. */
export const LEVELS: readonly Level[] = ['P1', 'P2', 'P3', 'P4']

/** AlertSource is who says that something is wrong; `watchfloor` is our own rules. */
export type AlertSource = Exclude<Sender, 'vast'> | 'watchfloor'

/** AlertStatus of an episode. */
export type AlertStatus = 'firing' | 'resolved'

/** ResolvedBy says who ended an episode: its sender, a newer episode of the same alert, a poll that missed it, a rule. */
export type ResolvedBy = 'sender' | 'superseded' | 'poll' | 'rule'

/** Skew says why a claimed start is not believed: it lies ahead of our clock, or far in the past. */
export type Skew = '' | 'future' | 'ancient'

/** AlertMessage is one statement about one alert: it fires, or it is over. Texts are already fit to be stored. */
export type AlertMessage = {
  readonly source: AlertSource
  readonly fingerprint: string
  readonly status: AlertStatus
  readonly startsAt: Date
  readonly startsRaw: string
  readonly endsAt: Date | undefined
  readonly endsRaw: string
  readonly name: string
  /** severity is the sender's own word, level what the policy makes of it. */
  readonly severity: string
  readonly level: Level
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly link: string
  readonly via: 'webhook' | 'poll' | 'rule'
  readonly resolvedBy?: ResolvedBy
  readonly policyHash?: string
  readonly receivedAt: Date
}

/** ParseFault is what could not be understood: the whole delivery (position −1) or the alert at a position. */
export type ParseFault = { readonly position: number; readonly reason: string }

/** Parsed is a delivery understood: its messages, its faults, and how many alerts the sender left out. */
export type Parsed = {
  readonly messages: readonly AlertMessage[]
  readonly faults: readonly ParseFault[]
  readonly truncated: number
}
