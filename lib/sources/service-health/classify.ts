import { excerpt } from '../../platform/http-failure'
import {
  type FieldContext,
  flagReading,
  isShape,
  known,
  numberOf,
  type Shape,
  textReading,
  unknown,
} from '../parse'
import type { Reading } from '../reading'
import type { ProbeOutcome, ProbePart, ServiceKind } from './types'

/** ProbeAnswer is what an endpoint said: status, type and the first 4 KB. */
export type ProbeAnswer = { readonly status: number; readonly contentType: string; readonly text: string }

const LOADING = /loading|starting|initiali[sz]|warming|not ready yet/i
const BUSY = /busy|no slot|overload|too many|maximum|at capacity|queue is full/i
const WELL: ReadonlySet<string> = new Set([
  'ok',
  'healthy',
  'up',
  'pass',
  'passing',
  'alive',
  'live',
  'ready',
  'running',
  'operational',
  'success',
])
const PARTLY: ReadonlySet<string> = new Set(['degraded', 'warn', 'warning', 'partial'])
const UNWELL: ReadonlySet<string> = new Set([
  'unhealthy',
  'down',
  'error',
  'fail',
  'failed',
  'failing',
  'critical',
  'unavailable',
])

/** classify reads an answer as ok, loading, busy, refused, unhealthy or error; a web page is unreadable, whatever its status says. */
export function classify(
  answer: ProbeAnswer,
  kind: ServiceKind,
  context: FieldContext,
): { readonly outcome: Reading<ProbeOutcome>; readonly parts: readonly ProbePart[] } {
  const { status } = answer
  const shape = shapeOf(answer.text)
  const parts = shape ? partsOf(shape, context) : []
  const isGood = status >= 200 && status < 300
  if (isGood && isPage(answer))
    return {
      outcome: unknown(
        context,
        'schema_mismatch',
        `a web page instead of a health answer: ${excerpt(answer.text)}`,
      ),
      parts,
    }
  if (kind === 'integration' && isGood && !shape)
    return { outcome: unknown(context, 'schema_mismatch', 'the health answer is not a JSON object'), parts }
  if (!isGood) return { outcome: notOk(answer, classOf(answer, shape, kind), context), parts }
  const word = wordOf(shape)
  if (word === undefined && shape && 'status' in shape) {
    const detail = `its status is no word: ${excerpt(JSON.stringify(shape.status))}`
    return { outcome: unknown(context, 'schema_mismatch', detail), parts }
  }
  if (word === undefined || WELL.has(word))
    return { outcome: known(context, { kind: 'ok', status }, ''), parts }
  if (LOADING.test(word)) return { outcome: notOk(answer, 'loading', context), parts }
  if (BUSY.test(word)) return { outcome: notOk(answer, 'busy', context), parts }
  if (UNWELL.has(word)) return { outcome: notOk(answer, 'unhealthy', context), parts }
  if (!PARTLY.has(word)) context.drift.push(`${context.source}.status`)
  // Answered with success but not with a clear "well": the word itself goes along as a part.
  const self: ProbePart = { name: 'self', status: known(context, word, '') }
  return { outcome: known(context, { kind: 'ok', status }, ''), parts: [self, ...parts] }
}

type NotOkClass = Extract<ProbeOutcome, { kind: 'not-ok' }>['class']

function notOk(answer: ProbeAnswer, cls: NotOkClass, context: FieldContext): Reading<ProbeOutcome> {
  return known(context, { kind: 'not-ok', status: answer.status, class: cls, body: excerpt(answer.text) }, '')
}

function classOf(answer: ProbeAnswer, shape: Shape | undefined, kind: ServiceKind): NotOkClass {
  const { status, text } = answer
  if (status === 401 || status === 403) return 'refused'
  if (status === 429) return 'busy'
  if (status !== 503) return 'error'
  if (isPage(answer)) return 'error'
  if (BUSY.test(text) && !LOADING.test(text)) return 'busy'
  const word = wordOf(shape)
  if (word === undefined ? LOADING.test(text) : LOADING.test(word)) return 'loading'
  // The whisper servers answer 503 without a reason while all of their slots work.
  if (kind === 'whisper' && text.trim() === '') return 'busy'
  return 'unhealthy'
}

/** The service's own word: `status`, or the message inside `error`. */
function wordOf(shape: Shape | undefined): string | undefined {
  if (!shape) return undefined
  if (typeof shape.status === 'string') return shape.status.trim().toLowerCase()
  if (typeof shape.healthy === 'boolean') return shape.healthy ? 'healthy' : 'unhealthy'
  if (isShape(shape.error) && typeof shape.error.message === 'string')
    return shape.error.message.trim().toLowerCase()
  return undefined
}

function partsOf(shape: Shape, context: FieldContext): readonly ProbePart[] {
  const table = isShape(shape.services) ? shape.services : isShape(shape.checks) ? shape.checks : undefined
  if (!table) return []
  return Object.entries(table)
    .slice(0, 30)
    .map(([name, raw]) => partOf(name, raw, context))
}

function partOf(name: string, raw: unknown, context: FieldContext): ProbePart {
  const inner: FieldContext = { ...context, path: name }
  if (typeof raw === 'string') return { name, status: known(context, raw.trim().toLowerCase(), '') }
  if (typeof raw === 'boolean') return { name, status: known(context, raw ? 'healthy' : 'unhealthy', '') }
  if (!isShape(raw))
    return { name, status: unknown(context, raw === null ? 'field_null' : 'schema_mismatch') }
  const status = textReading(raw, 'status', inner)
  const connected = flagReading(raw, 'connected', inner)
  const latencyMs = numberOf(raw, 'latencyMs') ?? numberOf(raw, 'latency_ms') ?? numberOf(raw, 'latency')
  return {
    name,
    status: status.kind === 'known' ? { ...status, value: status.value.toLowerCase() } : status,
    ...(connected.kind === 'known' ? { connected: connected.value } : {}),
    ...(latencyMs === undefined ? {} : { latencyMs }),
  }
}

function isPage(answer: ProbeAnswer): boolean {
  return /html/i.test(answer.contentType) || /^\s*<(!doctype|html|head|body|h1)/i.test(answer.text)
}

function shapeOf(text: string): Shape | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const json: unknown = JSON.parse(text)
    return isShape(json) ? json : undefined
  } catch {
    return undefined
  }
}
