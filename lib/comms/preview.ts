import { mailLimits, mailText } from './channel-mail'
import { pageLimits, pageUpdate } from './channel-page'
import { pagerDutyEvent, pagerDutyLimits } from './channel-pagerduty'
import { slackCard, slackLimits, slackLine } from './channel-slack'
import { statuspageIncident, statuspageLimits, unmappedComponents } from './channel-statuspage'
import { webhookEvent, webhookLimits } from './channel-webhook'
import type { LimitFault } from './limits'
import type { ChannelForm } from './model'
import type { Outgoing } from './outgoing'

/** PreviewInput is a frozen message with what one channel is configured to. */
export type PreviewInput = {
  readonly form: ChannelForm
  readonly out: Outgoing
  readonly now: Date
  /** componentMap gives the remote component of each of ours; for Statuspage. */
  readonly componentMap?: Readonly<Record<string, string>>
  readonly pageHref?: string | null
}

/** previewOf gives exactly what a channel will be sent, but for its address, secret and marks, with what is too long and what is not mapped. */
export function previewOf(input: PreviewInput): Preview {
  const faults = limitsOf(input.form, input.out)
  const unmapped = input.form === 'statuspage' ? unmappedComponents(input.out, input.componentMap ?? {}) : []
  return { ...payloadOf(input), faults, unmapped }
}

/** Preview is a payload by its form. */
export type Preview = Payload & {
  readonly faults: readonly LimitFault[]
  readonly unmapped: readonly string[]
}

type Payload =
  | { readonly form: 'slack-bot'; readonly payload: ReturnType<typeof slackCard> }
  | { readonly form: 'slack-webhook'; readonly payload: ReturnType<typeof slackLine> }
  | { readonly form: 'statuspage'; readonly payload: ReturnType<typeof statuspageIncident> }
  | { readonly form: 'page'; readonly payload: ReturnType<typeof pageUpdate> }
  | { readonly form: 'mail'; readonly payload: ReturnType<typeof mailText> }
  | { readonly form: 'pagerduty'; readonly payload: ReturnType<typeof pagerDutyEvent> }
  | { readonly form: 'webhook'; readonly payload: ReturnType<typeof webhookEvent> }

const PREVIEW_MARK = 'set when it is sent'

function payloadOf({ form, out, now, componentMap = {}, pageHref = null }: PreviewInput): Payload {
  switch (form) {
    case 'slack-bot':
      return { form, payload: slackCard(out) }
    case 'slack-webhook':
      return { form, payload: slackLine(out) }
    case 'statuspage': {
      const mark = { deliveryId: PREVIEW_MARK, seq: out.seq, reference: PREVIEW_MARK }
      return { form, payload: statuspageIncident(out, { map: componentMap, mark }) }
    }
    case 'page':
      return { form, payload: pageUpdate(out) }
    case 'mail':
      return { form, payload: mailText(out, pageHref) }
    case 'pagerduty':
      return { form, payload: pagerDutyEvent(out, now) }
    case 'webhook':
      return { form, payload: webhookEvent(out, { deliveryId: PREVIEW_MARK, at: now }) }
    default:
      return form satisfies never
  }
}

/** limitsOf gives what of a frozen message is too long for a form. */
export function limitsOf(form: ChannelForm, out: Outgoing): readonly LimitFault[] {
  switch (form) {
    case 'slack-bot':
    case 'slack-webhook':
      return slackLimits(out)
    case 'statuspage':
      return statuspageLimits(out)
    case 'page':
      return pageLimits(out)
    case 'mail':
      return mailLimits(out)
    case 'pagerduty':
      return pagerDutyLimits(out)
    case 'webhook':
      return webhookLimits(out)
    default:
      return form satisfies never
  }
}
