import type { RuleAlert } from './ports'

/** RuleMatch tells what the metrics server says of each alert, and how many it fires that the alert source lacks. */
export type RuleMatch = {
  readonly states: readonly ('firing' | 'pending' | 'absent')[]
  readonly onlyAtRules: number
}

type Labels = Readonly<Record<string, string>>
type Bucket = {
  readonly names: Set<string>
  readonly byKey: Map<string, RuleAlert>
  readonly all: RuleAlert[]
}

const SCAN_LIMIT = 200

function keyOf(labels: Labels, names: ReadonlySet<string>): string {
  const kept = Object.keys(labels).filter((name) => names.has(name))
  return kept
    .sort()
    .map((name) => `${name}\u0001${labels[name]}`)
    .join('\u0002')
}

function isWithin(inner: Labels, outer: Labels): boolean {
  return Object.entries(inner).every(([name, value]) => outer[name] === value)
}

function bucketsOf(alerts: readonly RuleAlert[]): ReadonlyMap<string, Bucket> {
  const buckets = new Map<string, Bucket>()
  for (const alert of alerts) {
    const bucket: Bucket = buckets.get(alert.name) ?? { names: new Set(), byKey: new Map(), all: [] }
    bucket.all.push(alert)
    for (const name of Object.keys(alert.labels)) bucket.names.add(name)
    buckets.set(alert.name, bucket)
  }
  for (const bucket of buckets.values())
    for (const alert of bucket.all) bucket.byKey.set(keyOf(alert.labels, bucket.names), alert)
  return buckets
}

/** matchRules pairs alerts by their labels; the metrics server's external labels stand at the alert source only. */
export function matchRules(held: readonly Labels[], alerts: readonly RuleAlert[]): RuleMatch {
  const buckets = bucketsOf(alerts)
  const matched = new Set<RuleAlert>()
  const states = held.map((labels) => {
    const bucket = buckets.get(labels.alertname ?? '')
    if (!bucket) return 'absent' as const
    const found =
      bucket.byKey.get(keyOf(labels, bucket.names)) ??
      (bucket.all.length <= SCAN_LIMIT
        ? bucket.all.find((alert) => isWithin(alert.labels, labels))
        : undefined)
    if (!found) return 'absent' as const
    matched.add(found)
    return found.state === 'firing' ? ('firing' as const) : ('pending' as const)
  })
  const firing = alerts.filter((alert) => alert.state === 'firing')
  return { states, onlyAtRules: firing.filter((alert) => !matched.has(alert)).length }
}
