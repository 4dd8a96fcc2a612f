import { joined, objectOf, textOf } from './channels/answers'
import type { Channel } from './channels/channel'
import { createPagerDuty } from './channels/pagerduty'
import { createSlack } from './channels/slack'
import { createSlackWebhook } from './channels/slack-webhook'
import { createStatuspage } from './channels/statuspage'
import { createWebhook } from './channels/webhook'
import { CHANNEL_SCHEMAS, type ChannelSettings } from './delivery/settings'
import type { Clock } from './platform/clock'
import type { Env } from './platform/env'
import { createHttp } from './platform/http'
import type { Http } from './platform/http-types'
import { rememberSecret } from './platform/redact'
import { type AddressRule, ruleFor } from './platform/ssrf'

/** ChannelSetup is a channel as configured, its secret opened. */
export type ChannelSetup = {
  readonly kind: ChannelSettings['kind']
  readonly config: unknown
  readonly secret: string
  readonly componentMap: Readonly<Record<string, string>>
}

/** OpenChannel is a channel ready to use, and how to let go of its connections. */
export type OpenChannel = { readonly channel: Channel; readonly close: () => Promise<void> }

/** connectChannel builds the adapter of one channel; throws an Error that says what does not fit in its settings. */
export function connectChannel(
  setup: ChannelSetup,
  { env, clock }: { readonly env: Env; readonly clock: Clock },
): OpenChannel {
  const { settings, http } = reach(setup, { env, clock })
  return { channel: adapterOf(settings, setup, { http, clock }), close: () => http.close() }
}

function reach(
  setup: ChannelSetup,
  { env, clock }: { readonly env: Env; readonly clock: Clock },
): { readonly settings: ChannelSettings; readonly http: Http } {
  rememberSecret(setup.secret)
  const settings = {
    kind: setup.kind,
    config: CHANNEL_SCHEMAS[setup.kind].parse(setup.config),
  } as ChannelSettings
  return { settings, http: createHttp({ allow: allowed(settings, setup.secret, env), clock }) }
}

const FORM_MS = 2_000
const TEAM_MS = 700

type SlackBot = ChannelSetup & { readonly kind: 'slack-bot' }
type AroundSlack = { readonly env: Env; readonly clock: Clock }

/** showSlackForm lets the bot of a channel open a form while its trigger lives, three seconds; '' when Slack did, else why not. */
export async function showSlackForm(
  setup: SlackBot,
  form: { readonly trigger: string; readonly view: Readonly<Record<string, unknown>> },
  around: AroundSlack,
): Promise<string> {
  const call = {
    method: 'views.open',
    body: { trigger_id: form.trigger, view: form.view },
    deadlineMs: FORM_MS,
  }
  const answer = await askSlack(setup, call, around)
  if (typeof answer === 'string') return answer
  return answer.ok === true ? '' : textOf(answer.error) || 'Slack did not say why'
}

/** slackTeamOf asks whose bot this is: the id of its workspace, or '' where Slack does not say so within 0.7 s. */
export async function slackTeamOf(setup: SlackBot, around: AroundSlack): Promise<string> {
  const answer = await askSlack(setup, { method: 'auth.test', body: {}, deadlineMs: TEAM_MS }, around)
  return typeof answer === 'string' || answer.ok !== true ? '' : textOf(answer.team_id)
}

async function askSlack(
  setup: SlackBot,
  call: { readonly method: string; readonly body: object; readonly deadlineMs: number },
  around: AroundSlack,
): Promise<Readonly<Record<string, unknown>> | string> {
  const { settings, http } = reach(setup, around)
  if (settings.kind !== 'slack-bot') return 'no bot'
  try {
    const answer = await http.request({
      url: joined(settings.config.apiUrl, call.method),
      method: 'POST',
      headers: {
        authorization: `Bearer ${setup.secret}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify(call.body),
      deadlineMs: call.deadlineMs,
      expect: 'json',
    })
    return answer.ok ? objectOf(answer.value.json) : answer.detail
  } finally {
    await http.close()
  }
}

/** What an administrator configured here may be called, also in a private network. */
function allowed(settings: ChannelSettings, secret: string, env: Env): readonly AddressRule[] {
  const operators = env.WATCHFLOOR_ALLOWED_HOSTS?.split(',').map((host) => `http://${host.trim()}`) ?? []
  return [...addressesOf(settings, secret), ...operators].map(ruleFor)
}

function addressesOf(settings: ChannelSettings, secret: string): readonly string[] {
  switch (settings.kind) {
    case 'slack-bot':
      return [settings.config.apiUrl]
    case 'slack-webhook':
      return [secret]
    case 'statuspage':
      return [settings.config.apiUrl, ...(settings.config.publicUrl ? [settings.config.publicUrl] : [])]
    case 'pagerduty':
    case 'webhook':
      return [settings.config.url]
  }
}

function adapterOf(
  settings: ChannelSettings,
  { secret, componentMap }: ChannelSetup,
  { http, clock }: { readonly http: Http; readonly clock: Clock },
): Channel {
  switch (settings.kind) {
    case 'slack-bot': {
      const { apiUrl, channel } = settings.config
      return createSlack({ apiUrl, channel, token: secret, http, clock })
    }
    case 'slack-webhook':
      return createSlackWebhook({ url: secret, http })
    case 'statuspage': {
      const { apiUrl, pageId, publicUrl, notify } = settings.config
      const map = componentMap
      const page = { apiUrl, pageId, isNotifying: notify, map, apiKey: secret, http }
      return createStatuspage(publicUrl === undefined ? page : { ...page, publicUrl })
    }
    case 'pagerduty':
      return createPagerDuty({ url: settings.config.url, routingKey: secret, http, clock })
    case 'webhook':
      return createWebhook({ url: settings.config.url, secret, http, clock })
  }
}
