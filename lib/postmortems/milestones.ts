import type { Gathered } from './gathered'
import type { Milestone, TimelineRow } from './model'

type Proposal = Omit<Milestone, 'key'>

const NOT_KNOWN: Proposal = { atMs: null, why: '', rows: [] }

/** milestonesOf proposes each turn with what it rests on; rules PM-MIL of docs/rules/postmortems.md. */
export function milestonesOf(gathered: Gathered, rows: readonly TimelineRow[]): readonly Milestone[] {
  const impact = impactBegan(gathered, rows)
  return [
    { key: 'impact', ...impact },
    { key: 'detected', ...detected(gathered, rows, impact.atMs) },
    { key: 'declared', ...declared(gathered) },
    { key: 'acknowledged', ...acknowledged(gathered) },
    { key: 'first-public', ...firstPublic(gathered) },
    { key: 'mitigated', ...mitigated(gathered, rows) },
    { key: 'resolved', ...resolved(gathered) },
  ]
}

function entryOf(
  { entries }: Gathered,
  kind: string,
  fits: (body: Readonly<Record<string, unknown>>) => boolean = () => true,
) {
  return entries.filter((entry) => entry.kind === kind && fits(entry.body))
}

function isSign(row: TimelineRow): boolean {
  return (
    row.kind === 'entry' &&
    (row.id.endsWith(':fired') || (row.id.startsWith('health:') && /→ (breach|warning)/.test(row.text)))
  )
}

function impactBegan(gathered: Gathered, rows: readonly TimelineRow[]): Proposal {
  const { incident, alerts, firstSymptomAtMs } = gathered
  if (incident.impactStartedAtMs !== null)
    return {
      atMs: incident.impactStartedAtMs,
      why: 'Said when the incident was declared',
      rows: ['record:1'],
    }
  const alert = alerts.toSorted((a, b) => a.sinceMs - b.sinceMs)[0]
  const signs = [
    ...(alert ? [{ atMs: alert.sinceMs, why: `${alert.name} began`, row: `alert:${alert.id}:fired` }] : []),
    ...(firstSymptomAtMs === null
      ? []
      : [{ atMs: firstSymptomAtMs, why: 'The first symptom that triage still saw', row: '' }]),
    ...rows
      .filter((row) => isSign(row) && row.text.includes('→ breach') && row.eventAtMs <= incident.declaredAtMs)
      .slice(0, 1)
      .map((row) => ({ atMs: row.eventAtMs, why: row.text, row: row.id })),
  ].sort((a, b) => a.atMs - b.atMs)
  const [first] = signs
  if (first === undefined || first.atMs > incident.declaredAtMs)
    return {
      atMs: incident.declaredAtMs,
      why: 'No source showed anything before it was declared',
      rows: ['record:1'],
    }
  const found = rows.some((row) => row.id === first.row)
  return { atMs: first.atMs, why: first.why, rows: found ? [first.row] : [] }
}

function detected(gathered: Gathered, rows: readonly TimelineRow[], impactMs: number | null): Proposal {
  const { declaredAtMs, declaredBy } = gathered.incident
  const signs = rows.filter(
    (row) => isSign(row) && row.receivedAtMs !== null && row.receivedAtMs >= (impactMs ?? 0),
  )
  const first = signs.toSorted((a, b) => (a.receivedAtMs ?? 0) - (b.receivedAtMs ?? 0))[0]
  if (first === undefined || (first.receivedAtMs ?? 0) > declaredAtMs)
    return {
      atMs: declaredAtMs,
      why: `${declaredBy} declared it before any source showed it`,
      rows: ['record:1'],
    }
  return { atMs: first.receivedAtMs, why: first.text, rows: [first.id] }
}

function declared({ incident }: Gathered): Proposal {
  return { atMs: incident.declaredAtMs, why: `Declared by ${incident.declaredBy}`, rows: ['record:1'] }
}

function acknowledged(gathered: Gathered): Proposal {
  const { acknowledgedAtMs, acknowledgedBy } = gathered.incident
  if (acknowledgedAtMs === null) return { ...NOT_KNOWN, why: 'Nobody answered it' }
  const [entry] = entryOf(gathered, 'acknowledged')
  return {
    atMs: acknowledgedAtMs,
    why: `Answered by ${acknowledgedBy}`,
    rows: entry ? [`record:${entry.seq}`] : [],
  }
}

function firstPublic(gathered: Gathered): Proposal {
  const first = gathered.messages
    .filter((message) => message.audience === 'public')
    .toSorted((a, b) => a.atMs - b.atMs)[0]
  if (first !== undefined) return { atMs: first.atMs, why: `“${first.title}” by ${first.author}`, rows: [] }
  const [entry] = entryOf(gathered, 'update', (body) => body.audience === 'public')
  if (entry === undefined) return { ...NOT_KNOWN, why: 'Customers were told nothing' }
  return { atMs: entry.receivedAtMs, why: `Noted by ${entry.by}`, rows: [`record:${entry.seq}`] }
}

// The last step to monitoring counts: one that was gone back on mitigated nothing.
function mitigated(gathered: Gathered, rows: readonly TimelineRow[]): Proposal {
  const steps = entryOf(gathered, 'status')
  const resolvedAt = steps.findLastIndex((entry) => entry.body.to === 'resolved')
  const before = resolvedAt === -1 ? steps : steps.slice(0, resolvedAt)
  const last = before.at(-1)
  if (last !== undefined && last.body.to === 'monitoring')
    return { atMs: last.atMs, why: `Set to monitoring by ${last.by}`, rows: [`record:${last.seq}`] }
  const endMs = gathered.incident.resolvedAtMs ?? gathered.toMs
  const calm = rows
    .filter((row) => row.id.startsWith('health:') && row.text.includes('breach → ') && row.eventAtMs <= endMs)
    .at(-1)
  if (calm === undefined)
    return { ...NOT_KNOWN, why: 'Nobody set it to monitoring, and no source shows when it got better' }
  return { atMs: calm.eventAtMs, why: `The last breach ended: ${calm.text}`, rows: [calm.id] }
}

function resolved(gathered: Gathered): Proposal {
  const { resolvedAtMs } = gathered.incident
  if (resolvedAtMs === null) return { ...NOT_KNOWN, why: 'It goes on' }
  const last = entryOf(gathered, 'status', (body) => body.to === 'resolved').at(-1)
  return {
    atMs: resolvedAtMs,
    why: last ? `Resolved by ${last.by}` : 'Resolved',
    rows: last ? [`record:${last.seq}`] : [],
  }
}
