import type {
  ChannelKind,
  PagerDutyPayload,
  SlackPayload,
  StatuspagePayload,
  Step,
  WebhookPayload,
} from '../channels/channel'
import type { About, Publishable } from './model'

/** payloadOf builds what one step of a publication carries on a kind of channel. */
export function payloadOf(
  kind: ChannelKind,
  step: Step,
  message: { readonly publication: Publishable; readonly about: About; readonly isWorse: boolean },
  now: Date,
): SlackPayload | StatuspagePayload | PagerDutyPayload | WebhookPayload {
  switch (kind) {
    case 'slack-bot':
    case 'slack-webhook':
      return slackOf(message, step, now)
    case 'statuspage':
      return statuspageOf(message)
    case 'pagerduty':
      return pagerDutyOf(message, step, now)
    case 'webhook':
      return webhookOf(message, now)
    default:
      return kind satisfies never
  }
}

type Told = { readonly publication: Publishable; readonly about: About; readonly isWorse: boolean }

const MARKS: Readonly<Record<string, string>> = { P1: '🔴', P2: '🟠', P3: '🟡', P4: '🔵' }
const COLOURS: Readonly<Record<string, string>> = {
  P1: '#B42318',
  P2: '#E8710A',
  P3: '#F2C037',
  P4: '#3B7DD8',
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`
}

function nextOf({ nextUpdateAt }: Publishable): string | null {
  const at = instantOf({ nextUpdateAt })
  return at === null ? null : `${at.slice(11, 16)} UTC`
}

function instantOf({ nextUpdateAt }: Pick<Publishable, 'nextUpdateAt'>): string | null {
  return nextUpdateAt instanceof Date ? nextUpdateAt.toISOString() : nextUpdateAt
}

function slackOf({ publication, about, isWorse }: Told, step: Step, now: Date): SlackPayload {
  const { severity, status, title, body, drill, seq } = publication
  const next = nextOf(publication)
  const head = `${drill ? 'PRACTICE ' : ''}${severity} ${status.toUpperCase()}: ${title}`
  const tail = next === null ? '' : ` Next update by ${next}.`
  const text = escaped(cut(`${head}. ${body}${tail}`, 3_800))
  const base = {
    isBroadcast: isWorse || status === 'resolved',
    severity,
    giveUpAt: instantOf(publication),
    incident: about.ref,
    seq,
  }
  if (step === 'post') return { ...base, text, attachments: [] }
  const field = (name: string, value: string) => ({ type: 'mrkdwn', text: `*${name}*\n${escaped(value)}` })
  const fields = [
    field('Status', status.toUpperCase()),
    ...(about.commander === '' ? [] : [field('Commander', about.commander)]),
    ...(about.startedAt === null ? [] : [field('Started', `${about.startedAt.slice(11, 16)} UTC`)]),
    ...(next === null ? [] : [field('Next update', next)]),
  ]
  const mark = drill ? '▦ PRACTICE' : (MARKS[severity] ?? '')
  const blocks = [
    {
      type: 'header',
      block_id: `h-${seq}`,
      text: { type: 'plain_text', text: cut(`${mark} ${severity} · ${title}`, 150), emoji: true },
    },
    { type: 'section', block_id: `f-${seq}`, fields },
    {
      type: 'section',
      block_id: `b-${seq}`,
      text: { type: 'mrkdwn', text: escaped(cut(body === '' ? title : body, 2_800)) },
    },
    {
      type: 'context',
      block_id: `c-${seq}`,
      elements: [
        {
          type: 'mrkdwn',
          text: `Update ${seq} · as of ${now.toISOString().slice(11, 16)} UTC · ${about.href === '' ? about.ref : `<${about.href}|${about.ref}>`}`,
        },
      ],
    },
  ]
  return {
    ...base,
    text,
    attachments: [{ color: COLOURS[severity] ?? '#475467', fallback: cut(head, 300), blocks }],
  }
}

const IMPACTS = { P1: 'critical', P2: 'major', P3: 'minor' } as const

function statuspageOf({ publication, about }: Told): StatuspagePayload {
  const { severity, status, title, body, components, seq, kind } = publication
  const impact = IMPACTS[severity as keyof typeof IMPACTS] ?? 'none'
  return {
    name: title,
    status,
    body,
    impact: kind === 'maintenance' ? 'maintenance' : impact,
    components: components.map(({ componentId, name, to }) => ({ id: componentId, name, state: to })),
    incident: about.ref,
    seq,
  }
}

const PAGER_SEVERITIES: Readonly<Record<string, string>> = {
  P1: 'critical',
  P2: 'error',
  P3: 'warning',
  P4: 'info',
}

function pagerDutyOf({ publication, about }: Told, step: Step, now: Date): PagerDutyPayload {
  const dedup = `watchfloor:${about.ref}`
  if (step === 'resolve') return { event_action: 'resolve', dedup_key: dedup }
  const { severity, status, title, body } = publication
  return {
    event_action: 'trigger',
    dedup_key: dedup,
    payload: {
      summary: cut(`${about.ref} ${severity} ${status}: ${title}`, 1_024),
      source: 'watchfloor',
      severity: PAGER_SEVERITIES[severity] ?? 'info',
      timestamp: now.toISOString(),
      component: 'incident',
      group: about.ref,
      class: publication.kind,
      custom_details: { update: cut(body, 4_000), next_update: nextOf(publication) ?? 'none' },
    },
    ...(about.href === '' ? {} : { links: [{ href: about.href, text: about.ref }] }),
  }
}

function webhookOf({ publication, about }: Told, now: Date): WebhookPayload {
  const { id, audience, kind, severity, status, title, body, components, drill, seq } = publication
  return {
    type: `incident.${kind}`,
    timestamp: now.toISOString(),
    data: {
      publication_id: id,
      incident: about.ref,
      seq,
      audience,
      severity,
      status,
      title,
      body,
      next_update_at: instantOf(publication),
      components,
      drill,
    },
  }
}
