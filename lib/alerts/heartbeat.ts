import type { AlertMessage } from './model'
import type { AlertsPolicy } from './policy'

/** Heartbeat is what is known of the dead-man's switch: its last delivery, and since when one is expected without any. */
export type Heartbeat = {
  readonly lastDeliveredAt: Date | undefined
  readonly expectedSince: Date
  /** blindSince is the start of the open alarm, undefined while there is none. */
  readonly blindSince: Date | undefined
}

/** BLIND is the fingerprint of the alarm that the console no longer hears the alert source. */
export const BLIND = 'telemetry.blind'

/** judgeHeartbeat raises the alarm when no heartbeat was delivered for twice its interval, and ends it with the next one. */
export function judgeHeartbeat(
  heartbeat: Heartbeat,
  policy: AlertsPolicy['heartbeat'],
  now: Date,
): AlertMessage | undefined {
  const { lastDeliveredAt, blindSince } = heartbeat
  const last = lastDeliveredAt ?? (policy.required ? heartbeat.expectedSince : undefined)
  if (!last) return undefined
  const dueAt = new Date(last.getTime() + 2 * policy.intervalSeconds * 1_000)
  const isBlind = now.getTime() > dueAt.getTime()
  if (isBlind === (blindSince !== undefined)) return undefined
  const startsAt = blindSince ?? dueAt
  return {
    source: 'watchfloor',
    fingerprint: BLIND,
    status: isBlind ? 'firing' : 'resolved',
    startsAt,
    startsRaw: startsAt.toISOString(),
    endsAt: isBlind ? undefined : now,
    endsRaw: isBlind ? '' : now.toISOString(),
    name: 'Our eyes are shut',
    severity: policy.level,
    level: policy.level,
    labels: { alertname: 'Our eyes are shut', rule: BLIND, heartbeat: policy.alertname },
    annotations: {
      summary: `The heartbeat ${policy.alertname} has not been delivered for more than ${2 * policy.intervalSeconds} s: alerts may be lost on their way to us.`,
      action: `Look at the alert source itself. If it only repeats slowly, set repeat_interval of the heartbeat's route, or heartbeat.intervalSeconds in policy/alerts.yaml.`,
    },
    link: '',
    via: 'rule',
    ...(isBlind ? {} : { resolvedBy: 'rule' as const }),
    receivedAt: now,
  }
}
