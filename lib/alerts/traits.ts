import { PLANES, type PlaneId } from '../health/model'

/** Traits are what an alert is told apart by: its rule, the plane it speaks of, and the host, service or queue it names. */
export type Traits = {
  readonly rule: string
  readonly plane: PlaneId | undefined
  readonly place: string | undefined
}

const PLACE_LABELS = ['host', 'hostname', 'node', 'instance_id', 'instance', 'subject']

/** The planes of our own rules, by the first words of their ids; the longest that fits counts. */
const RULE_PLANES: Readonly<Record<string, PlaneId>> = {
  'api.': 'provider-api',
  'api.auth': 'account',
  'api.rate-limited': 'quota',
  'credit.': 'account',
  'queue.': 'queue',
  'service.': 'code',
}

function planeOf(labels: Readonly<Record<string, string>>): PlaneId | undefined {
  const named = PLANES.find((plane) => plane.id === labels.plane)
  if (named) return named.id
  const rule = labels.rule ?? ''
  const key = Object.keys(RULE_PLANES)
    .filter((prefix) => rule.startsWith(prefix))
    .sort((a, b) => b.length - a.length)[0]
  return key === undefined ? undefined : RULE_PLANES[key]
}

function placeOf(labels: Readonly<Record<string, string>>): string | undefined {
  for (const name of PLACE_LABELS) {
    const value = labels[name]
      ?.trim()
      .toLowerCase()
      .replace(/:\d{1,5}$/, '')
    if (value) return value
  }
  return undefined
}

/** traitsOf reads an alert's traits from its name and labels; a port is no part of a place. */
export function traitsOf(alert: {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}): Traits {
  return { rule: alert.name, plane: planeOf(alert.labels), place: placeOf(alert.labels) }
}
