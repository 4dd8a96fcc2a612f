import type { PlaceLook } from './looks'
import type { Plan, Target } from './model'

/** Reach is how far one step really goes at one target; shares are 0 to 1. */
export type Reach = {
  readonly target: string
  readonly planned: number
  readonly achievable: number
  /** words say what it is made of, e.g. "1 of 4". */
  readonly words: string
}

/** canaryOf says whether a target can carry a part of the traffic with a new version, and why not. */
export function canaryOf(
  target: Target,
  units: number,
): { readonly isPossible: boolean; readonly why: string } {
  switch (target.provider) {
    case 'kubernetes':
      return target.canaryDeployment !== undefined
        ? { isPossible: true, why: '' }
        : { isPossible: false, why: `${target.name} has no canary deployment` }
    case 'fly':
      return units >= 2
        ? { isPossible: true, why: '' }
        : {
            isPossible: false,
            why: `${target.app} has ${units === 1 ? '1 machine: one is everything' : `${units} machines`}`,
          }
    case 'vast':
      if (units >= 2) return { isPossible: true, why: '' }
      return {
        isPossible: false,
        why:
          target.mode === 'second-instance'
            ? `${target.name} has ${countOf(units)}: a second one has to run beside it first`
            : `${target.name} has ${countOf(units)}, replaced in place`,
      }
  }
}

function countOf(units: number): string {
  return units === 1 ? '1 instance' : `${units} instances`
}

/** reachOf computes the share that a step really gets: whole replicas, machines or instances. Rules D-EXP. */
export function reachOf(target: Target, units: number, percent: number): Reach {
  const planned = percent / 100
  const of = (count: number, total: number): Reach => ({
    target: target.name,
    planned,
    achievable: total === 0 ? 0 : count / total,
    words: `${count} of ${total}`,
  })
  if (percent === 100) return of(units, units)
  if (target.provider === 'kubernetes' && target.share !== 'replicas')
    return {
      target: target.name,
      planned,
      achievable: planned,
      words: `by the weight of ${target.route ?? ''}`,
    }
  if (!canaryOf(target, units).isPossible)
    return { target: target.name, planned, achievable: 1, words: '100 % at once' }
  const totals = totalsOf(target, units)
  const ways = totals.flatMap((total) =>
    [Math.floor(planned * total), Math.ceil(planned * total)].map((count) => ({
      count: Math.max(1, count),
      total,
    })),
  )
  const best = ways.reduce((a, b) => (off(b, planned) < off(a, planned) ? b : a))
  return of(best.count, best.total)
}

function off({ count, total }: { readonly count: number; readonly total: number }, planned: number): number {
  return Math.abs(count / total - planned)
}

function totalsOf(target: Target, units: number): readonly number[] {
  return target.provider === 'kubernetes' ? [Math.max(1, units), units + 1] : [units]
}

/** shareOf is the reach of a step over all targets, weighted by their units. */
export function shareOf(reaches: readonly Reach[], units: readonly number[]): number {
  const total = units.reduce((sum, it) => sum + it, 0)
  if (total === 0) return 0
  return reaches.reduce((sum, reach, at) => sum + reach.achievable * (units[at] ?? 0), 0) / total
}

/** unitsAt is how many units one target has; an even share where the look counted only all together. */
export function unitsAt(
  target: Target,
  { targets }: Pick<Plan, 'targets'>,
  place: Pick<PlaceLook, 'units' | 'unitsByTarget'>,
): number {
  const own = place.unitsByTarget?.[target.name]
  return own ?? Math.round(place.units / Math.max(1, targets.length))
}

/** noCanary gives the targets that can only go at once; empty when a canary is possible everywhere. Rule D-EXP-3. */
export function noCanary(
  plan: Pick<Plan, 'targets'>,
  place: Pick<PlaceLook, 'units' | 'unitsByTarget' | 'unweighted'>,
): readonly string[] {
  return plan.targets.flatMap((target) => {
    const unweighted = place.unweighted?.[target.name]
    if (unweighted !== undefined) return [unweighted]
    const { isPossible, why } = canaryOf(target, unitsAt(target, plan, place))
    return isPossible ? [] : [why]
  })
}
