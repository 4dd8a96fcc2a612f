import { beginCore, type PlannedStep } from '@/lib/rollouts/begin'
import { type Core, isOver, RUNGS, TICK_MS, type Tick } from '@/lib/rollouts/model'
import { answered, type Decision, type Deny, desiredOf } from '@/lib/rollouts/motion'
import { type Order, order } from '@/lib/rollouts/orders'
import { type RolloutPolicy, triggerId } from '@/lib/rollouts/policy'
import { turn } from '@/lib/rollouts/turn'
import { type Script, ScriptedWorld } from './world'

/** KillPoint is where the process dies around a request: before it was sent, before its answer was written, or before its intent was. */
export type KillPoint = 'after-intent' | 'after-apply' | 'before-commit'

/** Story is one scripted deployment: the world, who interferes, and what is true about it. */
export type Story = {
  readonly name: string
  readonly script: Script
  readonly environment?: 'staging' | 'production'
  readonly steps?: readonly PlannedStep[]
  /** kill dies at each request whose place in the order of requests is named, at that point. */
  readonly kill?: { readonly point: KillPoint; readonly at: 'each' | readonly number[] }
  readonly denies?: (minute: number) => readonly Deny[]
  /** orders are what people ask, tried from their minute on until it is taken or refused for good. */
  readonly orders?: readonly StoryOrder[]
  readonly truth: Truth
}

/** StoryOrder is one person’s word: `expects` says whether it must be taken. */
export type StoryOrder = {
  readonly when: (core: Core, minute: number) => boolean
  readonly order: Order
  readonly isRequester?: boolean
  readonly expects: 'taken' | 'refused'
}

/** Truth is what has to come of a story. */
export type Truth = {
  readonly state: Core['state']
  readonly cause?: string
  /** maxPercent is the largest share that the new version may ever have had. */
  readonly maxPercent: number
  /** effects are the changes of the target, in order; each exactly once. */
  readonly effects?: readonly string[]
  readonly atMinute?: readonly [number, number]
  readonly isByFigures?: boolean
  /** verbs must occur among the decisions in this order. */
  readonly verbs?: readonly Decision['verb'][]
}

/** Played is what came of a story, and every difference to its truth. */
export type Played = {
  readonly name: string
  readonly state: Core['state']
  readonly minutes: number
  readonly maxPercent: number
  readonly rollbackSeconds: number | null
  readonly kills: number
  readonly resumedWithinSeconds: number
  readonly decisions: readonly { readonly minute: number; readonly verb: string; readonly sentence: string }[]
  readonly effects: readonly string[]
  readonly problems: readonly string[]
}

/** STEPS are the shipped exposures. */
export const STEPS: readonly PlannedStep[] = [
  { percent: 10, minutes: 10 },
  { percent: 50, minutes: 5 },
  { percent: 100, minutes: 10 },
]

const START_MS = Date.UTC(2026, 10, 18, 16, 0, 0)
const PULSE_MS = 5_000
const DOWN_MS = 10_000
const SETTLE_MS = 5_000
const LIMIT_MINUTES = 180

/** play lets the engine work through a story in simulated time; a process that dies keeps nothing but what it had committed. */
export function play(story: Story, policy: RolloutPolicy): Played {
  const world = new ScriptedWorld(story.script, START_MS)
  const begun = beginCore({
    steps: story.steps ?? STEPS,
    environment: story.environment ?? 'production',
    rungs: RUNGS,
    policy,
    nowMs: START_MS,
  })
  const run = new Run(story, policy, world, begun)
  for (let nowMs = START_MS; !run.isDone(nowMs); nowMs += PULSE_MS) run.pulse(nowMs)
  return run.played()
}

class Run {
  private readonly decisions: { minute: number; verb: Decision['verb']; sentence: string }[] = []
  private readonly problems: string[] = []
  private readonly orders: StoryOrder[]
  private requests = 0
  private kills = 0
  private downUntilMs = 0
  private diedAtMs: number | undefined
  private slowestResumeMs = 0
  private maxPercent = 0
  private pendingAt: number | undefined
  private nextTickMs = START_MS + TICK_MS
  private readonly ticks: Tick[] = []
  private endedMs = START_MS

  constructor(
    private readonly story: Story,
    private readonly policy: RolloutPolicy,
    private readonly world: ScriptedWorld,
    private core: Core,
  ) {
    this.orders = [...(story.orders ?? [])]
  }

  isDone(nowMs: number): boolean {
    if (isOver(this.core.state)) return true
    if (
      this.core.state === 'rollback_failed' &&
      this.orders.length === 0 &&
      nowMs - this.core.sinceMs > 400_000
    )
      return true
    return nowMs - START_MS > LIMIT_MINUTES * 60_000
  }

  pulse(nowMs: number): void {
    this.endedMs = nowMs
    const look = this.world.look(desiredOf(this.core), nowMs)
    this.observe(nowMs)
    if (nowMs < this.downUntilMs) return
    this.people(nowMs)
    if (isOver(this.core.state)) return
    const turned = turn(this.core, {
      nowMs,
      look: look.kind === 'seen' ? this.world.look(desiredOf(this.core), nowMs) : look,
      settleMs: SETTLE_MS,
      ticks: this.ticks.filter((tick) => tick.atMs > this.core.lastTickMs),
      denies: this.story.denies?.((nowMs - START_MS) / 60_000) ?? [],
      environment: this.story.environment ?? 'production',
      policy: this.policy,
    })
    if (this.diedAtMs !== undefined) {
      this.slowestResumeMs = Math.max(this.slowestResumeMs, nowMs - this.diedAtMs)
      this.diedAtMs = undefined
    }
    const isKilled = turned.send !== null && this.dies()
    const point = this.story.kill?.point
    if (isKilled && point === 'before-commit') {
      this.die(nowMs)
      return
    }
    this.commit(turned.core, nowMs)
    if (turned.decision) this.say(turned.decision, nowMs)
    if (!turned.send) return
    if (isKilled && point === 'after-intent') {
      this.die(nowMs)
      return
    }
    const { at } = this.core
    const attempt = this.core.steps[at]?.attempt ?? 0
    const applied = this.world.apply(turned.send, nowMs)
    if (isKilled) {
      this.die(nowMs)
      return
    }
    this.commit(answered(this.core, { at, attempt }, applied), nowMs)
  }

  private dies(): boolean {
    const { kill } = this.story
    if (!kill) return false
    this.requests += 1
    // The request that is made again after a death must get through.
    if (this.kills > 0 && this.isRepeat()) return false
    return kill.at === 'each' || kill.at.includes(this.requests)
  }

  private lastKilled = ''
  private isRepeat(): boolean {
    return this.lastKilled === JSON.stringify(desiredOf(this.core))
  }

  private die(nowMs: number): void {
    this.kills += 1
    this.lastKilled = JSON.stringify(desiredOf(this.core))
    this.downUntilMs = nowMs + DOWN_MS
    this.diedAtMs = nowMs
  }

  /** Only what can be written as JSON survives. */
  private commit(core: Core, nowMs: number): void {
    this.core = JSON.parse(JSON.stringify(core)) as Core
    this.guard(nowMs)
  }

  /** No step may begin at a larger share while a trigger that rolls back is pending. */
  private guard(nowMs: number): void {
    const isPending = this.policy.triggers.some(
      (rule) => rule.mode === 'rollback' && this.core.triggers[triggerId(rule)]?.phase === 'pending',
    )
    const begun = this.core.steps.filter((step) => step.kind === 'expose' && step.beganMs !== null).length
    if (!isPending) this.pendingAt = undefined
    else if (this.pendingAt === undefined) this.pendingAt = begun
    else if (begun > this.pendingAt)
      this.problems.push(`went on while a trigger was pending (minute ${minuteOf(nowMs)})`)
  }

  private observe(nowMs: number): void {
    while (this.nextTickMs + this.policy.lagSeconds * 1_000 <= nowMs) {
      this.ticks.push(this.world.tick(this.nextTickMs))
      this.nextTickMs += TICK_MS
    }
    const look = this.world.look({ do: 'expose', percent: 0 }, nowMs)
    if (look.kind === 'seen') this.maxPercent = Math.max(this.maxPercent, look.exposurePercent)
  }

  private people(nowMs: number): void {
    const [first] = this.orders
    if (!first?.when(this.core, (nowMs - START_MS) / 60_000)) return
    this.orders.shift()
    const by = { handle: first.isRequester ? 'ana' : 'ben', isRequester: first.isRequester ?? false }
    const ordered = order(this.core, first.order, { by, nowMs, policy: this.policy })
    if (ordered.ok !== (first.expects === 'taken'))
      this.problems.push(`${first.order.verb} was ${ordered.ok ? 'taken' : `refused: ${ordered.why}`}`)
    if (!ordered.ok) return
    this.commit(ordered.turned.core, nowMs)
    if (ordered.turned.decision) this.say(ordered.turned.decision, nowMs)
  }

  private say(decision: Decision, nowMs: number): void {
    this.decisions.push({ minute: minuteOf(nowMs), verb: decision.verb, sentence: decision.sentence })
  }

  played(): Played {
    const { core, story } = this
    const { truth } = story
    const problems = [...this.problems]
    const differ = (what: string, got: unknown, wanted: unknown): void => {
      if (JSON.stringify(got) !== JSON.stringify(wanted))
        problems.push(`${what}: ${String(got)}, not ${String(wanted)}`)
    }
    differ('state', core.state, truth.state)
    if (truth.cause !== undefined) differ('cause', core.back?.cause.kind ?? 'none', truth.cause)
    if (this.maxPercent > truth.maxPercent)
      problems.push(`reached ${this.maxPercent} %, at most ${truth.maxPercent} % were right`)
    if (truth.effects) differ('effects', this.world.effects, truth.effects)
    if (truth.isByFigures !== undefined) differ('by figures', core.back?.isByFigures, truth.isByFigures)
    if (
      truth.verbs &&
      !inOrder(
        this.decisions.map(({ verb }) => verb),
        truth.verbs,
      )
    )
      problems.push(
        `decided ${this.decisions.map(({ verb }) => verb).join(' ')}, not ${truth.verbs.join(' … ')}`,
      )
    const turnedAt = minuteOf(core.back?.decidedMs ?? this.endedMs)
    if (truth.atMinute && (turnedAt < truth.atMinute[0] || turnedAt > truth.atMinute[1]))
      problems.push(`decided at minute ${turnedAt}, not ${truth.atMinute.join('–')}`)
    if (this.orders.length > 0) problems.push(`${this.orders.length} orders were never asked`)
    const rollbackSeconds =
      core.back?.doneMs == null ? null : Math.round((core.back.doneMs - core.back.decidedMs) / 1_000)
    return {
      name: story.name,
      state: core.state,
      minutes: minuteOf(this.endedMs),
      maxPercent: this.maxPercent,
      rollbackSeconds,
      kills: this.kills,
      resumedWithinSeconds: this.slowestResumeMs / 1_000,
      decisions: this.decisions,
      effects: this.world.effects,
      problems,
    }
  }
}

function minuteOf(atMs: number): number {
  return Math.round(((atMs - START_MS) / 60_000) * 100) / 100
}

function inOrder(all: readonly string[], wanted: readonly string[]): boolean {
  let at = 0
  for (const verb of all) if (verb === wanted[at]) at += 1
  return at === wanted.length
}
