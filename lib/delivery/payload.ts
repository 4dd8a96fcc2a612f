import type {
  ChannelKind,
  PagerDutyPayload,
  SlackPayload,
  StatuspagePayload,
  Step,
  WebhookPayload,
} from '../channels/channel'
import { pagerDutyEvent } from '../comms/channel-pagerduty'
import { slackCard, slackLine } from '../comms/channel-slack'
import { statuspageIncident } from '../comms/channel-statuspage'
import { webhookEvent } from '../comms/channel-webhook'
import type { Outgoing } from '../comms/outgoing'
import { isTouched } from '../comms/words'
import type { About, Publishable } from './model'

/** payloadOf builds what one step of a publication carries on a kind of channel, under the mark of its delivery. */
export function payloadOf(
  kind: ChannelKind,
  step: Step,
  message: {
    readonly publication: Publishable
    readonly about: About
    readonly isWorse: boolean
    readonly deliveryId: string
  },
  now: Date,
): SlackPayload | StatuspagePayload | PagerDutyPayload | WebhookPayload {
  const { publication, about, isWorse, deliveryId } = message
  const out = outgoingOf(publication, about, now)
  switch (kind) {
    case 'slack-bot':
    case 'slack-webhook': {
      const { text, attachments } =
        kind === 'slack-bot' && step === 'post' ? { ...slackLine(out), attachments: [] } : slackCard(out)
      const { severity, nextUpdateAt, seq } = out
      const isBroadcast = isWorse || out.status === 'resolved'
      return { text, attachments, isBroadcast, severity, giveUpAt: nextUpdateAt, incident: about.ref, seq }
    }
    case 'statuspage':
      return statuspageOf(out)
    case 'pagerduty':
      return pagerDutyEvent(out, now)
    case 'webhook':
      return webhookEvent(out, { deliveryId, at: now })
    default:
      return kind satisfies never
  }
}

function outgoingOf(publication: Publishable, about: About, now: Date): Outgoing {
  const { nextUpdateAt, drill, title, body, audience, kind, severity, status, seq, components } = publication
  return {
    title,
    body,
    audience,
    kind,
    severity,
    status,
    seq,
    components,
    nextUpdateAt: nextUpdateAt instanceof Date ? nextUpdateAt.toISOString() : nextUpdateAt,
    name: about.ref,
    href: about.href === '' ? null : about.href,
    startedAt: about.startedAt ?? now.toISOString(),
    commander: about.commander === '' ? null : about.commander,
    factsAsOf: null,
    isDrill: drill,
  }
}

/** What our components are called there is known to the channel only: they leave here under our own ids. */
function statuspageOf(out: Outgoing): StatuspagePayload {
  const mark = { deliveryId: '', seq: out.seq, reference: out.name }
  const { name, status, body, impact_override } = statuspageIncident(out, { map: {}, mark }).incident
  return {
    name,
    status,
    body,
    impact: out.kind === 'maintenance' ? 'maintenance' : impact_override,
    components: out.components
      .filter(isTouched)
      .map((it) => ({ id: it.componentId, name: it.name, state: it.to })),
    incident: out.name,
    seq: out.seq,
  }
}
