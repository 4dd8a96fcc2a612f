import { CLOSED, html, type Instant, type Reply, type SimRequest } from '../reply'
import { PROGRAMS, type Program } from '../scenario-events'
import type { SimInstance } from '../world/build'
import { programAt } from '../world/workers'
import type { World } from '../world/world'
import { programLog } from './supervisor-logs'
import { faultXml, type MethodCall, parseCall, responseXml, type XmlValue } from './xmlrpc'

const EXPECTED_AUTH = `Basic ${Buffer.from('watchfloor:simulated').toString('base64')}`
const STATE_CODES = { STOPPED: 0, STARTING: 10, RUNNING: 20, BACKOFF: 30, EXITED: 100, FATAL: 200 } as const
const LOG_FILES: Readonly<Record<Program, string>> = {
  'worker-cpu': '/var/log/worker.log',
  'worker-gpu': '/var/log/worker-gpu.log',
  llama: '/var/log/llama.log',
}

type Fault = { readonly code: number; readonly text: string }
type Context = { readonly world: World; readonly instance: SimInstance; readonly at: Instant }

export function supervisorReply(world: World, request: SimRequest, at: Instant): Reply {
  const match = /^\/(\d+)\/RPC2$/.exec(request.path)
  const instance = match?.[1] === undefined ? undefined : world.instance(Number(match[1]))
  if (instance === undefined) return html('<h1>404</h1>', 404)
  if (!world.instanceAt(instance, at.offsetMs).serving) return CLOSED
  if (request.headers.authorization !== EXPECTED_AUTH)
    return {
      ...html(
        '<html><head><title>Error response</title></head><body><h1>Error response</h1>401</body></html>',
        401,
      ),
      headers: { 'www-authenticate': 'Basic realm="default"' },
    }
  const call = parseCall(request.body)
  if (call === undefined) return html('Bad Request', 400)
  const answer = dispatch(call, { world, instance, at })
  const body = 'fault' in answer ? faultXml(answer.fault.code, answer.fault.text) : responseXml(answer.value)
  return { status: 200, type: 'text/xml', body }
}

type Answer = { readonly value: XmlValue } | { readonly fault: Fault }

function dispatch(call: MethodCall, context: Context): Answer {
  switch (call.name.replace(/^supervisor\./, '')) {
    case 'getAPIVersion':
    case 'getVersion':
      return { value: '3.0' }
    case 'getSupervisorVersion':
      return { value: '4.2.5' }
    case 'getIdentification':
      return { value: 'supervisor' }
    case 'getState':
      return { value: { statecode: 1, statename: 'RUNNING' } }
    case 'getPID':
      return { value: 1 }
    case 'getAllProcessInfo':
      return { value: PROGRAMS.map((program) => processInfo(program, context)) }
    case 'getProcessInfo':
      return onProgram(call, (program) => ({ value: processInfo(program, context) }))
    case 'startProcess':
      return onProgram(call, (program) => start(program, context))
    case 'stopProcess':
      return onProgram(call, (program) => stop(program, context))
    case 'readProcessStderrLog':
    case 'readProcessStdoutLog':
      return onProgram(call, (program) => ({ value: slice(logOf(program, context), call) }))
    case 'tailProcessStdoutLog':
    case 'tailProcessStderrLog':
      return onProgram(call, (program) => {
        const log = logOf(program, context)
        const length = Number(call.args[2] ?? 0)
        return { value: [log.slice(-length), log.length, log.length > length] }
      })
    default:
      return { fault: { code: 1, text: 'UNKNOWN_METHOD' } }
  }
}

function onProgram(call: MethodCall, then: (program: Program) => Answer): Answer {
  const wanted = String(call.args[0] ?? '')
  if (wanted === '') return { fault: { code: 2, text: 'INCORRECT_PARAMETERS' } }
  const program = PROGRAMS.find((known) => known === wanted || `${known}:${known}` === wanted)
  return program === undefined ? { fault: { code: 10, text: `BAD_NAME: ${wanted}` } } : then(program)
}

function slice(log: string, call: MethodCall): string {
  const offset = Number(call.args[1] ?? 0)
  const length = Number(call.args[2] ?? 0)
  if (offset < 0) return log.slice(offset)
  return length === 0 ? log.slice(offset) : log.slice(offset, offset + length)
}

function logOf(program: Program, { world, instance, at }: Context): string {
  return programLog({
    program,
    state: programAt(world, instance, program, at.offsetMs),
    at,
    startMs: world.startMs,
  })
}

function processInfo(
  program: Program,
  { world, instance, at }: Context,
): { readonly [key: string]: XmlValue } {
  const found = programAt(world, instance, program, at.offsetMs)
  const seconds = (offsetMs: number): number => Math.floor((world.startMs + offsetMs) / 1000)
  const alive = found.state === 'RUNNING' || found.state === 'STARTING'
  const pid = 100 + (instance.seed % 800) + PROGRAMS.indexOf(program)
  return {
    name: program,
    group: program,
    start: seconds(found.startMs),
    stop: alive ? 0 : seconds(found.sinceMs),
    now: seconds(at.offsetMs),
    state: STATE_CODES[found.state],
    statename: found.state,
    spawnerr:
      found.state === 'FATAL' || found.state === 'BACKOFF'
        ? 'Exited too quickly (process log may have details)'
        : '',
    exitstatus: alive || found.state === 'STOPPED' ? 0 : 1,
    logfile: LOG_FILES[program],
    stdout_logfile: LOG_FILES[program],
    stderr_logfile: LOG_FILES[program],
    pid: alive ? pid : 0,
    description: alive ? `pid ${pid}, uptime ${uptime(at.offsetMs - found.startMs)}` : 'Exited too quickly',
  }
}

function uptime(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = `${Math.floor(total / 3600) % 24}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`
  return total < 86_400 ? clock : `${Math.floor(total / 86_400)} days, ${clock}`
}

function start(program: Program, { world, instance, at }: Context): Answer {
  const { state } = programAt(world, instance, program, at.offsetMs)
  if (state === 'RUNNING' || state === 'STARTING')
    return { fault: { code: 60, text: `ALREADY_STARTED: ${program}` } }
  command({ world, instance, at }, program, 'RUNNING')
  return { value: true }
}

function stop(program: Program, { world, instance, at }: Context): Answer {
  const { state } = programAt(world, instance, program, at.offsetMs)
  if (state !== 'RUNNING' && state !== 'STARTING')
    return { fault: { code: 70, text: `NOT_RUNNING: ${program}` } }
  command({ world, instance, at }, program, 'STOPPED')
  return { value: true }
}

function command({ world, instance, at }: Context, program: Program, state: 'RUNNING' | 'STOPPED'): void {
  const target = { instances: [instance.index + 1] }
  world.apply([{ event: 'workers-stopped', at: 0, program, state, target }], at.offsetMs)
}
