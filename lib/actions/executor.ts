import type { LookShare } from './look-budget'

/** Issue names a parameter that was refused and why; nothing was asked or sent. */
export type Issue = { readonly path: string; readonly message: string }

/** Parsed is parameters that fit, or what is wrong with them. */
export type Parsed<Params> =
  | { readonly ok: true; readonly params: Params }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Plan is one action made ready: it can be shown, stored and carried out later by another process. It never holds a secret. */
export type Plan = {
  /** executor is the executor's id, e.g. `kubernetes.env`. */
  readonly executor: string
  /** runId marks this run in the target, so that nothing is done twice: 8 to 64 of a–z, 0–9 and hyphens. */
  readonly runId: string
  readonly subject: string
  /** params are the parsed parameters; a secret's value is not among them. */
  readonly params: Readonly<Record<string, unknown>>
  /** command is the line a person would type for the same effect; secrets are replaced by a word. */
  readonly command: string
  /** expects is what must still be true when it is carried out; otherwise nothing is done. */
  readonly expects: Readonly<Record<string, string | number>>
  /** steps are the requests it makes, byte for byte, except for the value of a secret. */
  readonly steps: readonly PlannedRequest[]
  /** before is what stands there now, for the record and the undo. */
  readonly before: Readonly<Record<string, unknown>>
  /** undo is the parameters of the action that takes it back; absent when there is none. */
  readonly undo?: { readonly executor: string; readonly params: Readonly<Record<string, unknown>> }
  readonly effect: string
}

/** PlannedRequest is one request of a plan; `ORDER` is what an agent gets with the answer to its report. */
export type PlannedRequest = {
  readonly method: 'GET' | 'PATCH' | 'PUT' | 'POST' | 'ORDER'
  readonly path: string
  readonly contentType: string
  readonly body: string
}

/** Refusal says why nothing was changed; it is definite. */
export type Refusal = {
  readonly kind: 'refused'
  readonly why:
    | 'changed-meanwhile'
    | 'not-found'
    | 'forbidden'
    | 'invalid'
    | 'limited'
    | 'unreachable'
    | 'not-needed'
    | 'not-possible'
    /** held: the target would do it, and a debt of ours forbids it. */
    | 'held'
  readonly detail: string
}

/** Doubt is an outcome nobody knows yet: the request went out and no usable answer came; only a probe may decide. */
export type Doubt = { readonly kind: 'unknown'; readonly detail: string }

/** Planned is a plan, why there is none, or that the look it needs could not be taken. */
export type Planned = { readonly kind: 'plan'; readonly plan: Plan } | Refusal | Doubt

/** DryRun is what the target says it would do. */
export type DryRun = { readonly kind: 'would-do'; readonly detail: string } | Refusal | Doubt

/** Outcome of carrying out: done now, done before by the same run, refused without effect, or unknown. */
export type Outcome =
  | {
      readonly kind: 'done'
      readonly detail: string
      readonly marks: Readonly<Record<string, string | number>>
      /** output is what a look saw, redacted. */
      readonly output?: string
    }
  | { readonly kind: 'already'; readonly detail: string }
  | Refusal
  | Doubt

/** Probed says whether the run's change is in the target, and whether it had its effect by now. */
export type Probed =
  | { readonly kind: 'applied'; readonly effect: 'reached' | 'pending' | 'failed'; readonly detail: string }
  | { readonly kind: 'not-applied'; readonly detail: string }
  | Doubt

/**
 * Executor carries out one kind of action. The order is parse → plan → dryRun → execute → probe; each may be called by
 * another process than the one before, none throws for what the outside does, and only execute changes anything.
 */
export type Executor<Params> = {
  readonly id: string
  /** risk `look` changes nothing: its execute reads, and its probe has nothing to find. */
  readonly risk: 'look' | 'change' | 'dangerous'
  readonly parse: (params: unknown) => Parsed<Params>
  /** plan reads the target and writes down exactly what would be sent. */
  readonly plan: (params: Params, run: { readonly runId: string }) => Promise<Planned>
  readonly dryRun: (plan: Plan, secrets: Secrets) => Promise<DryRun>
  /** execute sends what was planned, once: a run that the target already carries is `already`. */
  readonly execute: (plan: Plan, secrets: Secrets) => Promise<Outcome>
  /** probe looks, after an unknown outcome or to verify. */
  readonly probe: (plan: Plan, at: ProbeAt) => Promise<Probed>
  /** looks is the share of the target's allowance that probes may use; the rest is for people who prepare an action. */
  readonly looks?: LookShare
  /** evidence reads what the action may destroy: logs and states of its target. It is asked before anything is sent. */
  readonly evidence?: (plan: Plan) => Promise<readonly Captured[]>
  /** secretNames are the secrets that dryRun and execute want; their parameters are never part of a plan. */
  readonly secretNames?: readonly string[]
  /** choices lists values for a parameter as the target has them now, e.g. the revisions that it keeps. */
  readonly choices?: (param: string, params: Readonly<Record<string, unknown>>) => Promise<Choices>
}

/** ProbeAt is when execute began, when the look is taken, and whether it is known already that the request was carried out. */
export type ProbeAt = { readonly sentAt: Date; readonly now: Date; readonly isApplied?: boolean }

/** Captured is one thing kept as evidence, redacted; `problem` says why it could not be had. */
export type Captured = { readonly name: string; readonly text: string; readonly problem?: string }

/** Choices are values a parameter may take, each with the whole set of parameters that it stands for. */
export type Choices =
  | {
      readonly kind: 'choices'
      readonly choices: readonly {
        readonly value: string
        readonly label: string
        /** params are set together with the chosen value, e.g. the images of a revision. */
        readonly params: Readonly<Record<string, unknown>>
      }[]
    }
  | Refusal
  | Doubt

/** AnyExecutor is an executor as a registry holds it: its plan checks parameters again. */
export type AnyExecutor = Omit<Executor<unknown>, 'plan'> & {
  readonly plan: (params: unknown, run: { readonly runId: string }) => Promise<Planned>
}

/** anyExecutor makes an executor one of many; what does not fit its list is refused before it is asked. */
export function anyExecutor<Params>(executor: Executor<Params>): AnyExecutor {
  return {
    ...executor,
    plan: async (params, run) => {
      const parsed = executor.parse(params)
      if (parsed.ok) return executor.plan(parsed.params, run)
      const detail = parsed.issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
      return { kind: 'refused', why: 'invalid', detail }
    },
  }
}

/** Actuators are the executors of one installation by id, as it is configured now. */
export type Actuators = {
  readonly find: (id: string) => AnyExecutor | undefined
  /** missing says why an executor is not there, and what to do instead. */
  readonly missing: (id: string) => { readonly why: string; readonly wayRound: string }
  /** listed are the values that the settings allow for an executor's parameter. */
  readonly listed: (
    executor: string,
    param: string,
  ) => readonly {
    readonly value: string
    readonly label: string
    /** params are set together with the chosen value, e.g. secret and key. */
    readonly params?: Readonly<Record<string, unknown>>
  }[]
}

/** Secrets are values that a plan names by a word and that are given anew for each call. */
export type Secrets = Readonly<Record<string, string>>
