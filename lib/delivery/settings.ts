import { z } from 'zod'
import type { ChannelKind } from '../channels/channel'

const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })
const drills = z.boolean().default(false)

const slackBot = z.strictObject({
  apiUrl: address.default('https://slack.com/api'),
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,20}$/, 'must be the channel’s id, such as C0123456789, not its name'),
  drills,
})
const slackWebhook = z.strictObject({ drills })
const statuspage = z.strictObject({
  apiUrl: address.default('https://api.statuspage.io/v1'),
  pageId: z.string().regex(/^[\w-]{1,60}$/, 'must be the page’s id, from its API settings'),
  publicUrl: address.optional(),
  notify: z.boolean().default(true),
})
const pagerduty = z.strictObject({
  url: address.default('https://events.pagerduty.com/v2/enqueue'),
  drills,
})
const webhook = z.strictObject({ url: address, drills })

/** CHANNEL_SCHEMAS validate the settings of each kind of channel; their secrets are held apart, sealed. */
export const CHANNEL_SCHEMAS = {
  'slack-bot': slackBot,
  'slack-webhook': slackWebhook,
  statuspage,
  pagerduty,
  webhook,
} as const satisfies Readonly<Record<ChannelKind, z.ZodType>>

/** ChannelSettings are the settings of a channel by its kind. */
export type ChannelSettings = {
  readonly [Kind in ChannelKind]: {
    readonly kind: Kind
    readonly config: z.infer<(typeof CHANNEL_SCHEMAS)[Kind]>
  }
}[ChannelKind]

/** CHANNEL_WORDS say what each kind is for, which secret it takes, and what comes back. */
export const CHANNEL_WORDS: Readonly<
  Record<ChannelKind, { readonly title: string; readonly gives: string; readonly secret: string }>
> = {
  'slack-bot': {
    title: 'Slack, as a bot',
    gives: 'One card for each incident, kept up to date in place, and every update in its thread. Read back.',
    secret: 'Bot token (scopes chat:write and channels:history)',
  },
  'slack-webhook': {
    title: 'Slack, by webhook address',
    gives: 'A message for each update. Nothing comes back: what may have been sent is asked of a person.',
    secret: 'Webhook address',
  },
  statuspage: {
    title: 'Statuspage.io',
    gives: 'Incidents, updates and component states on a hosted status page. Read back.',
    secret: 'API key',
  },
  pagerduty: {
    title: 'PagerDuty',
    gives: 'One alert for each incident, resolved with it.',
    secret: 'Routing key (32 characters)',
  },
  webhook: {
    title: 'Webhook',
    gives: 'Every update as signed JSON (Standard Webhooks).',
    secret: 'Signing key',
  },
}

/** secretProblem says what is wrong with a secret before it is kept; undefined when it can be one. */
export function secretProblem(kind: ChannelKind, secret: string): string | undefined {
  if (kind === 'slack-bot' && !secret.startsWith('xoxb-')) return 'a bot token begins with xoxb-'
  if (kind === 'pagerduty' && secret.length !== 32) return 'a routing key has 32 characters'
  if (kind === 'slack-webhook' && !address.safeParse(secret).success) return 'must be the whole address'
  return undefined
}

/** channelPlace is what a channel's secret is sealed to. */
export function channelPlace(id: string): string {
  return `channel|${id}|sealed`
}
