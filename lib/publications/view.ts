import type { Audience, ComponentImpact, Finding, Kind, Severity, Status } from '../comms/model'
import type { Told } from './fact-check'
import type { PublicationState } from './model'

/** PublicationView is a message as screens show it. */
export type PublicationView = {
  readonly id: string
  readonly incidentId: string | null
  readonly seq: number
  readonly kind: Kind
  readonly audience: Audience
  readonly severity: Severity
  readonly status: Status
  readonly title: string
  readonly body: string
  /** draft is the text as it was written, with its facts as names, and the values that they had. */
  readonly draft: {
    readonly title: string
    readonly body: string
    readonly told: Readonly<Record<string, Told>>
  }
  readonly nextUpdateAtMs: number | null
  readonly components: readonly ComponentImpact[]
  readonly channelIds: readonly string[]
  readonly findings: readonly Finding[]
  readonly hash: string
  readonly state: PublicationState
  readonly holdUntilMs: number | null
  readonly authorId: string
  readonly author: string
  readonly approvedBy: string | null
  readonly releasedAtMs: number | null
  readonly endedBy: string
  readonly endedNote: string
  readonly corrects: string | null
  readonly isDrill: boolean
  readonly createdAtMs: number
}

/** publicationView turns a stored message into its view. */
export function publicationView(row: {
  readonly id: string
  readonly incidentId: string | null
  readonly seq: number
  readonly kind: string
  readonly audience: string
  readonly severity: string
  readonly status: string
  readonly title: string
  readonly body: string
  readonly draftBody: string
  readonly facts: unknown
  readonly nextUpdateAt: Date | null
  readonly components: unknown
  readonly channelIds: unknown
  readonly findings: unknown
  readonly hash: string
  readonly state: string
  readonly holdUntil: Date | null
  readonly authorId: string
  readonly author: string
  readonly approvedBy: string | null
  readonly releasedAt: Date | null
  readonly endedBy: string
  readonly endedNote: string
  readonly corrects: string | null
  readonly drill: boolean
  readonly createdAt: Date
}): PublicationView {
  return {
    id: row.id,
    incidentId: row.incidentId,
    seq: row.seq,
    kind: row.kind as Kind,
    audience: row.audience as Audience,
    severity: row.severity as Severity,
    status: row.status as Status,
    title: row.title,
    body: row.body,
    draft: draftOf(row),
    nextUpdateAtMs: row.nextUpdateAt?.getTime() ?? null,
    components: row.components as readonly ComponentImpact[],
    channelIds: row.channelIds as readonly string[],
    findings: row.findings as readonly Finding[],
    hash: row.hash,
    state: row.state as PublicationState,
    holdUntilMs: row.holdUntil?.getTime() ?? null,
    authorId: row.authorId,
    author: row.author,
    approvedBy: row.approvedBy,
    releasedAtMs: row.releasedAt?.getTime() ?? null,
    endedBy: row.endedBy,
    endedNote: row.endedNote,
    corrects: row.corrects,
    isDrill: row.drill,
    createdAtMs: row.createdAt.getTime(),
  }
}

/** draftOf reads a stored draft back: its first line is the title. */
export function draftOf(row: {
  readonly draftBody: string
  readonly facts: unknown
}): PublicationView['draft'] {
  const end = row.draftBody.indexOf('\n')
  const facts = row.facts as Readonly<Record<string, Told>>
  return {
    title: row.draftBody.slice(0, end),
    body: row.draftBody.slice(end + 1),
    told: Object.fromEntries(Object.entries(facts).map(([id, { value, asOf }]) => [id, { value, asOf }])),
  }
}
