import type { Wire } from '@/lib/client/api'
import type { Audience, Message, Status } from '@/lib/comms/model'
import type { Judgement } from '@/lib/publications/compose'
import type { Told } from '@/lib/publications/fact-check'
import type { SaidFacts, Way } from '@/lib/publications/situation'
import type { QueryResult } from '@/lib/registry'

export type SaidData = Wire<QueryResult<'publications.ofIncident'>>
export type PublicationData = SaidData['publications'][number]

/** Edit is a text that somebody changed, with the values that its facts had before their eyes. */
export type Edit = {
  readonly title: string
  readonly body: string
  readonly told: Readonly<Record<string, Told>>
}

/** Kept is what a person chose and typed in the composer: it is the draft, and nothing of it is lost. */
export type Kept = {
  readonly status?: Status
  readonly nextMinutes?: number
  readonly components?: readonly {
    readonly componentId: string
    readonly to: Message['components'][number]['to']
  }[]
  readonly said?: SaidFacts
  /** off are the audiences that this update is not for. */
  readonly off?: readonly Audience[]
  readonly edits?: Readonly<Partial<Record<Audience, Edit>>>
  readonly overrides?: Readonly<Partial<Record<Audience, string>>>
}

/** Pane is one audience side by side with the others: its text, and what stands against it. */
export type Pane = {
  readonly audience: Audience
  readonly message: Message
  readonly told: Readonly<Record<string, Told>>
  readonly isEdited: boolean
  readonly isOn: boolean
  /** shut says why this person can't tell this audience. */
  readonly shut: string
  readonly judgement: Judgement
  readonly hidden: readonly string[]
  readonly ways: readonly Way[]
  readonly blocks: number
  readonly isOverridable: boolean
  readonly override: string
  readonly approval: { readonly isNeeded: boolean; readonly why: string }
}

/** keptOf reads a draft of the composer; what can't be read is as good as none. */
export function keptOf(text: string | undefined): Kept {
  if (text === undefined) return {}
  try {
    return JSON.parse(text) as Kept
  } catch {
    return {}
  }
}
