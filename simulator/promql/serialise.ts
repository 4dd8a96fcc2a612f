import type { Labels } from '../series/family'
import type { RangeSeries, Sample, Value } from './types'

const labelTexts = new WeakMap<Labels, string>()

/** JSON of `data` for an instant query; the frozen labels of stored series are serialised once. */
export function instantData(value: Value, timeMs: number): string {
  const at = String(timeMs / 1000)
  switch (value.type) {
    case 'scalar':
      return `{"resultType":"scalar","result":[${at},"${numberText(value.value)}"]}`
    case 'string':
      return `{"resultType":"string","result":[${at},${JSON.stringify(value.value)}]}`
    case 'vector':
      return `{"resultType":"vector","result":[${vectorText(value.samples, at)}]}`
    case 'matrix':
      return matrixData(value.series)
  }
}

export function matrixData(series: readonly RangeSeries[]): string {
  const rows = series.map((one) => {
    const points = one.times.map(
      (timeMs, index) => `[${timeMs / 1000},"${numberText(one.values[index] ?? Number.NaN)}"]`,
    )
    return `{"metric":${metricText(one)},"values":[${points.join(',')}]}`
  })
  return `{"resultType":"matrix","result":[${rows.join(',')}]}`
}

function vectorText(samples: readonly Sample[], at: string): string {
  const parts: string[] = []
  for (const sample of samples)
    parts.push(`{"metric":${metricText(sample)},"value":[${at},"${numberText(sample.value)}"]}`)
  return parts.join(',')
}

function metricText({
  name,
  labels,
}: {
  readonly name?: string | undefined
  readonly labels: Labels
}): string {
  const text = labelText(labels)
  if (name === undefined) return text
  return text === '{}' ? `{"__name__":"${name}"}` : `{"__name__":"${name}",${text.slice(1)}`
}

function labelText(labels: Labels): string {
  if (!Object.isFrozen(labels)) return JSON.stringify(labels)
  const known = labelTexts.get(labels)
  if (known !== undefined) return known
  const text = JSON.stringify(labels)
  labelTexts.set(labels, text)
  return text
}

export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return Object.is(value, -0) ? '-0' : String(value)
}
