import { z } from 'zod'
import type { Clock } from '../../platform/clock'
import type { Http } from '../../platform/http-types'
import { redactText } from '../../platform/redact'
import type { Doubt, DryRun, Executor, Outcome, Parsed, Plan, Planned, Probed, Refusal } from '../executor'
import { PROGRAM_NAME } from './orders'
import { faultOf, type SupervisorTarget, sendCall, supervisorCall } from './supervisor-api'

/** SupervisorBounds are the instances whose supervisord is connected, and the programs that may be named. */
export type SupervisorBounds = {
  readonly targets: Readonly<Record<string, SupervisorTarget>>
  readonly programs: readonly string[]
}

/** StartParams name the program that is started. */
export type StartParams = { readonly instance: string; readonly program: string }
/** TailParams bound what is read of a program's output. */
export type TailParams = StartParams & { readonly bytes: number }

/** ProgramRead is one program as supervisord tells it; both times are epoch seconds of the daemon's clock. */
export type ProgramRead = {
  readonly kind: 'program'
  readonly state: string
  readonly start: number
  readonly now: number
  readonly pid: number
  readonly problem: string
}

/** TailRead is the end of a program's standard output, redacted. */
export type TailRead = { readonly kind: 'tail'; readonly text: string; readonly isCut: boolean }

type Kit = SupervisorBounds & { readonly http: Http; readonly clock: Clock }

/** SUPERVISOR_SETTLE_MS is how long a lost call may still be carried out; before that an unchanged start time proves nothing. */
export const SUPERVISOR_SETTLE_MS = 6_000

const UP = ['STARTING', 'RUNNING']
const DOWN = ['STOPPED', 'EXITED', 'FATAL']
const ALREADY_STARTED = 60
const STARTED = 'Process was started'

/** supervisorReads are the looks that actions offer; nothing in them changes anything. */
export function supervisorReads(kit: Omit<Kit, 'clock'>) {
  const params = paramsOf(kit)
  return {
    parse: { status: params.start, tail: params.tail },
    status: (wanted: StartParams): Promise<ProgramRead | Refusal | Doubt> => read(kit, wanted),
    tail: (wanted: TailParams): Promise<TailRead | Refusal | Doubt> => tail(kit, wanted),
  }
}

/** supervisorStart starts a program that is down; supervisord itself refuses to start one twice. */
export function supervisorStart(kit: Kit): Executor<StartParams> {
  return {
    id: 'supervisor.start',
    risk: 'change',
    parse: paramsOf(kit).start,
    plan: (params, { runId }) => plan(kit, params, runId),
    dryRun: async (planned): Promise<DryRun> => {
      const now = await read(kit, startIn(planned))
      if (now.kind !== 'program') return now
      const changed = changedSince(planned, now)
      if (changed) return { kind: 'refused', why: 'changed-meanwhile', detail: changed }
      return { kind: 'would-do', detail: `supervisord knows the program; it is ${now.state}` }
    },
    execute: (planned) => execute(kit, planned),
    probe: (planned, at) => probe(kit, planned, at),
  }
}

function paramsOf({ targets, programs }: SupervisorBounds) {
  const instance = z
    .string()
    .refine((id) => Object.hasOwn(targets, id), 'is not an instance whose supervisord is connected')
  const program = z
    .string()
    .regex(PROGRAM_NAME, 'must be the name of a supervised program')
    .refine((name) => programs.includes(name), 'is not on the list of programs')
  const start = z.strictObject({ instance, program })
  const bytes = z.number().int().min(1).max(16_384).default(4_096)
  const tailed = z.strictObject({ instance, program, bytes })
  return {
    start: (params: unknown): Parsed<StartParams> => parsed(start, params),
    tail: (params: unknown): Parsed<TailParams> => parsed(tailed, params),
  }
}

function parsed<Params>(schema: z.ZodType<Params>, params: unknown): Parsed<Params> {
  const result = schema.safeParse(params)
  if (result.success) return { ok: true, params: result.data }
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return { ok: false, issues }
}

function startIn({ params }: Plan): StartParams {
  return { instance: String(params.instance), program: String(params.program) }
}

function targetOf({ targets, http }: Pick<Kit, 'targets' | 'http'>, instance: string) {
  const target = Object.hasOwn(targets, instance) ? targets[instance] : undefined
  return target === undefined ? undefined : { ...target, http }
}

const NOT_CONNECTED: Refusal = {
  kind: 'refused',
  why: 'not-found',
  detail: 'the supervisord of this instance is not connected',
}

async function read(
  kit: Pick<Kit, 'targets' | 'http'>,
  { instance, program }: StartParams,
): Promise<ProgramRead | Refusal | Doubt> {
  const target = targetOf(kit, instance)
  if (!target) return NOT_CONNECTED
  const called = await sendCall(target, supervisorCall('getProcessInfo', [program]))
  if (!called.ok) return called.failure
  if (called.reply.kind === 'fault') return faultOf(called.reply)
  const { value } = called.reply
  if (typeof value !== 'object' || Array.isArray(value))
    return { kind: 'unknown', detail: 'supervisord’s answer tells no program' }
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const count = (key: string): number => (typeof fields[key] === 'number' ? Number(fields[key]) : 0)
  return {
    kind: 'program',
    state: String(fields.statename ?? 'UNKNOWN'),
    start: count('start'),
    now: count('now'),
    pid: count('pid'),
    problem: redactText(String(fields.spawnerr ?? '')).slice(0, 300),
  }
}

async function tail(
  kit: Pick<Kit, 'targets' | 'http'>,
  { instance, program, bytes }: TailParams,
): Promise<TailRead | Refusal | Doubt> {
  const target = targetOf(kit, instance)
  if (!target) return NOT_CONNECTED
  const called = await sendCall(target, supervisorCall('tailProcessStdoutLog', [program, 0, bytes]))
  if (!called.ok) return called.failure
  if (called.reply.kind === 'fault') return faultOf(called.reply)
  const { value } = called.reply
  if (!Array.isArray(value) || typeof value[0] !== 'string')
    return { kind: 'unknown', detail: 'supervisord’s answer holds no text' }
  return { kind: 'tail', text: redactText(value[0]), isCut: value[2] === true }
}

async function plan(kit: Kit, { instance, program }: StartParams, runId: string): Promise<Planned> {
  const now = await read(kit, { instance, program })
  if (now.kind !== 'program') return now
  if (UP.includes(now.state))
    return { kind: 'refused', why: 'not-needed', detail: `${program} is ${now.state} already` }
  if (!DOWN.includes(now.state))
    return {
      kind: 'refused',
      why: 'not-possible',
      detail: `${program} is ${now.state}; supervisord starts it by itself, or ends it just now`,
    }
  return {
    kind: 'plan',
    plan: {
      executor: 'supervisor.start',
      runId,
      subject: `instance/${instance}`,
      params: { instance, program },
      command: `supervisorctl start ${program}`,
      expects: { start: now.start, pid: now.pid },
      steps: [supervisorCall('startProcess', [program, false])],
      before: {
        state: now.state,
        startedAt: now.start === 0 ? null : new Date(now.start * 1000).toISOString(),
      },
      effect: `${program} runs`,
    },
  }
}

/** changedSince says how a program was started since the plan was made; undefined when it was not. */
function changedSince({ expects }: Plan, now: ProgramRead): string | undefined {
  if (now.start !== expects.start || UP.includes(now.state) || now.state === 'BACKOFF')
    return `it was started since this was planned, and is ${now.state}`
  return undefined
}

async function execute(kit: Kit, planned: Plan): Promise<Outcome> {
  const wanted = startIn(planned)
  const target = targetOf(kit, wanted.instance)
  const [step] = planned.steps
  if (!target || !step) return NOT_CONNECTED
  const before = await read(kit, wanted)
  if (before.kind === 'unknown') return { kind: 'refused', why: 'unreachable', detail: before.detail }
  if (before.kind === 'refused') return before
  const changed = changedSince(planned, before)
  if (changed) return { kind: 'already', detail: changed }
  const called = await sendCall(target, step)
  if (!called.ok) return called.failure
  const { reply } = called
  if (reply.kind === 'value') return { kind: 'done', detail: STARTED, marks: { start: before.now } }
  if (reply.code === ALREADY_STARTED)
    return { kind: 'already', detail: 'supervisord had started it meanwhile' }
  return faultOf(reply)
}

async function probe(
  kit: Kit,
  planned: Plan,
  { sentAt, now: at }: { readonly sentAt: Date; readonly now: Date },
): Promise<Probed> {
  const { program } = startIn(planned)
  const now = await read(kit, startIn(planned))
  if (now.kind === 'unknown') return now
  if (now.kind === 'refused')
    return now.why === 'not-found'
      ? { kind: 'not-applied', detail: now.detail }
      : { kind: 'unknown', detail: now.detail }
  if (changedSince(planned, now) === undefined) {
    if (at.getTime() - sentAt.getTime() < SUPERVISOR_SETTLE_MS)
      return { kind: 'unknown', detail: 'not started yet; a lost call may still be carried out' }
    return { kind: 'not-applied', detail: `${program} has not been started since; it is ${now.state}` }
  }
  const detail = `${program} is ${now.state}${now.problem === '' ? '' : `: ${now.problem}`}`
  if (now.state === 'RUNNING') return { kind: 'applied', effect: 'reached', detail }
  return { kind: 'applied', effect: now.state === 'STARTING' ? 'pending' : 'failed', detail }
}
