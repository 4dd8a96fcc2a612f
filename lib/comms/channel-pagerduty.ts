import { type LimitFault, tooLong } from './limits'
import type { Severity } from './model'
import type { Outgoing } from './outgoing'
import { STATUS_WORDS } from './words'

const SUMMARY_MAX = 1_024
const KEY_MAX = 255

/** PagerDutyEvent is a body of Events API v2 without its routing key, which is a secret of the channel. */
export type PagerDutyEvent =
  | { readonly event_action: 'resolve' | 'acknowledge'; readonly dedup_key: string }
  | {
      readonly event_action: 'trigger'
      readonly dedup_key: string
      readonly payload: {
        readonly summary: string
        readonly source: 'watchfloor'
        readonly severity: 'critical' | 'error' | 'warning' | 'info'
        readonly timestamp: string
        readonly component: string
        readonly group: string
        readonly class: string
        readonly custom_details: Readonly<Record<string, string>>
      }
      readonly links: readonly { readonly href: string; readonly text: string }[]
      readonly client: 'Watchfloor'
      readonly client_url?: string
    }

const SEVERITIES: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = {
  P1: 'critical',
  P2: 'error',
  P3: 'warning',
  P4: 'info',
}

/** pagerDutyEvent gives the event of a message: one open event an incident, ended by its resolved update. */
export function pagerDutyEvent(out: Outgoing, at: Date): PagerDutyEvent {
  const dedup_key = keyOf(out)
  if (out.status === 'resolved') return { event_action: 'resolve', dedup_key }
  return {
    event_action: 'trigger',
    dedup_key,
    payload: {
      summary: summaryOf(out),
      source: 'watchfloor',
      severity: SEVERITIES[out.severity],
      timestamp: at.toISOString(),
      component: 'incident',
      group: out.name,
      class: out.kind,
      custom_details: {
        status: STATUS_WORDS[out.status],
        text: out.body,
        ...(out.commander === null ? {} : { commander: out.commander }),
        ...(out.nextUpdateAt === null ? {} : { next_update_at: out.nextUpdateAt }),
      },
    },
    links: out.href === null ? [] : [{ href: out.href, text: `Open ${out.name}` }],
    client: 'Watchfloor',
    ...(out.href === null ? {} : { client_url: out.href }),
  }
}

/** pagerDutyLimits gives what is too long for an event. */
export function pagerDutyLimits(out: Outgoing): readonly LimitFault[] {
  return [
    ...tooLong('PagerDuty summary', summaryOf(out), SUMMARY_MAX),
    ...tooLong('PagerDuty key', keyOf(out), KEY_MAX),
  ]
}

function keyOf({ name, kind }: Outgoing): string {
  return kind === 'update' || kind === 'correction' ? `watchfloor:${name}` : `watchfloor:${name}:${kind}`
}

function summaryOf({ name, severity, status, title, isDrill }: Outgoing): string {
  return `${isDrill ? 'DRILL ' : ''}${name} ${severity} ${STATUS_WORDS[status].toLowerCase()}: ${title}`
}
