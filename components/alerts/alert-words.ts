/** SOURCE_WORDS name who says that something is wrong. */
export const SOURCE_WORDS: Readonly<Record<string, string>> = {
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
  pagerduty: 'PagerDuty',
  generic: 'Standard Webhooks',
  vast: 'Vast.ai',
  watchfloor: 'Our own rules',
}

/** sourceWord gives a source's name, or the id itself. */
export function sourceWord(source: string): string {
  return SOURCE_WORDS[source] ?? source
}

/** skewWords say why a claimed start is not believed; empty when it is. */
export function skewWords(skew: string): string {
  if (skew === 'future') return 'start claimed in the future'
  return skew === 'ancient' ? 'start claimed in the far past' : ''
}

/** resolvedWords say who ended an episode. */
export function resolvedWords(resolvedBy: string | null): string {
  switch (resolvedBy) {
    case 'sender':
      return 'its sender said that it is over'
    case 'superseded':
      return 'a newer episode of the same alert began'
    case 'poll':
      return 'the alert source no longer lists it'
    case 'rule':
      return 'our own rule is no longer met'
    default:
      return ''
  }
}

/** ruleWords say what the metrics server itself holds of an alert; empty when it agrees or was not asked. */
export function ruleWords(promState: string): string {
  if (promState === 'absent') return 'Prometheus does not fire it'
  return promState === 'pending' ? 'Prometheus holds it as pending' : ''
}

/** HOW_SIGNED says how each sender proves itself, for the page where its secrets are made. */
export const HOW_SIGNED: Readonly<Record<string, string>> = {
  alertmanager: 'Bearer token in http_config.authorization. Set send_resolved: true.',
  grafana:
    'HMAC with a timestamp: signature header X-Grafana-Alerting-Signature, timestamp header X-Grafana-Alerting-Timestamp.',
  pagerduty: 'v3 webhook. Enter the signing secret that PagerDuty shows once when the subscription is made.',
  vast: 'Notification webhook. Enter the secret that Vast.ai shows. A delivery makes the console look at the fleet at once.',
  generic:
    'Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature. For scripts and other tools.',
}

/** OUTCOME_WORDS name the answers of a hook, in the order in which they matter. */
export const OUTCOME_WORDS: readonly (readonly [outcome: string, word: string])[] = [
  ['stored', 'stored'],
  ['refused', 'refused (signature)'],
  ['unparsable', 'not JSON'],
  ['too-large', 'too large'],
  ['too-slow', 'too slow'],
  ['not-stored', 'not stored (we were down)'],
]
