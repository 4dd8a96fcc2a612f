/** CHANNEL_KINDS in the order of the settings. */
export const CHANNEL_KINDS = ['slack-bot', 'slack-webhook', 'statuspage', 'pagerduty', 'webhook'] as const

/** ChannelKind names the protocol of a channel. */
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

/** STEPS of a publication on a channel: the message itself, the card that is kept up to date, the end of an alarm. */
export const STEPS = ['card', 'post', 'resolve'] as const

/** Step names one row of a publication on a channel. */
export type Step = (typeof STEPS)[number]

/** SlackPayload is a message as Slack takes it, without channel, thread and marker. */
export type SlackPayload = {
  readonly text: string
  readonly attachments: readonly Readonly<Record<string, unknown>>[]
  /** isBroadcast shows a reply in the channel too: when it got worse, and at the end. */
  readonly isBroadcast: boolean
  readonly severity: string
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
}

/** PagerDutyPayload is an event without its routing key. */
export type PagerDutyPayload = {
  readonly event_action: 'trigger' | 'resolve'
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
