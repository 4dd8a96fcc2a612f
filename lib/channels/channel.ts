import type { TestVerdict } from '../sources/source'

/** CHANNEL_KINDS in the order of the settings. */
export const CHANNEL_KINDS = ['slack-bot', 'slack-webhook', 'statuspage', 'pagerduty', 'webhook'] as const

/** ChannelKind names the protocol of a channel. */
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

/** STEPS of a publication on a channel: the message itself, the card that is kept up to date, the end of an alarm. */
export const STEPS = ['card', 'post', 'resolve'] as const

/** Step names one row of a publication on a channel. */
export type Step = (typeof STEPS)[number]

/** Item is one message to send: `id` is the marker that the outside keeps, `target` what it changes or answers there. */
export type Item = {
  readonly id: string
  readonly step: Step
  readonly payload: unknown
  /** target is the id that an earlier message got outside; empty makes something new. */
  readonly target: string
  /** sentAt is when the sending in question began. */
  readonly sentAt: Date
}

/** Problem is what went wrong in words, under a code that stays the same. */
export type Problem = {
  readonly code: string
  readonly text: string
}

/** Sent is what came of one request. `unknown`: it may have been accepted. `down`: the whole channel can't be used. */
export type Sent =
  | { readonly kind: 'delivered'; readonly remoteId: string }
  | ({
      readonly kind: 'not-accepted'
      readonly afterMs: number | undefined
      readonly isLane: boolean
    } & Problem)
  | ({ readonly kind: 'target-lost' } & Problem)
  | ({ readonly kind: 'refused' } & Problem)
  | ({ readonly kind: 'down' } & Problem)
  | ({ readonly kind: 'ask' } & Problem)
  | ({ readonly kind: 'unknown' } & Problem)

/** Reconciled is what a look outside says of a message that may have been accepted. `repeat`: sending it again does no harm. */
export type Reconciled =
  | { readonly kind: 'found'; readonly remoteId: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'repeat' }
  | ({ readonly kind: 'cannot-tell' } & Problem)
  | ({ readonly kind: 'not-now'; readonly afterMs: number | undefined } & Problem)
  | ({ readonly kind: 'down' } & Problem)

/** Seen is what the outside shows of a delivered message. */
export type Seen =
  | { readonly kind: 'seen'; readonly note: string }
  | { readonly kind: 'not-yet'; readonly note: string }
  | { readonly kind: 'cannot-look'; readonly note: string }

/** Channel is one way out. No call throws for what the outside does. */
export type Channel = {
  readonly kind: ChannelKind
  /** lane names what shares one rate limit outside. */
  readonly lane: string
  /** spacingMs is the least time between two requests in the lane. */
  readonly spacingMs: number
  readonly send: (item: Item) => Promise<Sent>
  readonly reconcile: (item: Item) => Promise<Reconciled>
  readonly seen: (item: Item & { readonly remoteId: string }) => Promise<Seen>
  /** test sends one message that says that it is a test, or where that would alarm people only asks who we are. */
  readonly test: () => Promise<TestVerdict>
}

/** SlackPayload is a message as Slack takes it, without channel, thread and marker. */
export type SlackPayload = {
  readonly text: string
  readonly attachments: readonly Readonly<Record<string, unknown>>[]
  /** isBroadcast shows a reply in the channel too: when it got worse, and at the end. */
  readonly isBroadcast: boolean
  readonly severity: string
  /** giveUpAt is the promised next update: a chat message that could not be sent by then is noise. */
  readonly giveUpAt: string | null
  readonly incident: string
  readonly seq: number
}

/** StatuspagePayload is an update with our own component ids; the channel's map says what they are called there. */
export type StatuspagePayload = {
  readonly name: string
  readonly status: string
  readonly body: string
  readonly impact: 'none' | 'maintenance' | 'minor' | 'major' | 'critical'
  readonly components: readonly { readonly id: string; readonly name: string; readonly state: string }[]
  readonly incident: string
  readonly seq: number
  /** window is planned work's, as ISO instants: it becomes a scheduled maintenance there. */
  readonly window?: { readonly scheduledFor: string; readonly scheduledUntil: string }
}

/** PagerDutyPayload is an event without its routing key. */
export type PagerDutyPayload = {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve'
  readonly dedup_key: string
  readonly payload?: Readonly<Record<string, unknown>>
  readonly links?: readonly { readonly href: string; readonly text: string }[]
}

/** WebhookPayload is an event of Standard Webhooks. */
export type WebhookPayload = {
  readonly type: string
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
}
