import type { PageData } from './types'

type Plan = Pick<
  PageData['plan'],
  'artifacts' | 'window' | 'steps' | 'bakeMinutes' | 'rollback' | 'isAtOnce' | 'about'
>

/** PlanTexts is a plan as the dialog that edits it holds it. */
export type PlanTexts = {
  readonly tag: string
  readonly startAt: string
  readonly percents: string
  readonly bake: string
  readonly keepWarm: boolean
  readonly isAtOnce: boolean
  readonly notes: string
}

const NAMES: Readonly<Record<keyof PlanTexts, string>> = {
  tag: 'the version',
  startAt: 'the start',
  percents: 'the steps',
  bake: 'the bake',
  keepWarm: 'whether the old version is kept warm',
  isAtOnce: 'the tick for 100 % at once',
  notes: 'the notes',
}

const KEYS = Object.keys(NAMES) as (keyof PlanTexts)[]

/** textsOf gives a plan as it is edited. */
export function textsOf(plan: Plan): PlanTexts {
  return {
    tag: plan.artifacts[0]?.tag ?? '',
    startAt: plan.window.startAt.slice(0, 16),
    percents: plan.steps.map(({ percent, minutes }) => `${percent}:${minutes}`).join(', '),
    bake: String(plan.bakeMinutes),
    keepWarm: plan.rollback.keepWarm,
    isAtOnce: plan.isAtOnce,
    notes: plan.about.notes ?? '',
  }
}

/** Moved is one thing that somebody else changed; isMine: the reader typed there as well. */
export type Moved = {
  readonly key: keyof PlanTexts
  readonly name: string
  readonly to: string
  readonly isMine: boolean
}

/** movedSince names what of a plan changed since the dialog took it up. */
export function movedSince(input: {
  readonly taken: PlanTexts
  readonly typed: PlanTexts
  readonly now: PlanTexts
}): readonly Moved[] {
  const { taken, typed, now } = input
  return KEYS.filter((key) => taken[key] !== now[key]).map((key) => ({
    key,
    name: NAMES[key],
    to: typeof now[key] === 'boolean' ? (now[key] ? 'yes' : 'no') : String(now[key]),
    isMine: typed[key] !== taken[key],
  }))
}

/** takenOver puts what was typed upon the newest plan: what nobody typed here becomes what it is there. */
export function takenOver(input: {
  readonly taken: PlanTexts
  readonly typed: PlanTexts
  readonly now: PlanTexts
}): PlanTexts {
  const { taken, typed, now } = input
  const mine = KEYS.filter((key) => typed[key] !== taken[key]).map((key) => [key, typed[key]] as const)
  return { ...now, ...Object.fromEntries(mine) }
}
