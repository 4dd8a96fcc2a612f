import { aggregate } from './aggregate'
import { binary } from './binary'
import { histogramQuantile } from './histogram'
import { isRangeFunction, overRange } from './ranges'
import { type Expression, QueryError, type Sample, type SeriesStorage, type Value } from './types'

type Context = { readonly storage: SeriesStorage; readonly timeMs: number }
type Call = { readonly name: string; readonly args: readonly Expression[] }

export function evaluate(expression: Expression, context: Context): Value {
  switch (expression.kind) {
    case 'number':
      return { type: 'scalar', value: expression.value }
    case 'string':
      return { type: 'string', value: expression.value }
    case 'selector':
      return {
        type: 'vector',
        samples: context.storage.instant(expression.matchers, context.timeMs - expression.offsetMs),
      }
    case 'range':
      return rangeValue(expression, context)
    case 'negate':
      return negate(evaluate(expression.operand, context))
    case 'call':
      return call(expression, context)
    case 'aggregate':
      return {
        type: 'vector',
        samples: aggregate({
          op: expression.op,
          parameter: expression.parameter === undefined ? 0 : scalarOf(expression.parameter, context),
          samples: vectorOf(expression.operand, context),
          grouping: expression.grouping,
          timeMs: context.timeMs,
        }),
      }
    case 'binary':
      return binary({
        ...expression,
        left: evaluate(expression.left, context),
        right: evaluate(expression.right, context),
        timeMs: context.timeMs,
      })
  }
}

function rangeValue(expression: Extract<Expression, { kind: 'range' }>, { storage, timeMs }: Context): Value {
  const toMs = timeMs - expression.offsetMs
  const fromMs = toMs - expression.rangeMs
  return { type: 'matrix', series: storage.range(expression.matchers, fromMs, toMs), fromMs, toMs }
}

function negate(value: Value): Value {
  if (value.type === 'scalar') return { type: 'scalar', value: -value.value }
  if (value.type === 'vector')
    return {
      type: 'vector',
      samples: value.samples.map((sample) => ({
        labels: sample.labels,
        timeMs: sample.timeMs,
        value: -sample.value,
      })),
    }
  throw new QueryError(
    'bad_data',
    'invalid parameter "query": parse error: unary expression only allowed on expressions of type scalar or instant vector',
  )
}

function vectorOf(expression: Expression | undefined, context: Context): readonly Sample[] {
  const value = expression === undefined ? undefined : evaluate(expression, context)
  if (value?.type === 'vector') return value.samples
  throw wrongType('instant vector', value)
}

function scalarOf(expression: Expression | undefined, context: Context): number {
  const value = expression === undefined ? undefined : evaluate(expression, context)
  if (value?.type === 'scalar') return value.value
  throw wrongType('scalar', value)
}

function stringOf(expression: Expression | undefined): string {
  if (expression?.kind === 'string') return expression.value
  throw new QueryError('bad_data', 'invalid parameter "query": parse error: expected type string')
}

function wrongType(wanted: string, value: Value | undefined): QueryError {
  const got = value === undefined ? 'nothing' : value.type === 'matrix' ? 'range vector' : value.type
  return new QueryError(
    'bad_data',
    `invalid parameter "query": parse error: expected type ${wanted}, got ${got}`,
  )
}

function call({ name, args }: Call, context: Context): Value {
  if (isRangeFunction(name)) return rangeCall({ name, args }, context)
  const each = (change: (sample: Sample) => number): Value => ({
    type: 'vector',
    samples: vectorOf(args[0], context).map((sample) => ({
      labels: sample.labels,
      timeMs: context.timeMs,
      value: change(sample),
    })),
  })
  switch (name) {
    case 'time':
      return { type: 'scalar', value: context.timeMs / 1000 }
    case 'timestamp':
      return each((sample) => sample.timeMs / 1000)
    case 'abs':
      return each((sample) => Math.abs(sample.value))
    case 'ceil':
      return each((sample) => Math.ceil(sample.value))
    case 'floor':
      return each((sample) => Math.floor(sample.value))
    case 'round':
      return each((sample) => Math.floor(sample.value + 0.5))
    case 'clamp_min': {
      const low = scalarOf(args[1], context)
      return each((sample) => Math.max(low, sample.value))
    }
    case 'clamp_max': {
      const high = scalarOf(args[1], context)
      return each((sample) => Math.min(high, sample.value))
    }
    case 'vector':
      return {
        type: 'vector',
        samples: [{ labels: {}, timeMs: context.timeMs, value: scalarOf(args[0], context) }],
      }
    case 'scalar': {
      const samples = vectorOf(args[0], context)
      return { type: 'scalar', value: samples.length === 1 ? (samples[0]?.value ?? Number.NaN) : Number.NaN }
    }
    case 'absent':
      return absent(args[0], context)
    case 'histogram_quantile':
      return {
        type: 'vector',
        samples: histogramQuantile(scalarOf(args[0], context), vectorOf(args[1], context), context.timeMs),
      }
    case 'label_replace':
      return { type: 'vector', samples: labelReplace(args, context) }
    case 'sort':
    case 'sort_desc': {
      const sign = name === 'sort' ? 1 : -1
      return {
        type: 'vector',
        samples: [...vectorOf(args[0], context)].sort((a, b) => sign * (a.value - b.value)),
      }
    }
    default:
      throw new QueryError(
        'bad_data',
        `invalid parameter "query": parse error: unknown function with name "${name}"`,
      )
  }
}

function rangeCall({ name, args }: Call, context: Context): Value {
  const quantile = name === 'quantile_over_time'
  const matrix = args.at(-1)
  const value = matrix === undefined ? undefined : evaluate(matrix, context)
  if (value?.type !== 'matrix' || args.length !== (quantile ? 2 : 1)) throw wrongType('range vector', value)
  const parameter = quantile ? scalarOf(args[0], context) : 0
  const { series, fromMs, toMs } = value
  return {
    type: 'vector',
    samples: overRange({ name, series, fromMs, toMs, timeMs: context.timeMs, parameter }),
  }
}

function absent(expression: Expression | undefined, context: Context): Value {
  if (vectorOf(expression, context).length > 0) return { type: 'vector', samples: [] }
  const labels: Record<string, string> = {}
  if (expression?.kind === 'selector')
    for (const matcher of expression.matchers) {
      if (matcher.equals !== undefined && matcher.label !== '__name__') labels[matcher.label] = matcher.equals
    }
  return { type: 'vector', samples: [{ labels, timeMs: context.timeMs, value: 1 }] }
}

function labelReplace(args: readonly Expression[], context: Context): Sample[] {
  const [target, replacement, source, pattern] = args.slice(1, 5).map(stringOf)
  if (target === undefined || replacement === undefined || source === undefined || pattern === undefined)
    throw new QueryError(
      'bad_data',
      'invalid parameter "query": parse error: expected 5 argument(s) in call to "label_replace"',
    )
  const matcher = new RegExp(`^(?:${pattern})$`, 's')
  return vectorOf(args[0], context).map((sample) => {
    const found = source === '__name__' ? (sample.name ?? '') : (sample.labels[source] ?? '')
    if (!matcher.test(found)) return { ...sample, timeMs: context.timeMs }
    const value = found.replace(matcher, replacement.replace(/\$\{(\w+)\}/g, '$$$1'))
    const rest = Object.fromEntries(Object.entries(sample.labels).filter(([label]) => label !== target))
    return {
      ...sample,
      timeMs: context.timeMs,
      labels: value === '' ? rest : { ...rest, [target]: value },
    }
  })
}
