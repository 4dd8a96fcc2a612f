import type { z } from 'zod'
import type { INPUTS } from './inputs'
import { type Plan, plannedMinutesOf, type ServiceDefinition } from './model'
import { latestSafeStart, type Where, windowAt } from './windows'

/** Changes are what a revision may change. */
export type Changes = Omit<z.output<typeof INPUTS.revise>, 'number' | 'seenRevision' | 'seenVersion' | 'note'>

type Sha = (text: string) => string

const MINUTE_MS = 60_000

/** nextSafeStart is the first start from which plan and way back end before the window does, after the announcement's lead; the lead alone where no window is known. */
export function nextSafeStart(input: {
  readonly nowMs: number
  readonly where: Where
  readonly service: ServiceDefinition
  readonly plannedMinutes: number
}): number {
  const { nowMs, where, service, plannedMinutes } = input
  const lead = where.environment === 'staging' ? 0 : service.announceMinutes
  const first = Math.ceil((nowMs + lead * MINUTE_MS) / (5 * MINUTE_MS)) * 5 * MINUTE_MS
  let at = first
  // Open incidents end at a time that nobody knows: the calendar alone is asked.
  const calm = { ...where, incidents: [] }
  for (let tries = 0; tries < 60; tries += 1) {
    const standing = windowAt(at, calm)
    if (!standing.isOpen) {
      if (standing.nextOpenMs === undefined) return first
      at = standing.nextOpenMs
      continue
    }
    if (standing.nextCloseMs === undefined) return at
    const latest = latestSafeStart({
      closeMs: standing.nextCloseMs,
      plannedMinutes,
      rollbackSeconds: service.rollback.budgetSeconds,
    })
    if (at <= latest) return at
    at = standing.nextCloseMs
  }
  return first
}

/** windowOf is the planned window of a start: it ends where the open window does, or with plan and way back where it is closed. */
export function windowOf(
  startMs: number,
  where: Where,
  input: { readonly plannedMinutes: number; readonly rollbackSeconds: number },
): Plan['window'] {
  const standing = windowAt(startMs, { ...where, incidents: [] })
  const own = startMs + input.plannedMinutes * MINUTE_MS + input.rollbackSeconds * 1_000
  const endMs = standing.isOpen ? (standing.nextCloseMs ?? own) : own
  return { startAt: new Date(startMs).toISOString(), endAt: new Date(endMs).toISOString() }
}

/** configOf is a plan's configuration against what counted before; a variable set to null is unset. */
export function configOf(
  before: Plan['config'] | undefined,
  wanted: Readonly<Record<string, string | null>> | undefined,
  sha: Sha,
): Pick<Plan, 'config' | 'configHash'> {
  if (wanted === undefined && before !== undefined)
    return { config: before, configHash: sha(JSON.stringify(before)) }
  const config = Object.fromEntries(
    Object.entries(wanted ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, to]) => [name, { from: before?.[name]?.from ?? null, to }]),
  )
  return { config, configHash: sha(JSON.stringify(config)) }
}

/** revisedAbout is what describes a plan, with changes; what is left out stays as it is. */
export function revisedAbout(
  about: Plan['about'],
  { notes, link }: Pick<Changes, 'notes' | 'link'>,
): Plan['about'] {
  return {
    ...about,
    ...(notes === undefined ? {} : { notes }),
    ...(link === undefined ? {} : { link }),
  }
}

/** revisedPlan is a plan with changes; what is left out stays as it is. */
export function revisedPlan(input: {
  readonly plan: Plan
  readonly changes: Changes
  readonly digest: string | undefined
  readonly service: ServiceDefinition
  readonly where: Where
  readonly policyVersion: string
  readonly live: { readonly digest: string; readonly tag: string } | undefined
  readonly sha: Sha
}): Plan {
  const { plan, changes, service, where } = input
  const [first] = plan.artifacts
  const artifacts =
    first && (changes.tag !== undefined || input.digest !== undefined)
      ? [{ ...first, tag: changes.tag ?? first.tag, digest: input.digest ?? first.digest }]
      : plan.artifacts
  const steps = changes.steps ?? plan.steps
  const bakeMinutes = changes.bakeMinutes ?? plan.bakeMinutes
  const isAtOnce = changes.isAtOnce ?? plan.isAtOnce
  const startMs = Date.parse(changes.startAt ?? plan.window.startAt)
  const isTimed = changes.startAt !== undefined || steps !== plan.steps || bakeMinutes !== plan.bakeMinutes
  const next: Plan = {
    ...plan,
    targets: service.environments[plan.environment].targets,
    artifacts,
    steps,
    bakeMinutes,
    isAtOnce,
    ...(changes.config === undefined ? {} : configOf(plan.config, changes.config, input.sha)),
    baseline: input.live ? { digest: input.live.digest, tag: input.live.tag } : plan.baseline,
    rollback: {
      ...plan.rollback,
      ...(changes.rollback ?? {}),
      keepWarm: changes.keepWarm ?? plan.rollback.keepWarm,
    },
    migrations: changes.migrations ?? plan.migrations,
    policyVersion: input.policyVersion,
    about: revisedAbout(plan.about, changes),
  }
  if (!isTimed) return next
  return {
    ...next,
    window: windowOf(startMs, where, {
      plannedMinutes: plannedMinutesOf(next),
      rollbackSeconds: service.rollback.budgetSeconds,
    }),
  }
}
