import { type Environment, nameOf, type Plan } from '../deployments/model'
import { verdictAt } from './bands'
import { askGate, type GateLine, valueWords } from './gate'
import {
  type Core,
  isOver,
  type Memory,
  type RolloutState,
  RUNG_WORDS,
  type Rung,
  SIGNAL_WORDS,
  STATE_WORDS,
  STEP_WORDS,
  type Step,
  TICK_MS,
  type Tick,
  type Verdict,
} from './model'
import { exposedPercent, WATCHED } from './motion'
import { nextBeatMs } from './notices'
import { type RolloutPolicy, type TriggerRule, triggerId } from './policy'
import { spanWords } from './span'
import { type Stand, standOf } from './stand'
import { evaluatorOf, firing, pending, UNTOUCHED } from './triggers'

/** RolloutView is what the progress page shows; all instants are epoch ms. */
export type RolloutView = {
  readonly name: string
  readonly number: number
  /** stand is what a decision is bound to: commands that let it go on take it as `seen`. */
  readonly stand: Stand
  readonly title: string
  readonly service: string
  readonly environment: Environment
  readonly tag: string
  readonly before: string
  readonly requester: string
  readonly state: RolloutState
  readonly sentence: string
  readonly outlook: string
  readonly startedMs: number
  readonly endedMs: number | null
  readonly steps: readonly StepView[]
  readonly at: number
  readonly triggers: readonly TriggerView[]
  readonly gate: {
    readonly title: string
    readonly isOpen: boolean
    readonly lines: readonly GateLine[]
  } | null
  readonly exposure: readonly {
    readonly atMs: number
    readonly planned: number
    readonly measured: number | null
  }[]
  readonly look: { readonly words: string; readonly atMs: number | null; readonly isKnown: boolean }
  readonly pause: Core['pause']
  readonly back: {
    readonly cause: string
    readonly by: string
    readonly decidedMs: number
    readonly doneMs: number | null
    readonly budgetMs: number
    readonly next: string
  } | null
  readonly nextTickMs: number
  readonly beat: { readonly dueMs: number | null; readonly everyMinutes: number }
  readonly policyVersion: string
  readonly lastTickMs: number
  readonly may: May
}

/** StepView is one step as the page shows it. */
export type StepView = {
  readonly kind: Step['kind']
  readonly name: string
  readonly words: string
  readonly state: Step['state']
  readonly minutes: number
  readonly beganMs: number | null
  readonly observedMs: number | null
  readonly dueMs: number | null
  readonly endedMs: number | null
  readonly percent: number
  readonly exposurePercent: number | null
  readonly achievablePercent: number | null
  readonly detail: string
}

/** TriggerView is one trigger with the ticks it saw last. */
export type TriggerView = {
  readonly id: string
  readonly name: string
  readonly rule: string
  readonly mode: TriggerRule['mode']
  readonly phase: 'inactive' | 'pending' | 'indeterminate' | 'firing'
  readonly words: string
  readonly more: string
  readonly creditedSeconds: number
  readonly holdSeconds: number
  readonly ticks: readonly Verdict[]
}

/** May says for each deed why it can’t be done now; null where it can. */
export type May = Readonly<
  Record<
    'pause' | 'resume' | 'promote' | 'abort' | 'rollBack' | 'extend' | 'accept' | 'nextRung' | 'resolve',
    string | null
  >
>

const SHOWN_TICKS = 24

/** ViewInput is what a view is made of. */
export type ViewInput = {
  readonly row: {
    readonly number: number
    readonly title: string
    readonly service: string
    readonly environment: Environment
    readonly plan: Plan
    readonly policy: RolloutPolicy
    readonly policyVersion: string
    readonly requester: string
    readonly core: Core
    readonly look: { readonly kind: string; readonly detail: string } | null
    readonly lookedAt: Date | null
    readonly endedAt: Date | null
    readonly announcedAt: Date | null
  }
  readonly ticks: readonly Tick[]
  readonly nowMs: number
}

/** viewOf makes the page’s view of a rollout: every figure is the engine’s own. */
export function viewOf({ row, ticks, nowMs }: ViewInput): RolloutView {
  const { core, policy, plan } = row
  const step = core.steps[core.at]
  const tag = plan.artifacts[0]?.tag ?? ''
  return {
    name: nameOf(row.number),
    number: row.number,
    stand: standOf(row.core),
    title: row.title,
    service: row.service,
    environment: row.environment,
    tag,
    before: plan.rollback.tag,
    requester: row.requester,
    state: core.state,
    ...sentenceOf(row, nowMs),
    startedMs: core.startedMs,
    endedMs: row.endedAt?.getTime() ?? null,
    steps: core.steps.map(stepView),
    at: core.at,
    triggers: policy.triggers.map((rule) => triggerView(policy, rule, core, nowMs)),
    gate: step && !core.back && !isOver(core.state) ? gateView(core, step, policy) : null,
    exposure: exposureOf(core, ticks),
    look: {
      words: row.look?.detail ?? 'not looked at yet',
      atMs: row.lookedAt?.getTime() ?? null,
      isKnown: row.look?.kind === 'seen',
    },
    pause: core.pause,
    back: core.back
      ? {
          cause: core.back.cause.words,
          by: core.back.cause.by,
          decidedMs: core.back.decidedMs,
          doneMs: core.back.doneMs,
          budgetMs: core.back.decidedMs + policy.back.budgetSeconds * 1_000,
          next: nextRungWords(core),
        }
      : null,
    nextTickMs: core.lastTickMs + TICK_MS + policy.lagSeconds * 1_000,
    beat: {
      dueMs: nextBeatMs({ core, policy, announcedMs: row.announcedAt?.getTime() ?? null }, nowMs),
      everyMinutes: core.back ? policy.announce.rollbackMinutes : policy.announce.heartbeatMinutes,
    },
    policyVersion: row.policyVersion.slice(0, 8),
    lastTickMs: core.lastTickMs,
    may: mayOf(core, policy),
  }
}

function nextRungWords(core: Core): string {
  const next = core.steps.slice(core.at).find((step) => step.state === 'pending' && step.kind in RUNG_WORDS)
  return next ? RUNG_WORDS[next.kind as Rung] : ''
}

function stepView(step: Step): StepView {
  const { kind, percent, state, minutes, detail } = step
  const name =
    kind === 'expose' ? `${percent} %` : kind === 'bake' ? 'Bake' : kind === 'finish' ? 'Finish' : kind
  return {
    kind,
    name: kind in RUNG_WORDS ? RUNG_WORDS[kind as Rung] : name,
    words: STEP_WORDS[state],
    state,
    minutes,
    percent,
    beganMs: step.beganMs,
    observedMs: step.observedMs,
    dueMs: step.dueMs,
    endedMs: step.endedMs,
    exposurePercent: step.exposurePercent,
    achievablePercent: step.achievablePercent,
    detail: step.sent?.outcome === 'refused' || step.sent?.outcome === 'unknown' ? step.sent.detail : detail,
  }
}

function sentenceOf(
  { service, plan, core, policy }: ViewInput['row'],
  nowMs: number,
): { readonly sentence: string; readonly outlook: string } {
  const what = `${service} ${plan.artifacts[0]?.tag ?? ''}`
  const step = core.steps[core.at]
  const share = `${exposedPercent(core)} %`
  if (core.state === 'paused')
    return { sentence: `${what} is paused at ${share}.`, outlook: core.pause?.words ?? '' }
  if (core.back && !isOver(core.state))
    return {
      sentence: `${what} ${core.state === 'rollback_failed' ? 'did not get back' : 'goes back'} to ${plan.rollback.tag}.`,
      outlook: core.back.cause.words,
    }
  if (isOver(core.state))
    return { sentence: `${what} ${STATE_WORDS[core.state]}.`, outlook: core.back?.cause.words ?? '' }
  const worst = nearest(core, policy)
  if (worst) {
    const left = Math.max(0, worst.rule.holdSeconds - worst.memory.creditedSeconds)
    return {
      sentence: `${what} is held at ${share}.`,
      outlook: `${SIGNAL_WORDS[worst.rule.signal].name} in breach; ${left <= TICK_MS / 1_000 ? 'one more breaching tick' : `${spanWords(left * 1_000)} more`} rolls it back.`,
    }
  }
  if (step?.state === 'holding' || step?.state === 'inconclusive')
    return {
      sentence: `${what} is ${STEP_WORDS[step.state]} at ${share}.`,
      outlook: `Waiting for: ${step.holdReason?.replaceAll('-', ' ') ?? ''}.`,
    }
  if (step?.state === 'applying' || step?.state === 'unknown')
    return { sentence: `${what} goes to ${step.percent} %.`, outlook: STEP_WORDS[step.state] }
  const left = (step?.dueMs ?? nowMs) - nowMs
  return {
    sentence: `${what} ${core.state === 'baking' ? 'serves everybody' : `is at ${share}`}.`,
    outlook: left > 0 ? `Watched for ${spanWords(left)} more.` : 'Its gate is being asked.',
  }
}

function nearest(core: Core, policy: RolloutPolicy) {
  return pending(policy, core.triggers)
    .filter(({ mode }) => mode === 'rollback')
    .flatMap((rule) => {
      const memory = core.triggers[triggerId(rule)]
      return memory ? [{ rule, memory }] : []
    })
    .sort(
      (a, b) =>
        a.rule.holdSeconds - a.memory.creditedSeconds - (b.rule.holdSeconds - b.memory.creditedSeconds),
    )[0]
}

function triggerView(policy: RolloutPolicy, rule: TriggerRule, core: Core, nowMs: number): TriggerView {
  const memory: Memory = core.triggers[triggerId(rule)] ?? UNTOUCHED
  const { name, unit } = SIGNAL_WORDS[rule.signal]
  const bound = policy.bands[rule.signal]
  const last = core.recent.at(-1)?.tracks[rule.track]?.values[rule.signal]
  const requests = core.recent.at(-1)?.tracks[rule.track]?.requests
  const clockMs = memory.sinceMs === undefined ? 0 : Math.max(0, core.lastTickMs + TICK_MS - memory.sinceMs)
  const isBreaching = memory.phase === 'pending' || memory.phase === 'firing'
  return {
    id: triggerId(rule),
    name: `${name}, ${rule.track}`,
    rule:
      rule.signal === 'health'
        ? `failing for ${spanWords(rule.holdSeconds * 1_000)}`
        : `> ${bound?.breachAbove ?? '?'} ${unit} for ${spanWords(rule.holdSeconds * 1_000)}`,
    mode: rule.mode,
    phase: memory.phase,
    words: isBreaching
      ? `breaching ${spanWords(clockMs)}, observed ${spanWords(memory.creditedSeconds * 1_000)} of ${spanWords(evaluatorOf(rule).holdSeconds * 1_000)}`
      : memory.phase === 'indeterminate'
        ? 'evidence was lost: it starts again with the next breach'
        : last === undefined
          ? 'no reading'
          : `${valueWords(rule.signal, last)} now`,
    more: [
      isBreaching && last !== undefined ? `${valueWords(rule.signal, last)} now` : '',
      memory.gapSeconds > 0 ? `${spanWords(memory.gapSeconds * 1_000)} without a breach seen` : '',
      requests === undefined || requests === null ? '' : `${Math.round(requests)} requests a tick`,
      core.lastTickMs + 90_000 < nowMs && !isOver(core.state) ? 'the figures are old' : '',
    ]
      .filter((it) => it !== '')
      .join(', '),
    creditedSeconds: memory.creditedSeconds,
    holdSeconds: rule.holdSeconds,
    ticks: core.recent.slice(-SHOWN_TICKS).map((tick) => verdictAt(policy, tick, rule)),
  }
}

function gateView(core: Core, step: Step, policy: RolloutPolicy): RolloutView['gate'] {
  const answer = askGate({
    policy,
    step,
    triggers: core.triggers,
    recent: core.recent,
    isConverged: step.observedMs === null ? null : true,
    track: WATCHED,
  })
  const title =
    step.kind === 'expose' ? `Gate at the end of ${step.percent} %` : 'Gate at the end of the watch'
  return { title, isOpen: answer.isOpen, lines: answer.lines }
}

/** The planned share is the plan’s, step by step; the measured one is the share of requests, where they are known. */
function exposureOf(core: Core, ticks: readonly Tick[]): RolloutView['exposure'] {
  return ticks.map((tick) => {
    const fresh = tick.tracks.canary?.requests ?? null
    const all = tick.tracks.service?.requests ?? null
    return {
      atMs: tick.atMs,
      planned: plannedAt(core, tick.atMs),
      measured:
        fresh === null || all === null || all <= 0
          ? null
          : Math.min(100, Math.round((fresh / all) * 1_000) / 10),
    }
  })
}

function plannedAt(core: Core, atMs: number): number {
  if (core.back && atMs >= core.back.decidedMs) return 0
  const begun = core.steps.filter(
    (step) => step.kind === 'expose' && step.beganMs !== null && step.beganMs <= atMs,
  )
  return begun.at(-1)?.percent ?? 0
}

function mayOf(core: Core, policy: RolloutPolicy): May {
  const over = isOver(core.state) ? 'It is over.' : null
  const step = core.steps[core.at]
  const waits = step?.state === 'holding' || step?.state === 'inconclusive'
  const blocked = [...firing(policy, core.triggers, 'hold'), ...pending(policy, core.triggers)]
  const trigger = blocked.length > 0 ? `Waits for the trigger: ${blocked.map(triggerId).join(', ')}.` : null
  return {
    pause:
      over ?? (core.state === 'progressing' || core.state === 'baking' ? null : 'It is not going forward.'),
    resume: over ?? (core.pause ? null : 'It is not paused.'),
    promote:
      over ??
      (core.state === 'progressing' && step?.kind === 'expose' && step.state === 'observing'
        ? trigger
        : 'No step is under watch.'),
    abort: over ?? (core.back ? 'It is on its way back.' : null),
    rollBack: over ?? (core.back ? 'It is on its way back.' : null),
    extend: over ?? (waits && !core.back ? null : 'No step waits at its gate.'),
    accept: over ?? (waits && !core.back ? trigger : 'No step waits at its gate.'),
    nextRung: over ?? (core.state === 'rollback_failed' ? null : 'The way back goes on by itself.'),
    resolve: over ?? (core.state === 'rollback_failed' ? null : 'The way back goes on by itself.'),
  }
}
