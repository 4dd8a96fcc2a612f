import { z } from 'zod'
import type { Clock } from '../../platform/clock'
import type { Http } from '../../platform/http-types'
import { redactText } from '../../platform/redact'
import type {
  Captured,
  Doubt,
  DryRun,
  Executor,
  Outcome,
  Parsed,
  Plan,
  Planned,
  PlannedRequest,
  Probed,
  Refusal,
} from '../executor'
import { PROGRAM_NAME } from './orders'
import { faultOf, type SupervisorTarget, sendCall, supervisorCall } from './supervisor-api'

/** SupervisorBounds are the instances whose supervisord is connected, and the programs that may be named. */
export type SupervisorBounds = {
  readonly targets: Readonly<Record<string, SupervisorTarget>>
  readonly programs: readonly string[]
}

/** ProgramParams name the program that is started or restarted. */
export type ProgramParams = { readonly instance: string; readonly program: string }
/** TailParams bound what is read of a program's output. */
export type TailParams = ProgramParams & { readonly bytes: number }
/** StatusParams name the instance whose programs are read. */
export type StatusParams = { readonly instance: string }

/** ProgramRead is one program as supervisord tells it; both times are epoch seconds of the daemon's clock. */
export type ProgramRead = {
  readonly kind: 'program'
  readonly state: string
  readonly start: number
  readonly now: number
  readonly pid: number
  readonly problem: string
}

/** StatusRead is every program of an instance. */
export type StatusRead = {
  readonly kind: 'status'
  readonly programs: readonly (ProgramRead & { readonly name: string })[]
}

/** TailRead is the end of a program's output, redacted: its standard error, or its standard output when it has none. */
export type TailRead = { readonly kind: 'tail'; readonly text: string; readonly isCut: boolean }

type Kit = SupervisorBounds & { readonly http: Http; readonly clock: Clock }

/** SUPERVISOR_SETTLE_MS is how long a lost call may still be carried out; before that an unchanged start time proves nothing. */
export const SUPERVISOR_SETTLE_MS = 6_000

const UP = ['STARTING', 'RUNNING']
const DOWN = ['STOPPED', 'EXITED', 'FATAL']
const STOPPABLE = ['STARTING', 'RUNNING', 'BACKOFF']
const ALREADY_STARTED = 60
const NOT_RUNNING = 70

/** supervisorReads are the looks that actions offer; nothing in them changes anything. */
export function supervisorReads(kit: Omit<Kit, 'clock'>) {
  const params = paramsOf(kit)
  return {
    parse: { status: params.status, tail: params.tail },
    program: (wanted: ProgramParams): Promise<ProgramRead | Refusal | Doubt> => read(kit, wanted),
    status: (wanted: StatusParams): Promise<StatusRead | Refusal | Doubt> => status(kit, wanted),
    tail: (wanted: TailParams): Promise<TailRead | Refusal | Doubt> => tail(kit, wanted),
  }
}

/** SupervisorExecutors are the changes of one installation's supervised programs. */
export type SupervisorExecutors = {
  readonly start: Executor<ProgramParams>
  readonly restart: Executor<ProgramParams>
}

/** supervisorExecutors builds start (supervisord itself refuses to start twice) and restart, which is a stop and a start. */
export function supervisorExecutors(kit: Kit): SupervisorExecutors {
  return {
    start: executorOf(kit, 'start', ({ state }, program) => {
      if (UP.includes(state)) return refuse('not-needed', `${program} is ${state} already`)
      if (!DOWN.includes(state))
        return refuse(
          'not-possible',
          `${program} is ${state}; supervisord starts it by itself, or ends it just now`,
        )
      return [supervisorCall('startProcess', [program, false])]
    }),
    restart: executorOf(kit, 'restart', ({ state }, program) => {
      const start = supervisorCall('startProcess', [program, false])
      if (DOWN.includes(state)) return [start]
      if (STOPPABLE.includes(state)) return [supervisorCall('stopProcess', [program, true]), start]
      return refuse('not-possible', `${program} is ${state}; look again in a moment`)
    }),
  }
}

type StepsFor = (now: ProgramRead, program: string) => readonly PlannedRequest[] | Refusal

function executorOf(kit: Kit, word: 'start' | 'restart', stepsFor: StepsFor): Executor<ProgramParams> {
  return {
    id: `supervisor.${word}`,
    risk: 'change',
    parse: paramsOf(kit).program,
    plan: async ({ instance, program }, { runId }): Promise<Planned> => {
      const now = await read(kit, { instance, program })
      if (now.kind !== 'program') return now
      const steps = stepsFor(now, program)
      if ('kind' in steps) return steps
      return {
        kind: 'plan',
        plan: {
          executor: `supervisor.${word}`,
          runId,
          subject: `instance/${instance}`,
          params: { instance, program },
          command: `supervisorctl ${word} ${program}`,
          expects: { start: now.start, pid: now.pid },
          steps,
          before: { state: now.state, startedAt: isoOf(now.start) },
          effect:
            word === 'start' ? `${program} runs` : `${program} ends, and runs again with a new start time`,
        },
      }
    },
    dryRun: async (planned): Promise<DryRun> => {
      const now = await read(kit, namedIn(planned))
      if (now.kind !== 'program') return now
      if (isAnother(planned, now)) return refuse('changed-meanwhile', changedWords(now))
      return { kind: 'would-do', detail: `supervisord knows the program; it is ${now.state}` }
    },
    execute: (planned) => execute(kit, planned),
    probe: (planned, at) => probe(kit, planned, at),
    evidence: (planned) => evidence(kit, planned),
  }
}

function refuse(why: Refusal['why'], detail: string): Refusal {
  return { kind: 'refused', why, detail }
}

function isoOf(epochSeconds: number): string | null {
  return epochSeconds === 0 ? null : new Date(epochSeconds * 1000).toISOString()
}

function paramsOf({ targets, programs }: SupervisorBounds) {
  const instance = z
    .string()
    .refine((id) => Object.hasOwn(targets, id), 'is not an instance whose supervisord is connected')
  const program = z
    .string()
    .regex(PROGRAM_NAME, 'must be the name of a supervised program')
    .refine((name) => programs.includes(name), 'is not on the list of programs')
  const one = z.strictObject({ instance, program })
  const bytes = z.number().int().min(1).max(16_384).default(4_096)
  const tailed = z.strictObject({ instance, program, bytes })
  const all = z.strictObject({ instance })
  return {
    program: (params: unknown): Parsed<ProgramParams> => parsed(one, params),
    tail: (params: unknown): Parsed<TailParams> => parsed(tailed, params),
    status: (params: unknown): Parsed<StatusParams> => parsed(all, params),
  }
}

function parsed<Params>(schema: z.ZodType<Params>, params: unknown): Parsed<Params> {
  const result = schema.safeParse(params)
  if (result.success) return { ok: true, params: result.data }
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return { ok: false, issues }
}

function namedIn({ params }: Plan): ProgramParams {
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

async function call(
  kit: Pick<Kit, 'targets' | 'http'>,
  instance: string,
  planned: PlannedRequest,
): Promise<
  { readonly kind: 'value'; readonly value: unknown } | (Refusal & { readonly fault?: number }) | Doubt
> {
  const target = targetOf(kit, instance)
  if (!target) return NOT_CONNECTED
  const called = await sendCall(target, planned)
  if (!called.ok) return called.failure
  const { reply } = called
  return reply.kind === 'fault' ? { ...faultOf(reply), fault: reply.code } : reply
}

async function read(
  kit: Pick<Kit, 'targets' | 'http'>,
  { instance, program }: ProgramParams,
): Promise<ProgramRead | Refusal | Doubt> {
  const got = await call(kit, instance, supervisorCall('getProcessInfo', [program]))
  if (got.kind !== 'value') return got
  return programOf(got.value) ?? { kind: 'unknown', detail: 'supervisord’s answer tells no program' }
}

function programOf(value: unknown): (ProgramRead & { readonly name: string }) | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const count = (key: string): number => (typeof fields[key] === 'number' ? Number(fields[key]) : 0)
  return {
    kind: 'program',
    name: String(fields.name ?? ''),
    state: String(fields.statename ?? 'UNKNOWN'),
    start: count('start'),
    now: count('now'),
    pid: count('pid'),
    problem: redactText(String(fields.spawnerr ?? '')).slice(0, 300),
  }
}

async function status(
  kit: Pick<Kit, 'targets' | 'http'>,
  { instance }: StatusParams,
): Promise<StatusRead | Refusal | Doubt> {
  const got = await call(kit, instance, supervisorCall('getAllProcessInfo', []))
  if (got.kind !== 'value') return got
  if (!Array.isArray(got.value)) return { kind: 'unknown', detail: 'supervisord’s answer lists no programs' }
  return { kind: 'status', programs: got.value.map(programOf).filter((one) => one !== undefined) }
}

async function tail(
  kit: Pick<Kit, 'targets' | 'http'>,
  { instance, program, bytes }: TailParams,
): Promise<TailRead | Refusal | Doubt> {
  const ask = (method: string) => call(kit, instance, supervisorCall(method, [program, 0, bytes]))
  const errors = tailOf(await ask('tailProcessStderrLog'))
  if (errors.kind === 'tail' && errors.text.trim() !== '') return errors
  if (errors.kind === 'unknown') return errors
  const output = tailOf(await ask('tailProcessStdoutLog'))
  return output.kind === 'tail' || errors.kind === 'refused' ? output : errors
}

function tailOf(got: Awaited<ReturnType<typeof call>>): TailRead | Refusal | Doubt {
  if (got.kind !== 'value') return got
  const [text, , isCut] = Array.isArray(got.value) ? (got.value as readonly unknown[]) : []
  if (typeof text !== 'string') return { kind: 'unknown', detail: 'supervisord’s answer holds no text' }
  return { kind: 'tail', text: redactText(text), isCut: isCut === true }
}

/** isAnother is whether the process is another one than when this was planned. */
function isAnother({ expects }: Plan, now: ProgramRead): boolean {
  return now.start !== expects.start || (now.pid !== 0 && now.pid !== expects.pid)
}

function changedWords(now: ProgramRead): string {
  return `it was started since this was planned, and is ${now.state}`
}

async function execute(kit: Kit, planned: Plan): Promise<Outcome> {
  const wanted = namedIn(planned)
  const target = targetOf(kit, wanted.instance)
  if (!target) return NOT_CONNECTED
  const before = await read(kit, wanted)
  // Nothing was sent yet: a look that fails is no doubt about the change.
  if (before.kind === 'unknown') return refuse('unreachable', before.detail)
  if (before.kind === 'refused') return before
  if (isAnother(planned, before)) return { kind: 'already', detail: changedWords(before) }
  for (const [index, step] of planned.steps.entries()) {
    const called = await sendCall(target, step)
    if (!called.ok) return index === 0 ? called.failure : halfDone(called.failure)
    const { reply } = called
    if (reply.kind === 'value') continue
    if (reply.code === NOT_RUNNING && index < planned.steps.length - 1) continue
    if (reply.code === ALREADY_STARTED)
      return { kind: 'already', detail: 'supervisord had started it meanwhile' }
    return index === 0 ? faultOf(reply) : halfDone(faultOf(reply))
  }
  return { kind: 'done', detail: 'supervisord started it', marks: { before: before.start } }
}

/** Once a program was stopped nothing is definite any more but what a look finds. */
function halfDone({ detail }: Refusal | Doubt): Doubt {
  return { kind: 'unknown', detail: `it was stopped, and its start is in doubt: ${detail}` }
}

async function probe(
  kit: Kit,
  planned: Plan,
  { sentAt, now: at }: { readonly sentAt: Date; readonly now: Date },
): Promise<Probed> {
  const { program } = namedIn(planned)
  const now = await read(kit, namedIn(planned))
  if (now.kind === 'unknown') return now
  if (now.kind === 'refused')
    return now.why === 'not-found'
      ? { kind: 'not-applied', detail: now.detail }
      : { kind: 'unknown', detail: now.detail }
  const detail = `${program} is ${now.state}${now.problem === '' ? '' : `: ${now.problem}`}`
  if (isAnother(planned, now)) {
    if (now.state === 'RUNNING') return { kind: 'applied', effect: 'reached', detail }
    return { kind: 'applied', effect: now.state === 'STARTING' ? 'pending' : 'failed', detail }
  }
  if (at.getTime() - sentAt.getTime() < SUPERVISOR_SETTLE_MS || now.state === 'STOPPING')
    return {
      kind: 'unknown',
      detail: `not started again yet (${now.state}); a lost call may still be carried out`,
    }
  if (DOWN.includes(now.state) && UP.includes(String(planned.before.state)))
    return { kind: 'applied', effect: 'failed', detail: `${detail}; it was not started again: start it` }
  return { kind: 'not-applied', detail: `${program} has not been started since; it is ${now.state}` }
}

async function evidence(kit: Kit, planned: Plan): Promise<readonly Captured[]> {
  const { instance, program } = namedIn(planned)
  const [states, log] = await Promise.all([
    status(kit, { instance }),
    tail(kit, { instance, program, bytes: 16_384 }),
  ])
  return [
    states.kind === 'status'
      ? { name: `${instance}: supervised programs`, text: statusText(states) }
      : { name: `${instance}: supervised programs`, text: '', problem: states.detail },
    log.kind === 'tail'
      ? { name: `${instance}: log of ${program}`, text: log.text }
      : { name: `${instance}: log of ${program}`, text: '', problem: log.detail },
  ]
}

/** statusText puts programs in lines as supervisorctl does. */
export function statusText({ programs }: StatusRead): string {
  return programs
    .map(({ name, state, start, pid, problem }) =>
      [
        name.padEnd(24),
        state.padEnd(9),
        pid === 0 ? '' : `pid ${pid}`,
        `started ${isoOf(start) ?? 'never'}`,
        problem,
      ]
        .filter((part) => part !== '')
        .join('  '),
    )
    .join('\n')
}
