import { type FieldContext, isShape, known, type Shape, shapesIn, unknown } from '../parse'
import type { Reading } from '../reading'
import type { PromSample } from './types'

/** promNumber reads a sample's text: `NaN` and infinities are undefined, as is what is no number. */
export function promNumber(text: string): number | undefined {
  if (text === 'NaN' || text === '+Inf' || text === '-Inf' || text === 'Inf' || text === '') return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

/** parseSample reads one sample text as a reading. */
export function parseSample(text: unknown, frame: FieldContext): Reading<number> {
  if (typeof text !== 'string') {
    frame.drift.push(`${frame.source}.value`)
    return unknown(frame, 'schema_mismatch', 'a sample is not a text')
  }
  const number = promNumber(text)
  return number === undefined ? unknown(frame, 'sentinel', text) : known(frame, number, '')
}

/** samplesOf reads the result of an instant query; undefined when it is neither vector nor scalar. */
export function samplesOf(data: Shape, frame: FieldContext): readonly PromSample[] | undefined {
  const { result, resultType } = data
  if (!Array.isArray(result)) return undefined
  if (resultType === 'scalar') return [sampleOf({}, result, frame)]
  if (resultType !== 'vector') return undefined
  return shapesIn(result).map((one) => sampleOf(labelsOf(one.metric), one.value, frame))
}

function sampleOf(labels: PromSample['labels'], pair: unknown, frame: FieldContext): PromSample {
  const [at, text]: unknown[] = Array.isArray(pair) ? pair : []
  return {
    labels,
    value: parseSample(text, frame),
    at: typeof at === 'number' ? new Date(at * 1000) : frame.at,
  }
}

/** labelsOf keeps the text labels of a series. */
export function labelsOf(metric: unknown): Readonly<Record<string, string>> {
  if (!isShape(metric)) return {}
  const labels: Record<string, string> = {}
  for (const [name, text] of Object.entries(metric)) if (typeof text === 'string') labels[name] = text
  return labels
}
