/** AuditQuery is what `audit.list` takes besides the page size. */
export type AuditQuery = {
  readonly actor?: string
  readonly action?: string
  readonly subject?: string
  readonly from?: string
  readonly until?: string
  readonly before?: string
}

/** AuditFilter is the address of the audit page: the texts as typed, what they mean, and what could not be read. */
export type AuditFilter = {
  readonly typed: Readonly<Record<FilterName, string>>
  readonly input: AuditQuery
  readonly faults: Readonly<Partial<Record<FilterName, string>>>
}

type FilterName = 'actor' | 'action' | 'subject' | 'from' | 'until' | 'before'

const NAMES: readonly FilterName[] = ['actor', 'action', 'subject', 'from', 'until', 'before']
const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?)?Z?$/

/** instantOf reads `2026-11-21`, `2026-11-21T10:30` or with seconds as UTC; undefined for anything else. */
export function instantOf(text: string): string | undefined {
  const match = INSTANT.exec(text.trim())
  if (!match) return undefined
  const iso = `${match[1]}T${match[2] ?? '00:00'}:${match[3] ?? '00'}Z`
  return Number.isNaN(Date.parse(iso)) ? undefined : iso
}

/** filterOf reads the page's address; a time that can't be read is reported and left out. */
export function filterOf(search: Readonly<Record<string, string | string[] | undefined>>): AuditFilter {
  const text = (name: FilterName): string => {
    const value = search[name]
    return (typeof value === 'string' ? value : '').trim().slice(0, 200)
  }
  const typed = Object.fromEntries(NAMES.map((name) => [name, text(name)])) as Record<FilterName, string>
  const faults: Partial<Record<FilterName, string>> = {}
  const input: Partial<Record<FilterName, string>> = {}
  for (const name of NAMES) {
    if (typed[name] === '') continue
    const value = name === 'from' || name === 'until' ? instantOf(typed[name]) : typed[name]
    if (value === undefined) faults[name] = 'Write it as 2026-11-21T10:30 (UTC).'
    else if (name !== 'before' || /^\d{1,18}$/.test(value)) input[name] = value
  }
  return { typed, input, faults }
}

/** addressOf is the audit page with this filter, starting before row `before` (the newest rows if undefined). */
export function addressOf(filter: AuditFilter, before: string | undefined): string {
  const pairs = NAMES.filter((name) => name !== 'before' && filter.typed[name] !== '').map((name) => [
    name,
    filter.typed[name],
  ])
  const query = new URLSearchParams([...pairs, ...(before === undefined ? [] : [['before', before]])])
  return query.size === 0 ? '/audit' : `/audit?${query}`
}
