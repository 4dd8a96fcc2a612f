import type { Clock } from '../../platform/clock'
import { excerpt, failure } from '../../platform/http-failure'
import type { Http } from '../../platform/http-types'
import { type FieldContext, isShape, unknown } from '../parse'
import type { Answer, CallOptions, TestVerdict } from '../source'
import { addressOf, failedTest } from '../verdict'
import { parseBetterStack, parseInstatus, parseStatuspage } from './formats'
import type { PageConfig, PageFormat, PageLook, StatusPage } from './types'

const DEADLINE_MS = 10_000
const PATHS: Readonly<Record<PageFormat, string>> = {
  statuspage: '/api/v2/summary.json',
  betterstack: '/index.json',
  instatus: '/summary.json',
  reachability: '',
}
const PARSERS = { statuspage: parseStatuspage, betterstack: parseBetterStack, instatus: parseInstatus }

type Context = PageConfig & { readonly http: Http; readonly sourceId: string }

/** createStatusPage reads a vendor's status page; where the vendor publishes nothing for machines, only that the page answers. */
export function createStatusPage(
  config: PageConfig & { readonly http: Http; readonly clock?: Clock },
): StatusPage {
  const context: Context = { ...config, sourceId: config.sourceId ?? 'statuspage' }
  return {
    look: (now, options) => look(context, now, options),
    test: (now) => test(context, now),
  }
}

async function look(context: Context, now: Date, options?: CallOptions): Promise<Answer<PageLook>> {
  const { format } = context
  const answer = await context.http.request({
    url: addressFor(context),
    deadlineMs: options?.deadlineMs ?? DEADLINE_MS,
    ...(options?.signal ? { signal: options.signal } : {}),
    redirects: 3,
    ...(format === 'reachability'
      ? { maxBytes: 64 * 1024, cutAtMax: true }
      : { expect: 'json', headers: { 'cache-control': 'no-cache' } }),
  })
  if (!answer.ok) return answer
  const frame: FieldContext = { source: context.sourceId, at: now, drift: [] }
  const { latencyMs } = answer
  if (format === 'reachability') return { ok: true, value: reached(frame), latencyMs, drift: [] }
  const { json } = answer.value
  const parsed = isShape(json) ? PARSERS[format](json, frame) : undefined
  if (!parsed)
    return failure('schema_mismatch', `not a ${format} page: ${excerpt(JSON.stringify(json) ?? '')}`)
  return { ok: true, value: parsed, latencyMs, drift: frame.drift }
}

/** The configured address may be the page's root or already the file. */
function addressFor(context: Context): string {
  const path = PATHS[context.format]
  const root = context.url.replace(/\/+$/, '')
  return path === '' || root.endsWith('.json') ? context.url : `${root}${path}`
}

function reached(frame: FieldContext): PageLook {
  return {
    indicator: unknown(
      frame,
      'not_supported',
      'the page answers, but publishes no status that a machine can read',
    ),
    description: '',
    incidents: [],
    maintenances: [],
    components: [],
    machineReadable: false,
  }
}

async function test(context: Context, now: Date): Promise<TestVerdict> {
  const answer = await look(context, now)
  const address = addressOf(context.url)
  if (!answer.ok) {
    const verdict = failedTest(answer, { name: 'The status page', address, credential: 'its settings' })
    if (answer.why !== 'schema_mismatch') return verdict
    return {
      ...verdict,
      repair: 'Choose the format that this vendor speaks, or “reachability only” when it publishes none.',
    }
  }
  const { value, latencyMs } = answer
  if (!value.machineReadable)
    return {
      ok: true,
      sentence: `The page at ${address} answers. It says nothing that a machine can read, so the provider is judged by our own measurements.`,
      latencyMs,
    }
  const word =
    value.indicator.kind === 'known' ? value.indicator.value : (value.indicator.detail ?? 'nothing')
  const open = value.incidents.length
  return {
    ok: true,
    sentence: `The page at ${address} says “${word}” and lists ${open} open ${open === 1 ? 'incident' : 'incidents'}.`,
    latencyMs,
  }
}
