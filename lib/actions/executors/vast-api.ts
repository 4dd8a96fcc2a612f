import { neverSent } from '../../platform/http-failure'
import type { Http, HttpAnswer } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import type { Doubt, Outcome, PlannedRequest, Refusal } from '../executor'

/** VastTarget is one Vast.ai account; the key needs the scopes instance_read and instance_write. */
export type VastTarget = { readonly baseUrl: string; readonly apiKey: string; readonly http: Http }

/** Triple is what the provider says of an instance: three states, its words and its label. */
export type Triple = {
  readonly actual: string
  readonly intended: string
  readonly allocation: string
  readonly message: string
  readonly label: string
  readonly machine: string
}

/** ReadInstance is an instance as it was read, or why it was not. */
export type ReadInstance = { readonly kind: 'instance'; readonly triple: Triple } | Refusal | Doubt

const DEADLINE_MS = 10_000
const READ_TRIES = 4
const LOG_TRIES = 30
const LOG_WAIT_MS = 500
const LOG_BYTES = 262_144

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** The endpoint of an instance answers one call in two seconds, whoever of this process asks. */
const SPACING_MS = 2_200
const PACED_CALLS = 20
const paces = new Map<string, ReturnType<typeof createPace>>()

function paceOf(base: string) {
  const pace = paces.get(base) ?? createPace()
  paces.set(base, pace)
  return pace
}

/** Calls go at once until one came too early; then they take turns, for as many calls as a busy while has. */
function createPace() {
  let left = 0
  let free: Promise<void> = Promise.resolve()
  return {
    turn: async (): Promise<void> => {
      if (left === 0) return
      left -= 1
      const before = free
      free = before.then(() => wait(SPACING_MS))
      await before
    },
    slow: (): void => {
      if (left === 0) free = wait(SPACING_MS)
      left = PACED_CALLS
    },
  }
}

/** openVastApi gives the few calls that actions make: one argument each, nothing in bulk, and never a stop. */
export function openVastApi(target: VastTarget) {
  rememberSecret(target.apiKey)
  const { http } = target
  const base = target.baseUrl.replace(/\/+$/, '')
  const headers = { authorization: `Bearer ${target.apiKey}` }
  const pace = paceOf(base)

  async function get(path: string): Promise<HttpAnswer> {
    const call = { url: `${base}${path}`, headers, deadlineMs: DEADLINE_MS, expect: 'json' } as const
    for (let attempt = 1; ; attempt += 1) {
      await pace.turn()
      const answer = await http.request(call)
      if (answer.ok || answer.status !== 429) return answer
      pace.slow()
      if (attempt >= READ_TRIES) return answer
    }
  }

  async function instance(id: string): Promise<ReadInstance> {
    const answer = await get(`/api/v0/instances/${id}/?owner=me`)
    if (!answer.ok) return failureOf(answer)
    const body = fieldsOf(answer.value.json)
    if (body.success === false) return refusalOf(body)
    if (body.instances === null)
      return { kind: 'refused', why: 'not-found', detail: 'the provider lists no such instance' }
    const row = fieldsOf(body.instances)
    if (row.id === undefined) return { kind: 'unknown', detail: 'the answer does not hold the instance' }
    return {
      kind: 'instance',
      triple: {
        actual: textOf(row.actual_status),
        intended: textOf(row.intended_status),
        allocation: textOf(row.cur_state),
        message: textOf(row.status_msg),
        label: textOf(row.label),
        machine: textOf(row.machine_id),
      },
    }
  }

  return {
    instance,
    /** put sends a planned request as it stands, once; a 429 is a definite no. */
    put: async ({ path, contentType, body }: PlannedRequest): Promise<Outcome> => {
      const answer = await http.request({
        url: `${base}${path}`,
        method: 'PUT',
        headers: { ...headers, 'content-type': contentType },
        body,
        deadlineMs: DEADLINE_MS,
        expect: 'json',
      })
      return answer.ok ? outcomeOf(fieldsOf(answer.value.json)) : failureOf(answer)
    },
    /** log asks for an instance's log and waits for where it is put, at most fifteen seconds. */
    log: async (id: string, tail: number): Promise<{ kind: 'log'; text: string } | Refusal | Doubt> => {
      const asked = await http.request({
        url: `${base}/api/v0/instances/request_logs/${id}/`,
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ tail: String(tail) }),
        deadlineMs: DEADLINE_MS,
        expect: 'json',
      })
      if (!asked.ok) return failureOf(asked)
      const body = fieldsOf(asked.value.json)
      if (body.success === false) return refusalOf(body)
      const place = textOf(body.result_url)
      if (place === '') return { kind: 'unknown', detail: 'the provider named no place for the log' }
      const url = place.startsWith('/') ? `${new URL(base).origin}${place}` : place
      return collect(url)
    },
  }

  async function collect(url: string): Promise<{ kind: 'log'; text: string } | Refusal | Doubt> {
    for (let attempt = 1; ; attempt += 1) {
      // The place is a signed address of its own: our key goes to the provider alone.
      const answer = await http.request({
        url,
        deadlineMs: DEADLINE_MS,
        expect: 'text',
        maxBytes: LOG_BYTES,
        cutAtMax: true,
      })
      if (answer.ok) return { kind: 'log', text: answer.value.text }
      const isEarly = answer.status === 403 || answer.status === 404
      if (!isEarly) return failureOf(answer)
      if (attempt >= LOG_TRIES)
        return { kind: 'unknown', detail: 'the log was asked for and did not appear within fifteen seconds' }
      await wait(LOG_WAIT_MS)
    }
  }
}

/** VastApi are the calls that actions make. */
export type VastApi = ReturnType<typeof openVastApi>

/** outcomeOf reads an answer at 200: its own flag decides, and without one nothing is known. */
function outcomeOf(body: Fields): Outcome {
  if (body.success === true) return { kind: 'done', detail: 'the provider accepted it', marks: {} }
  if (body.success === false) {
    const isQueued = /queued/i.test(textOf(body.msg))
    // Accounts of the field: “queued” is forgotten again. Only the instance’s states tell.
    return isQueued ? { kind: 'unknown', detail: `the provider says: ${textOf(body.msg)}` } : refusalOf(body)
  }
  return { kind: 'unknown', detail: 'the provider answered without saying whether it accepted' }
}

function refusalOf(body: Fields): Refusal {
  const slug = textOf(body.error)
  const detail = [slug, textOf(body.msg)].filter((it) => it !== '').join(': ') || 'the provider refused'
  const why = /no_such|not_found/i.test(slug)
    ? 'not-found'
    : /auth|not_authorized|permission/i.test(slug)
      ? 'forbidden'
      : /invalid_args|too_long/i.test(slug)
        ? 'invalid'
        : 'not-possible'
  return { kind: 'refused', why, detail }
}

/** failureOf says what a failed call means: only what proves that nothing happened is a refusal. */
function failureOf(answer: Exclude<HttpAnswer, { ok: true }>): Refusal | Doubt {
  const { status, detail, body } = answer
  const refused = (why: Refusal['why']): Refusal => ({ kind: 'refused', why, detail })
  if (status === 429 || (status === 400 && /too frequent/i.test(body ?? ''))) return refused('limited')
  switch (status) {
    case 400:
    case 422:
      return refused('invalid')
    case 401:
    case 403:
      return refused('forbidden')
    case 404:
      return refused('not-found')
  }
  if (neverSent(answer)) return refused('unreachable')
  return { kind: 'unknown', detail }
}
