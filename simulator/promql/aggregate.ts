import { groupIdentity, groupKey } from './labels'
import { type Grouping, QueryError, type Sample } from './types'

type AggregateInput = {
  readonly op: string
  readonly parameter: number
  readonly samples: readonly Sample[]
  readonly grouping: Grouping
  readonly timeMs: number
}

type Fold = (members: readonly Sample[], parameter: number) => number

const FOLDS: Readonly<Record<string, Fold>> = {
  avg: (members) => members.reduce((sum, member) => sum + member.value, 0) / members.length,
  count: (members) => members.length,
  group: () => 1,
  quantile: (members, parameter) =>
    quantileOf(
      parameter,
      members.map((member) => member.value),
    ),
  stddev: (members) => Math.sqrt(variance(members)),
  stdvar: (members) => variance(members),
}

/** Folds that need no list of members; most queries over a large fleet are of this kind. */
const STEPS: Readonly<Record<string, (held: number, value: number) => number>> = {
  sum: (held, value) => held + value,
  min: (held, value) => (value < held || Number.isNaN(held) ? value : held),
  max: (held, value) => (value > held || Number.isNaN(held) ? value : held),
}

export function aggregate(input: AggregateInput): Sample[] {
  const step = STEPS[input.op]
  return step === undefined ? aggregateMembers(input) : aggregateSteps(input, step)
}

function aggregateSteps(
  { samples, grouping, timeMs }: AggregateInput,
  step: (held: number, value: number) => number,
): Sample[] {
  const places = new Map<string, number>()
  const firsts: Sample[] = []
  const held: number[] = []
  for (const sample of samples) {
    const key = groupKey(sample, grouping)
    const place = places.get(key)
    if (place === undefined) {
      places.set(key, firsts.length)
      firsts.push(sample)
      held.push(sample.value)
    } else held[place] = step(held[place] ?? Number.NaN, sample.value)
  }
  return firsts.map((first, place) => ({
    ...groupIdentity(first, grouping),
    timeMs,
    value: held[place] ?? Number.NaN,
  }))
}

function aggregateMembers({ op, parameter, samples, grouping, timeMs }: AggregateInput): Sample[] {
  const groups = new Map<string, Sample[]>()
  for (const sample of samples) {
    const key = groupKey(sample, grouping)
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [sample])
    else members.push(sample)
  }
  if (op === 'topk' || op === 'bottomk') {
    const sign = op === 'topk' ? -1 : 1
    return [...groups.values()].flatMap((members) =>
      [...members]
        .sort((left, right) => sign * (left.value - right.value))
        .slice(0, Math.max(0, Math.floor(parameter))),
    )
  }
  const fold = FOLDS[op]
  if (fold === undefined)
    throw new QueryError('bad_data', `invalid parameter "query": aggregation ${op} is not supported here`)
  const results: Sample[] = []
  for (const members of groups.values()) {
    const first = members[0]
    if (first !== undefined)
      results.push({ ...groupIdentity(first, grouping), timeMs, value: fold(members, parameter) })
  }
  return results
}

function variance(members: readonly Sample[]): number {
  const mean = members.reduce((sum, member) => sum + member.value, 0) / members.length
  return members.reduce((sum, member) => sum + (member.value - mean) ** 2, 0) / members.length
}

export function quantileOf(quantile: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(quantile)) return Number.NaN
  if (quantile < 0) return Number.NEGATIVE_INFINITY
  if (quantile > 1) return Number.POSITIVE_INFINITY
  const sorted = [...values].sort((left, right) => left - right)
  const rank = quantile * (sorted.length - 1)
  const lower = Math.max(0, Math.floor(rank))
  const upper = Math.min(sorted.length - 1, lower + 1)
  const weight = rank - Math.floor(rank)
  return (sorted[lower] ?? Number.NaN) * (1 - weight) + (sorted[upper] ?? Number.NaN) * weight
}
