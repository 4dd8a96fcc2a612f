import type { Doubt, DryRun, Executor, Outcome, Parsed, Plan, Planned, Refusal } from '../executor'

/** Seen is what a look saw, or why it saw nothing. */
export type Seen =
  | { readonly kind: 'seen'; readonly detail: string; readonly output: string }
  | Refusal
  | Doubt

type LookKind<Params extends object> = {
  readonly id: string
  readonly parse: (params: unknown) => Parsed<Params>
  readonly subject: (params: Params) => string
  readonly command: (params: Params) => string
  readonly path: (params: Params) => string
  readonly effect: string
  readonly take: (params: Params) => Promise<Seen>
}

/** lookExecutor makes an executor of something that only reads: it may be repeated, and nothing of it can be found afterwards. */
export function lookExecutor<Params extends object>(kind: LookKind<Params>): Executor<Params> {
  return {
    id: kind.id,
    risk: 'look',
    parse: kind.parse,
    plan: async (params, { runId }): Promise<Planned> => ({
      kind: 'plan',
      plan: {
        executor: kind.id,
        runId,
        subject: kind.subject(params),
        params: { ...params } as Readonly<Record<string, unknown>>,
        command: kind.command(params),
        expects: {},
        steps: [{ method: 'GET', path: kind.path(params), contentType: '', body: '' }],
        before: {},
        effect: kind.effect,
      },
    }),
    dryRun: async (): Promise<DryRun> => ({ kind: 'would-do', detail: 'a look changes nothing' }),
    execute: async (plan: Plan): Promise<Outcome> => {
      const parsed = kind.parse(plan.params)
      if (!parsed.ok) return { kind: 'refused', why: 'invalid', detail: 'the plan does not fit any more' }
      const seen = await kind.take(parsed.params)
      if (seen.kind !== 'seen')
        return seen.kind === 'refused' ? seen : { kind: 'refused', why: 'unreachable', detail: seen.detail }
      return { kind: 'done', detail: seen.detail, marks: {}, output: seen.output }
    },
    probe: async () => ({ kind: 'not-applied', detail: 'the look was cut off: take it again' }),
  }
}
