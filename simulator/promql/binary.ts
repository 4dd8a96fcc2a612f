import { matchKey, omit, pick } from './labels'
import { type Matching, QueryError, type Sample, type Value } from './types'

type BinaryInput = {
  readonly op: string
  readonly left: Value
  readonly right: Value
  readonly bool: boolean
  readonly matching: Matching
  readonly timeMs: number
}

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
}

const COMPARISON: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
}

const SETS: ReadonlySet<string> = new Set(['and', 'or', 'unless'])

export function binary(input: BinaryInput): Value {
  const { op, left, right, bool, timeMs } = input
  if (left.type === 'scalar' && right.type === 'scalar') return scalars(op, left.value, right.value, bool)
  if (left.type === 'vector' && right.type === 'vector') return vectors(input, left.samples, right.samples)
  if (SETS.has(op))
    throw new QueryError(
      'bad_data',
      `invalid parameter "query": parse error: set operator "${op}" not allowed in binary scalar expression`,
    )
  if (left.type === 'vector' && right.type === 'scalar')
    return withScalar(input, left.samples, (value) => [value, right.value], timeMs)
  if (left.type === 'scalar' && right.type === 'vector')
    return withScalar(input, right.samples, (value) => [left.value, value], timeMs)
  throw new QueryError(
    'bad_data',
    'invalid parameter "query": parse error: binary expression must contain only scalar and instant vector types',
  )
}

function scalars(op: string, left: number, right: number, bool: boolean): Value {
  const compare = COMPARISON[op]
  if (compare !== undefined) {
    if (!bool)
      throw new QueryError(
        'bad_data',
        'invalid parameter "query": parse error: comparisons between scalars must use BOOL modifier',
      )
    return { type: 'scalar', value: compare(left, right) ? 1 : 0 }
  }
  return { type: 'scalar', value: arithmetic(op)(left, right) }
}

function arithmetic(op: string): (left: number, right: number) => number {
  const found = ARITHMETIC[op]
  if (found === undefined)
    throw new QueryError('bad_data', `invalid parameter "query": operator ${op} is not supported here`)
  return found
}

function withScalar(
  { op, bool }: BinaryInput,
  samples: readonly Sample[],
  operands: (value: number) => readonly [number, number],
  timeMs: number,
): Value {
  const compare = COMPARISON[op]
  if (compare === undefined) {
    const apply = arithmetic(op)
    return {
      type: 'vector',
      samples: samples.map(({ labels, value }) => ({ labels, timeMs, value: apply(...operands(value)) })),
    }
  }
  if (bool) {
    return {
      type: 'vector',
      samples: samples.map(({ labels, value }) => ({
        labels,
        timeMs,
        value: compare(...operands(value)) ? 1 : 0,
      })),
    }
  }
  return { type: 'vector', samples: samples.filter(({ value }) => compare(...operands(value))) }
}

function vectors(input: BinaryInput, left: readonly Sample[], right: readonly Sample[]): Value {
  const { op, matching } = input
  if (SETS.has(op)) return { type: 'vector', samples: sets(op, left, right, matching) }
  if (matching.group === 'right') return { type: 'vector', samples: matched(input, right, left, true) }
  return { type: 'vector', samples: matched(input, left, right, false) }
}

function sets(
  op: string,
  left: readonly Sample[],
  right: readonly Sample[],
  matching: Matching,
): readonly Sample[] {
  if (op === 'or') {
    const known = new Set(left.map((sample) => matchKey(sample, matching)))
    return [...left, ...right.filter((sample) => !known.has(matchKey(sample, matching)))]
  }
  const known = new Set(right.map((sample) => matchKey(sample, matching)))
  return left.filter((sample) => known.has(matchKey(sample, matching)) === (op === 'and'))
}

/** `many` is the side whose labels the result keeps; `swapped` says that it stood on the right. */
function matched(
  { op, bool, matching, timeMs }: BinaryInput,
  many: readonly Sample[],
  one: readonly Sample[],
  swapped: boolean,
): Sample[] {
  const partners = new Map<string, Sample>()
  for (const sample of one) {
    const key = matchKey(sample, matching)
    if (partners.has(key))
      throw new QueryError(
        'execution',
        `found duplicate series for the match group on the ${swapped ? 'left' : 'right'} hand-side of the operation;many-to-many matching not allowed: matching labels must be unique on one side`,
      )
    partners.set(key, sample)
  }
  const used = new Set<string>()
  const results: Sample[] = []
  for (const sample of many) {
    const key = matchKey(sample, matching)
    const partner = partners.get(key)
    if (partner === undefined) continue
    if (matching.group === undefined && used.has(key))
      throw new QueryError(
        'execution',
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      )
    used.add(key)
    const [first, second] = swapped ? [partner.value, sample.value] : [sample.value, partner.value]
    const compare = COMPARISON[op]
    const labels = resultLabels(sample, partner, matching)
    if (compare === undefined) results.push({ labels, timeMs, value: arithmetic(op)(first, second) })
    else if (bool) results.push({ labels, timeMs, value: compare(first, second) ? 1 : 0 })
    else if (compare(first, second))
      results.push({
        name: matching.group === undefined && matching.kind === 'on' ? undefined : sample.name,
        labels,
        timeMs,
        value: first,
      })
  }
  return results
}

function resultLabels(sample: Sample, partner: Sample, matching: Matching): Sample['labels'] {
  if (matching.group !== undefined) {
    const included = pick(partner.labels, matching.include)
    return matching.include.length === 0
      ? sample.labels
      : { ...omit(sample.labels, matching.include), ...included }
  }
  return matching.kind === 'on' ? pick(sample.labels, matching.labels) : omit(sample.labels, matching.labels)
}
