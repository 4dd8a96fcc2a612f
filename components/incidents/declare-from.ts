import type { Level } from '@/lib/alerts/model'

/** DeclareFrom is what an incident is declared from: one alert, or every one that fires of a rule. */
export type DeclareFrom = {
  readonly alerts:
    | { readonly ids: readonly string[] }
    | { readonly group: { readonly name: string; readonly level: Level } }
  readonly title: string
  readonly level: Level
  readonly count: number
  /** sinceMs is when it began, as we first could believe it (epoch milliseconds). */
  readonly sinceMs: number
}

const EVENT = 'watchfloor:declare'
const KEY_CHARS = 60

/** openDeclare opens the dialog from a button anywhere in the console. */
export function openDeclare(): void {
  window.dispatchEvent(new CustomEvent(EVENT))
}

/** openDeclareFrom opens the dialog with what an alert says already filled in. */
export function openDeclareFrom(from: DeclareFrom): void {
  window.dispatchEvent(new CustomEvent<DeclareFrom>(EVENT, { detail: from }))
}

/** onDeclare hears when the dialog is asked for; gives how to stop hearing. */
export function onDeclare(listener: (from: DeclareFrom | undefined) => void): () => void {
  const hear = (event: Event): void =>
    listener((event as CustomEvent<DeclareFrom | null>).detail ?? undefined)
  window.addEventListener(EVENT, hear)
  return () => window.removeEventListener(EVENT, hear)
}

/** draftKeyOf keeps what is typed about one alert apart from what is typed about another. */
export function draftKeyOf(from: DeclareFrom | undefined): string {
  if (from === undefined) return 'incident:declare'
  const name = 'ids' in from.alerts ? (from.alerts.ids[0] ?? '') : `${from.level}-${from.alerts.group.name}`
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, KEY_CHARS)
  return `incident:declare-${slug}`
}

/** declareOfGroup is a declaration from every alert that fires of a rule; `since` is in epoch seconds. */
export function declareOfGroup(group: {
  readonly name: string
  readonly level: Level
  readonly count: number
  readonly since: number
  readonly summary: string
}): DeclareFrom {
  const { name, level, count, since, summary } = group
  return {
    alerts: { group: { name, level } },
    title: summary === '' ? name : summary,
    level,
    count,
    sinceMs: since * 1_000,
  }
}
