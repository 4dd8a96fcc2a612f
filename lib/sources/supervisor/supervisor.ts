import { failure } from '../../platform/http-failure'
import type { Http } from '../../platform/http-types'
import { redactText, rememberSecret } from '../../platform/redact'
import { drifted, epochSecondsOf, type FieldContext, isShape, numberOf, type Shape, textOf } from '../parse'
import type { Answer, CallOptions, TestVerdict } from '../source'
import { addressOf, failedTest } from '../verdict'
import type { Supervisor, SupervisorConfig, SupervisorProcess, SupervisorState } from './types'
import { decodeReply, encodeCall, type XmlValue } from './xmlrpc'

const DEADLINE_MS = 3000

const STATES: Readonly<Record<number, SupervisorState>> = {
  0: 'STOPPED',
  10: 'STARTING',
  20: 'RUNNING',
  30: 'BACKOFF',
  40: 'STOPPING',
  100: 'EXITED',
  200: 'FATAL',
  1000: 'UNKNOWN',
}

type Context = SupervisorConfig & { readonly http: Http; readonly now: () => Date; readonly sourceId: string }

/** createSupervisor reads one supervisord over XML-RPC; it has no method that changes anything. */
export function createSupervisor(
  config: SupervisorConfig & {
    readonly http: Http
    readonly clock: { readonly now: () => Date }
    readonly sourceId?: string
  },
): Supervisor {
  rememberSecret(config.password)
  const context: Context = {
    ...config,
    now: config.clock.now,
    sourceId: config.sourceId ?? 'supervisor',
  }
  return {
    processes: (options) => processes(context, options),
    state: (options) => state(context, options),
    test: () => test(context),
  }
}

async function processes(
  context: Context,
  options?: Partial<CallOptions>,
): Promise<Answer<readonly SupervisorProcess[]>> {
  const answer = await call(context, 'supervisor.getAllProcessInfo', options)
  if (!answer.ok) return answer
  if (!Array.isArray(answer.value)) return failure('schema_mismatch', 'the list of processes is missing')
  const frame: FieldContext = { source: context.sourceId, at: context.now(), drift: [] }
  const list = answer.value.filter(isShape).map((shape) => parseProcess(shape, frame))
  return { ok: true, value: list, latencyMs: answer.latencyMs, drift: frame.drift }
}

/** Both times are the daemon's, so a wrong clock there does not bend the uptime. */
function parseProcess(shape: Shape, frame: FieldContext): SupervisorProcess {
  const code = numberOf(shape, 'state', frame)
  const state = STATES[code ?? -1] ?? 'OTHER'
  if (state === 'OTHER') drifted(frame, 'state', shape.state)
  const startedAt = epochSecondsOf(shape.start)
  const now = numberOf(shape, 'now', frame)
  const start = numberOf(shape, 'start', frame)
  const pid = numberOf(shape, 'pid', frame)
  const isUp = state === 'RUNNING' || state === 'STARTING' || state === 'STOPPING'
  const exitStatus = numberOf(shape, 'exitstatus', frame)
  return {
    name: textOf(shape, 'name', frame),
    group: textOf(shape, 'group', frame),
    state,
    stateText: textOf(shape, 'statename', frame),
    ...(pid === undefined || pid <= 0 ? {} : { pid }),
    ...(startedAt ? { startedAt } : {}),
    ...(isUp && now !== undefined && start !== undefined && start > 0 && now >= start
      ? { uptimeSeconds: now - start }
      : {}),
    ...(state === 'EXITED' && exitStatus !== undefined ? { exitStatus } : {}),
    spawnError: redactText(textOf(shape, 'spawnerr')).slice(0, 300),
    description: redactText(textOf(shape, 'description')).slice(0, 300),
  }
}

async function state(
  context: Context,
  options?: Partial<CallOptions>,
): Promise<Answer<{ readonly code: number; readonly name: string }>> {
  const answer = await call(context, 'supervisor.getState', options)
  if (!answer.ok) return answer
  const shape = isShape(answer.value) ? answer.value : {}
  const code = numberOf(shape, 'statecode')
  if (code === undefined) return failure('schema_mismatch', 'the state is missing')
  return { ...answer, value: { code, name: textOf(shape, 'statename') } }
}

async function test(context: Context): Promise<TestVerdict> {
  const answer = await processes(context)
  if (!answer.ok)
    return failedTest(answer, {
      name: 'supervisord',
      address: addressOf(context.url),
      credential: 'SUPERVISOR_USER and SUPERVISOR_PASSWORD',
    })
  const running = answer.value.filter((process) => process.state === 'RUNNING').length
  return {
    ok: true,
    sentence: `supervisord runs ${running} of ${answer.value.length} programs.`,
    latencyMs: answer.latencyMs,
  }
}

async function call(
  context: Context,
  method: string,
  options: Partial<CallOptions> = {},
): Promise<Answer<XmlValue>> {
  const { user = '', password = '' } = context
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  const answer = await context.http.request({
    url: rpcAddress(context.url),
    method: 'POST',
    body: encodeCall(method),
    headers: {
      'content-type': 'text/xml',
      accept: 'text/xml',
      ...(user === '' ? {} : { authorization: `Basic ${basic}` }),
    },
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    ...(options.signal ? { signal: options.signal } : {}),
  })
  if (!answer.ok) return answer
  const reply = decodeReply(answer.value.text)
  if (!reply) return failure('schema_mismatch', 'the answer is not XML-RPC')
  if (reply.kind === 'fault')
    return failure(
      reply.code === 1 ? 'schema_mismatch' : 'source_error',
      `fault ${reply.code}: ${reply.text}`,
    )
  return { ok: true, value: reply.value, latencyMs: answer.latencyMs, drift: [] }
}

function rpcAddress(url: string): string {
  const root = url.replace(/\/+$/, '')
  return root.endsWith('/RPC2') ? root : `${root}/RPC2`
}
