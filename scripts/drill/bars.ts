import { atLeast, atMost, type Bar } from '@/bench/report'
import type { Forest } from '@/lib/triage/forest'
import type { Scenario } from '@/simulator/scenario'
import { TRAPS } from '@/simulator/scenario-drill'
import type { DrillResult } from './run-drill'

/** Played is a scenario with what came of it. */
export type Played = { readonly scenario: Scenario; readonly result: DrillResult }

/** barsOf judges all shipped scenarios together: right leaves, nothing wrong, causes above, in time, and what they cover. */
export function barsOf(played: readonly Played[], forest: Forest): readonly Bar[] {
  const problems = played.flatMap(({ result }) => result.problems)
  const count = (pattern: RegExp): number => problems.filter((problem) => pattern.test(problem)).length
  const delays = played.flatMap(({ result }) =>
    result.found.flatMap((one) =>
      one.foundSeconds === null ? [] : [one.foundSeconds - one.sufficientSeconds],
    ),
  )
  const drills = played.map(({ scenario }) => scenario)
  const none = { limit: 0, unit: 'leaves' }
  return [
    atMost({ id: 'T1.a', figure: 'leaves of the truth not found', value: count(/was not found$/), ...none }),
    atMost({
      id: 'T1.b',
      figure: 'wrong leaves certain or likely',
      value: count(/, and is not so$/),
      ...none,
    }),
    atMost({ id: 'T1.c', figure: 'consequences above their cause', value: count(/ stands above /), ...none }),
    atMost({
      id: 'T1.d',
      figure: 'slowest diagnosis after the sources allowed it',
      value: Math.max(...delays),
      limit: 30,
      unit: 'simulated s',
    }),
    atMost({
      id: 'T1.e',
      figure: 'leaves of the trees that no scenario reaches',
      value: leavesWithout(drills, forest).length,
      ...none,
    }),
    atLeast({ id: 'T1.f', figure: 'scenarios', value: drills.length, limit: 40, unit: 'scenarios' }),
    atLeast({
      id: 'T1.g',
      figure: 'with two faults, a lying or silent source, or a red herring',
      value: drills.filter((one) => (one.drill?.hard.length ?? 0) > 0).length,
      limit: 8,
      unit: 'scenarios',
    }),
    atMost({
      id: 'T1.h',
      figure: 'traps that no scenario sets',
      value: TRAPS.filter((trap) => !drills.some((one) => one.drill?.traps.includes(trap))).length,
      limit: 0,
      unit: 'traps',
    }),
  ]
}

/** leavesWithout names the leaves of the trees that no scenario states as its truth. */
export function leavesWithout(scenarios: readonly Scenario[], forest: Forest): readonly string[] {
  const reached = new Set<string>(
    scenarios.flatMap(({ truth }) => truth.filter((one) => !one.may).map(({ leaf }) => leaf)),
  )
  return [...forest.leaves.keys()].filter((leaf) => !reached.has(leaf))
}
