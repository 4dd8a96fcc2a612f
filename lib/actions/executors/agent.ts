import type { Clock } from '../../platform/clock'
import type { DryRun, Executor, Outcome, Plan, Planned, Probed, Refusal } from '../executor'
import {
  type AgentBounds,
  type AgentEvidenceParams,
  type AgentProgramParams,
  type AgentStatusParams,
  agentParamsOf,
} from './agent-params'
import type { OrderBook, OrderState, Reach } from './order-book'
import { ORDER_LIFE_MS, type OrderKind, type OrderResult } from './orders'

/** AgentExecutors are what the agent on an instance can be asked to do. */
export type AgentExecutors = {
  readonly status: Executor<AgentStatusParams>
  readonly restart: Executor<AgentProgramParams>
  readonly start: Executor<AgentProgramParams>
  readonly evidence: Executor<AgentEvidenceParams>
}

/** FRESH_MS is how old an agent's newest report may be for an order to make sense. */
export const FRESH_MS = 60_000

const LOOK_EVERY_MS = 1_000
const LOOKS = 15

type Kit = {
  readonly orders: OrderBook
  readonly clock: Clock
  /** pause waits between looks for the result; it gives false when nobody shall wait any longer. */
  readonly pause?: (ms: number) => Promise<boolean>
}
type Named = { readonly instance: string; readonly program?: string | undefined }
type Kind = {
  readonly kind: OrderKind
  readonly risk: Executor<Named>['risk']
  readonly effect: (params: Named) => string
}

/** agentExecutors builds the orders to agents: each is written once, handed out at most once, and decided by what the agent reports. */
export function agentExecutors(options: Kit & { readonly bounds: AgentBounds }): AgentExecutors {
  const params = agentParamsOf(options.bounds)
  return {
    status: orderExecutor<AgentStatusParams>(options, {
      kind: 'status',
      risk: 'look',
      parse: params.status,
      effect: () => 'the agent reports the state of its programs; nothing is changed',
    }),
    restart: orderExecutor<AgentProgramParams>(options, {
      kind: 'restart',
      risk: 'change',
      parse: params.program,
      effect: ({ program }) => `${program} is stopped and started again; work in its hands is given up`,
    }),
    start: orderExecutor<AgentProgramParams>(options, {
      kind: 'start',
      risk: 'change',
      parse: params.program,
      effect: ({ program }) => `${program} runs`,
    }),
    evidence: orderExecutor<AgentEvidenceParams>(options, {
      kind: 'evidence',
      risk: 'look',
      parse: params.evidence,
      effect: () => 'the agent sends programs, GPUs, file systems, kernel log and the ends of the logs',
    }),
  }
}

function orderExecutor<Params extends Named>(
  kit: Kit,
  { kind, risk, effect, parse }: Kind & { readonly parse: Executor<Params>['parse'] },
): Executor<Params> {
  return {
    id: `agent.${kind}`,
    risk,
    parse,
    plan: async (params, { runId }): Promise<Planned> => {
      const wanted = kind === 'evidence' ? undefined : params.program
      const reach = await kit.orders.reach(params.instance)
      const refusal = unreachable(reach, { kind, program: wanted, now: kit.clock.now() })
      if (refusal) return refusal
      const program = reach.programs?.find(({ name }) => name === wanted)
      if (kind === 'start' && isUp(program?.state))
        return refuse('not-needed', `${wanted} is ${program?.state} already`)
      return {
        kind: 'plan',
        plan: {
          executor: `agent.${kind}`,
          runId,
          subject: `instance/${params.instance}`,
          params: { ...params },
          command: commandOf(kind, wanted),
          expects: {},
          steps: [
            {
              method: 'ORDER',
              path: `agent/${params.instance}`,
              contentType: 'text/plain',
              body: `kind=${kind} name=${wanted ?? '-'}`,
            },
          ],
          before: program === undefined ? {} : { state: program.state, startedAt: program.startedAt ?? null },
          effect: effect(params),
        },
      }
    },
    dryRun: async (plan): Promise<DryRun> => {
      const { instance, program } = namedIn(plan)
      const now = kit.clock.now()
      const reach = await kit.orders.reach(instance)
      const refusal = unreachable(reach, { kind, program, now })
      if (refusal) return refusal
      const seconds = Math.round((now.getTime() - (reach.reportedAt ?? now).getTime()) / 1000)
      return {
        kind: 'would-do',
        detail: `the orders file of the instance allows it; its agent reported ${seconds} s ago`,
      }
    },
    execute: async (plan): Promise<Outcome> => execute(kit, plan, kind),
    probe: async (plan): Promise<Probed> => probe(kit, plan, kind),
  }
}

function refuse(why: Refusal['why'], detail: string): Refusal {
  return { kind: 'refused', why, detail }
}

function isUp(state: string | undefined): boolean {
  return state === 'RUNNING' || state === 'STARTING'
}

function commandOf(kind: OrderKind, program: string | undefined): string {
  if (kind === 'evidence')
    return 'supervisorctl status; df -P; nvidia-smi; dmesg | grep -E "NVRM|nvidia|oom" | tail -n 20; tail -n 15 LOGS'
  return `supervisorctl ${kind}${program === undefined ? '' : ` ${program}`}`
}

function namedIn({ params, executor }: Plan): Named {
  const { instance, program: named } = params
  const program = executor === 'agent.evidence' ? undefined : named
  return { instance: String(instance), ...(typeof program === 'string' ? { program } : {}) }
}

function unreachable(
  { switchedOn, reportedAt, told }: Reach,
  order: { readonly kind: OrderKind; readonly program: string | undefined; readonly now: Date },
): Refusal | undefined {
  if (!switchedOn)
    return refuse('forbidden', 'orders are off for this instance; an administrator turns them on')
  if (!reportedAt) return refuse('unreachable', 'no agent has reported from this instance')
  const silentMs = order.now.getTime() - reportedAt.getTime()
  if (silentMs > FRESH_MS)
    return refuse('unreachable', `the agent has been silent for ${Math.round(silentMs / 1000)} s`)
  if (!told)
    return refuse(
      'not-possible',
      'the agent takes no orders: the orders file is missing on the instance, or the agent is too old',
    )
  if (!told.allow.includes(order.kind))
    return refuse('forbidden', `the orders file of the instance does not allow ${order.kind}`)
  if (order.program !== undefined && !told.services.includes(order.program))
    return refuse('forbidden', `the orders file of the instance does not name ${order.program}`)
  return undefined
}

async function execute({ orders, clock, pause }: Kit, plan: Plan, kind: OrderKind): Promise<Outcome> {
  const { instance, program } = namedIn(plan)
  const now = clock.now()
  const before = await orders.find(plan.runId)
  if (!before) {
    const refusal = unreachable(await orders.reach(instance), { kind, program, now })
    if (refusal) return refusal
  }
  const written = await orders.issue({
    runId: plan.runId,
    instanceId: instance,
    kind,
    name: program ?? '-',
    now,
  })
  if (!written) return { kind: 'already', detail: 'the order of this run stands in the book' }
  return (await awaited(orders, { runId: plan.runId, pause })) ?? WAITING
}

const WAITING: Outcome = {
  kind: 'unknown',
  detail: `the order waits for the agent’s next report, at most ${ORDER_LIFE_MS / 1000} s`,
}

/** A report comes every twelve seconds: most results are here before it is time to speak of doubt. */
async function awaited(
  orders: OrderBook,
  { runId, pause }: { readonly runId: string; readonly pause: Kit['pause'] },
): Promise<Outcome | undefined> {
  for (let round = 0; pause !== undefined && round < LOOKS; round += 1) {
    if (!(await pause(LOOK_EVERY_MS))) return undefined
    const result = (await orders.find(runId))?.result
    if (!result) continue
    if (result.outcome === 'refused') return refuse('forbidden', detailOf(result))
    if (result.outcome === 'interrupted') return undefined
    const output = result.output.join('\n')
    return { kind: 'done', detail: headOf(result), marks: {}, ...(output === '' ? {} : { output }) }
  }
  return undefined
}

async function probe({ orders }: Kit, plan: Plan, kind: OrderKind): Promise<Probed> {
  const order = await orders.find(plan.runId)
  if (!order) return { kind: 'not-applied', detail: 'no order was written' }
  if (order.result) return judged(order.result, { orders, plan, kind })
  if (order.isOver)
    return { kind: 'not-applied', detail: 'the agent did not report in time; the order is void' }
  if (order.takenAt === undefined)
    return { kind: 'unknown', detail: 'the order waits for the agent’s next report' }
  return taken(order, await orders.reach(namedIn(plan).instance))
}

// An agent notes an order before it carries it out, and says in each report which one it noted last.
function taken({ seq, takenWith = 0 }: OrderState, { told }: Reach): Probed {
  if (told && told.sequence > takenWith && told.last < seq)
    return { kind: 'not-applied', detail: 'the agent did not get the order, or refused it' }
  return { kind: 'unknown', detail: 'the agent has the order; its result has not come yet' }
}

async function judged(
  result: OrderResult,
  { orders, plan, kind }: { readonly orders: OrderBook; readonly plan: Plan; readonly kind: OrderKind },
): Promise<Probed> {
  const detail = detailOf(result)
  switch (result.outcome) {
    case 'done':
      return { kind: 'applied', effect: 'reached', detail }
    case 'failed':
      return { kind: 'applied', effect: 'failed', detail }
    case 'refused':
      return { kind: 'not-applied', detail }
    case 'interrupted':
      return interrupted(result, { orders, plan, kind })
  }
}

/** Both times are the instance's own clock, so that they can be compared. */
async function interrupted(
  result: OrderResult,
  { orders, plan, kind }: { readonly orders: OrderBook; readonly plan: Plan; readonly kind: OrderKind },
): Promise<Probed> {
  const { instance, program: name } = namedIn(plan)
  if (kind === 'status' || kind === 'evidence')
    return {
      kind: 'not-applied',
      detail: `the agent was interrupted; nothing was changed. ${detailOf(result)}`,
    }
  const { programs } = await orders.reach(instance)
  const program = programs?.find((one) => one.name === name)
  const startedMs = Date.parse(program?.startedAt ?? '')
  if (Number.isNaN(startedMs) || program === undefined)
    return { kind: 'unknown', detail: 'the agent was interrupted, and the program’s start time is not known' }
  if (startedMs < Math.floor(Date.parse(result.startedAt) / 1000) * 1000)
    return {
      kind: 'unknown',
      detail: `the agent was interrupted; ${name} has not been started again since (${program.state})`,
    }
  const effect = program.state === 'RUNNING' ? 'reached' : program.state === 'STARTING' ? 'pending' : 'failed'
  return { kind: 'applied', effect, detail: `the agent was interrupted; ${name} is ${program.state}` }
}

const DETAIL_CHARS = 2_000

function headOf({ why, exitCode, outcome }: OrderResult): string {
  if (why !== undefined) return why
  return outcome === 'done' ? 'the agent did it' : `the agent tried; it ended with ${exitCode ?? 'no code'}`
}

function detailOf(result: OrderResult): string {
  const { output, truncated } = result
  const text = [headOf(result), ...output].join('\n')
  const cut = text.length > DETAIL_CHARS
  return `${cut ? text.slice(0, DETAIL_CHARS) : text}${truncated || cut ? '\n… more was said' : ''}`
}
