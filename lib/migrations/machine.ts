import type { Facts } from './facts'
import { type Guard, guardsOf } from './guards'
import { PHASES, type Phase, type State } from './model'
import type { MigrationsPolicy } from './policy'

/** Step is where a migration goes next and what that asks for. */
export type Step = {
  readonly to: State
  /** percent is the flag's percentage after the step. */
  readonly percent: number
  readonly label: string
  readonly guards: readonly Guard[]
}

type Way = Omit<Step, 'guards'>

/** WAYS is where each state leads; shifting leads to its own next percentage first. */
const WAYS: Readonly<Record<Exclude<State, 'parallel-running' | 'shifting'>, Way | undefined>> = {
  assessing: { to: 'adapting', percent: 0, label: 'Begin the adapter layer' },
  adapting: { to: 'dual-writing', percent: 0, label: 'Write to both sides' },
  'dual-writing': { to: 'backfilling', percent: 0, label: 'Move the data' },
  backfilling: { to: 'validating', percent: 0, label: 'Validate' },
  validating: { to: 'parallel-running', percent: 0, label: 'Run side by side' },
  'awaiting-cutover': { to: 'cut-over', percent: 100, label: 'Cut over: there is no way back' },
  'cut-over': { to: 'decommissioning', percent: 100, label: 'Take the old one down' },
  decommissioning: { to: 'completed', percent: 100, label: 'Complete' },
  'traffic-rolled-back': { to: 'parallel-running', percent: 0, label: 'Run side by side again' },
  'forward-fix': { to: 'cut-over', percent: 100, label: 'The fix is out' },
  'rolled-back': undefined,
  completed: undefined,
}

function wayFrom(state: State, facts: Facts, { shift }: MigrationsPolicy): Way | undefined {
  if (state !== 'parallel-running' && state !== 'shifting') return WAYS[state]
  const standing = state === 'shifting' ? facts.flag.percent : 0
  const percent = shift.steps.find((step) => step > standing)
  if (percent === undefined) return { to: 'awaiting-cutover', percent: 100, label: 'End the bake' }
  return { to: 'shifting', percent, label: `Shift ${percent} %` }
}

/** nextStep gives where a migration goes from here with every guard, met or not; undefined where the way ends. */
export function nextStep(
  state: State,
  about: { readonly facts: Facts; readonly policy: MigrationsPolicy; readonly nowMs: number },
): Step | undefined {
  const way = wayFrom(state, about.facts, about.policy)
  return way && { ...way, guards: guardsOf(state, about) }
}

/** phaseOf tells to which phase of the plan a state belongs; undefined before, after and beside them. */
export function phaseOf(state: State): Phase | undefined {
  const phases: Partial<Record<State, Phase>> = {
    assessing: 'setup',
    adapting: 'adapter',
    'dual-writing': 'adapter',
    backfilling: 'data',
    validating: 'data',
    'parallel-running': 'traffic',
    shifting: 'traffic',
    'traffic-rolled-back': 'traffic',
    'awaiting-cutover': 'traffic',
  }
  return phases[state]
}

/** openItems counts what is left of each phase's checklist. */
export function openItems(
  policy: MigrationsPolicy,
  done: ReadonlySet<string>,
): Readonly<Record<Phase, number>> {
  const left = (phase: Phase): number => policy.phases[phase].items.filter(({ id }) => !done.has(id)).length
  const [setup, adapter, data, traffic] = PHASES
  return {
    [setup]: left(setup),
    [adapter]: left(adapter),
    [data]: left(data),
    [traffic]: left(traffic),
  } as Readonly<Record<Phase, number>>
}
