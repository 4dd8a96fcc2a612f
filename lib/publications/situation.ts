import type {
  Audience,
  ChannelForm,
  ComponentState,
  Facts,
  IncidentState,
  Inventory,
  LastUpdate,
  LintPolicy,
} from '../comms/model'
import type { Template } from '../comms/policy'
import type { CommsPolicy } from './policy'

/** SAID are the facts that only a person can tell, with what is asked for; they stand in the text with who said so. */
export const SAID = {
  workaround: 'What users can do meanwhile',
  data_loss: 'Was data lost',
  region: 'Where',
  cause: 'Cause',
  current_action: 'What is being done',
  needs: 'What is needed',
} as const

/** SaidId is a fact that a person tells. */
export type SaidId = keyof typeof SAID

/** Said are facts as a person told them, by their id. */
export type SaidFacts = Readonly<Partial<Record<SaidId, string>>>

/** Way is a channel as the composer offers it. */
export type Way = {
  readonly id: string
  readonly name: string
  readonly form: ChannelForm
  readonly audiences: readonly Audience[]
  readonly componentMap: Readonly<Record<string, string>>
  /** problem says why it can't be told now; a paused channel keeps what it is given. */
  readonly problem: string
}

/** PageComponent is what customers know by name, and how it is shown now. */
export type PageComponent = {
  readonly id: string
  readonly name: string
  readonly state: ComponentState | 'unknown'
}

/** Before is the newest message of an audience that went out. */
export type Before = LastUpdate & { readonly id: string; readonly seq: number }

/** Situation is everything that drafts, findings and previews of an incident are made of; it is read on the server at `nowMs`. */
export type Situation = {
  readonly incidentId: string
  readonly incident: IncidentState
  readonly version: number
  readonly facts: Facts
  readonly before: Readonly<Partial<Record<Audience, Before>>>
  readonly inventory: Inventory
  readonly components: readonly PageComponent[]
  readonly ways: readonly Way[]
  readonly cadence: LintPolicy['cadenceMinutes']
  readonly speed: number
  readonly links: Pick<LintPolicy, 'allowedLinkHosts' | 'internalLinkHosts' | 'linkProblems'>
  readonly templates: readonly Template[]
  readonly policy: CommsPolicy
  readonly nowMs: number
}
