import type { Correction, PostmortemRecord, PostmortemState, SectionKey } from './model'

/** SectionView is one text with the version that an overwrite must name. */
export type SectionView = {
  readonly key: SectionKey
  /** body is Markdown, empty while nobody has written. */
  readonly body: string
  readonly version: number
  readonly editedBy: string
  readonly editedAtMs: number | null
}

/** PostmortemView is what `postmortems.one` gives: a whole postmortem as its page needs it; instants are epoch milliseconds. */
export type PostmortemView = {
  readonly id: string
  readonly number: number
  readonly name: string
  /** incident is the incident's name and id; null for an imported one. */
  readonly incident: { readonly id: string; readonly name: string; readonly isResolved: boolean } | null
  readonly title: string
  readonly state: PostmortemState
  readonly severity: 'P1' | 'P2' | 'P3' | 'P4'
  readonly visibility: 'restricted' | 'internal' | 'public'
  readonly isDrill: boolean
  readonly leafIds: readonly string[]
  readonly componentIds: readonly string[]
  readonly tags: readonly string[]
  readonly record: PostmortemRecord
  /** timelineTotal is how many rows the frozen timeline has, whether they are all here or not. */
  readonly timelineTotal: number
  readonly corrections: readonly Correction[]
  /** sections come in the order of SECTION_KEYS, every key once, version 0 while it was never saved. */
  readonly sections: readonly SectionView[]
  readonly version: number
  readonly approvedVersion: number | null
  readonly approvedHash: string | null
  readonly origin: string
  readonly createdBy: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly publishedAtMs: number | null
  readonly closedAtMs: number | null
}

/** PostmortemRowView is one line of the list. */
export type PostmortemRowView = Pick<
  PostmortemView,
  | 'id'
  | 'number'
  | 'name'
  | 'title'
  | 'state'
  | 'severity'
  | 'isDrill'
  | 'leafIds'
  | 'tags'
  | 'createdBy'
  | 'createdAtMs'
  | 'updatedAtMs'
  | 'publishedAtMs'
> & {
  readonly incident: string | null
  readonly startedAtMs: number
  readonly durationMs: number | null
}
