import type { Risk, RunState } from './model'

/** Choice is one value that a parameter may take, with what it is beside its name. */
export type Choice = { readonly value: string; readonly label: string }

/** ParamView is one parameter on a form. Values are texts; the operation checks them against the list before anything else. */
export type ParamView = {
  readonly name: string
  readonly label: string
  readonly hint: string
  /** kind: one of a list, a whole number within bounds, one line, or a value that is given at confirmation and never stored. */
  readonly kind: 'choice' | 'number' | 'text' | 'secret'
  readonly options: readonly Choice[]
  readonly min: number | null
  readonly max: number | null
  /** prefilled is the value that the diagnosis or the settings suggest; empty when there is none. */
  readonly prefilled: string
  /** source says where the suggestion comes from, e.g. `finding of the triage`. */
  readonly source: string
}

/** Needs is what stands between a person and the doing. */
export type Needs = { readonly stepUp: boolean; readonly secondPerson: boolean }

/** OfferedAction is one action as a leaf offers it. */
export type OfferedAction = {
  readonly id: string
  readonly title: string
  readonly leaf: string | null
  readonly risk: Risk
  /** executor is the executor's id, or `manual` for what a person does and writes down. */
  readonly executor: string
  readonly isManual: boolean
  readonly params: readonly ParamView[]
  /** command is the line with the prefilled values; `<name>` stands where one is missing, and no secret ever. */
  readonly command: string
  /** steps are what a person does, in order; empty for what an executor carries out. */
  readonly steps: readonly string[]
  readonly effect: string
  readonly undo: string
  /** probe says how it is seen that it worked. */
  readonly probe: string
  readonly needs: Needs
  /** mayPrepare and mayCarryOut are this person's rights for this class. */
  readonly mayPrepare: boolean
  readonly mayCarryOut: boolean
  /** unavailable says why it can't be carried out from here now, and the way round; null when it can. */
  readonly unavailable: { readonly why: string; readonly wayRound: string } | null
}

/** RequestView is one request exactly as it will be sent; a secret's value is a word. */
export type RequestView = {
  readonly method: string
  readonly path: string
  readonly contentType: string
  readonly body: string
}

/** StepView is one transition of a run with its time (epoch milliseconds), newest last. */
export type StepView = {
  readonly seq: number
  readonly atMs: number
  readonly event: string
  readonly state: RunState
  readonly by: string
  readonly detail: string
}

/** EvidenceView is one thing kept before the run changed anything; `problem` says why it is missing. */
export type EvidenceView = {
  readonly id: string
  readonly name: string
  readonly atMs: number
  readonly sizeBytes: number
  readonly sha256: string
  readonly problem: string
  readonly text: string
}

/** MayView says what this person may do with a run now; `why` speaks for what they may not. */
export type MayView = {
  readonly askSecond: boolean
  readonly approve: boolean
  readonly decline: boolean
  readonly breakGlass: boolean
  readonly carryOut: boolean
  readonly cancel: boolean
  readonly undo: boolean
  readonly review: boolean
  readonly why: string
}

/** RunView is one run as it stands. */
export type RunView = {
  readonly id: string
  readonly version: number
  readonly incidentId: string
  readonly leaf: string | null
  readonly action: string
  readonly title: string
  readonly risk: Risk
  readonly executor: string
  readonly isManual: boolean
  readonly state: RunState
  readonly stateWords: string
  readonly subject: string
  readonly command: string
  readonly requests: readonly RequestView[]
  readonly before: Readonly<Record<string, unknown>>
  readonly expects: Readonly<Record<string, string | number>>
  readonly dryRun: string
  readonly effect: string
  readonly probe: string
  /** secretParams are the parameters whose values `actions.carryOut` takes. */
  readonly secretParams: readonly { readonly name: string; readonly label: string }[]
  readonly planHash: string
  readonly preparedBy: { readonly id: string; readonly handle: string }
  readonly preparedAtMs: number
  readonly expiresAtMs: number
  readonly needs: Needs
  readonly asked: { readonly handle: string; readonly atMs: number } | null
  readonly approval: { readonly handle: string; readonly atMs: number; readonly planHash: string } | null
  readonly breakGlass: {
    readonly handle: string
    readonly atMs: number
    readonly reason: string
    readonly review: { readonly handle: string; readonly atMs: number; readonly note: string } | null
  } | null
  readonly carriedOutBy: string
  readonly sentAtMs: number | null
  readonly outcome: string
  /** output is what a look saw or a person pasted, redacted. */
  readonly output: string
  readonly undoes: string | null
  readonly undoneBy: string | null
  readonly canUndo: boolean
  readonly isDrill: boolean
  readonly steps: readonly StepView[]
  readonly evidence: readonly EvidenceView[]
  readonly may: MayView
}

/** RunLine is one run in a list. */
export type RunLine = Pick<
  RunView,
  | 'id'
  | 'version'
  | 'incidentId'
  | 'leaf'
  | 'action'
  | 'title'
  | 'risk'
  | 'executor'
  | 'state'
  | 'stateWords'
  | 'subject'
  | 'command'
  | 'preparedBy'
  | 'preparedAtMs'
  | 'expiresAtMs'
  | 'sentAtMs'
  | 'outcome'
  | 'undoneBy'
  | 'isDrill'
> & { readonly isBreakGlass: boolean; readonly isReviewed: boolean }
