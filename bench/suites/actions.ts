import { randomUUID } from 'node:crypto'
import type { Plan } from '../../lib/actions/executor'
import { loadActions } from '../../lib/actions/load-actions'
import type { RunState } from '../../lib/actions/model'
import type { RunView } from '../../lib/actions/view'
import type { Console } from '../../lib/console'
import type { Actor } from '../../lib/operation'
import { findCommand, findQuery } from '../../lib/registry'
import { runCommand, runQuery } from '../../lib/run'
import type { LedgerEntry } from '../../simulator/ledger'
import { executorIn, judgeValues, RUN, type ValuesJudged, type ValuesTarget } from '../actions-values'
import { pause, progress, until } from '../clock'
import { type Desk as Around, atDesk, ledgerOf, startChild } from '../desk'
import { quantile } from '../numbers'
import { logTail, type Program } from '../processes'
import { atLeast, atMost, spreadOf } from '../report'
import { logOf } from '../rig'
import type { Measured, Suite } from '../suite'

const VALUES = 10_000
const CHILD = new URL('../actions-child.ts', import.meta.url)
const DECIDED_WITHIN_MS = 15_000
const DURING = 'during the request'

/** Where the worker is killed: at its n-th pass, so that others of the same batch are before and behind it. */
type Kill = { readonly at: string; readonly nth: number }

const FAILPOINTS = ['taken', 'captured', 'intent', 'sent', 'recorded'] as const
const QUICK: readonly Kill[] = [
  { at: 'intent', nth: 2 },
  { at: DURING, nth: 1 },
  { at: 'sent', nth: 1 },
]
const FULL: readonly Kill[] = [
  ...FAILPOINTS.flatMap((at) => [1, 4].map((nth) => ({ at, nth }))),
  { at: DURING, nth: 1 },
  { at: DURING, nth: 3 },
]
/** How long a decided batch is watched: a lost request settles within twelve seconds, and whoever would send twice has had the time to. */
const WATCH_MS = { quick: 2_000, full: 14_000 } as const

/** actions tries hostile parameters and kills the worker around each step of a run (bar T4). */
export const actions: Suite = {
  name: 'actions',
  workload: `${VALUES} hostile parameter values in nine actions, at the action's list and at the executor alone; then runs of six executors at once against the simulated Kubernetes and Vast.ai while the worker that carries them out gets kill -9 around each step; what was really changed is counted by the simulator's own ledger`,
  run: ({ quick }) => atDesk((desk) => measure(desk, quick)),
}

async function measure(around: Around, quick: boolean): Promise<Measured> {
  const desk = await crewed(around)
  const values = await judgeValues(await targetsOf(desk), VALUES)
  progress(
    `${values.tried} values: ${values.refused} refused, ${values.planned} planned, ${values.wrong.length} wrong`,
  )
  const rounds: Round[] = []
  for (const kill of quick ? QUICK : FULL) {
    const round = await killOnce(desk, kill, {
      index: rounds.length,
      watchMs: WATCH_MS[quick ? 'quick' : 'full'],
    })
    rounds.push(round)
    progress(
      `killed at ${kill.at} (${kill.nth}): ${round.runs.map((run) => run.state).join(' ')} after ${Math.round(round.decidedMs)} ms`,
    )
  }
  return reported(around.database.version, values, rounds)
}

type Desk = Around & {
  readonly ana: Actor
  readonly ben: Actor
  readonly incidentId: string
  readonly instances: readonly string[]
  readonly deployments: readonly string[]
}

async function crewed(around: Around): Promise<Desk> {
  const { world, app } = around
  const { world: inside } = world.running()
  const instances = inside.fleet.instances.map((it) => String(it.id))
  await app.db.instanceRecord.createMany({
    data: inside.fleet.instances.map((it) => ({
      id: String(it.id),
      machineId: String(it.machineId),
      hostId: String(it.hostId),
      firstSeenAt: new Date(),
      lastListedAt: new Date(),
      listed: {},
    })),
  })
  const [ana, ben] = [await person(app, 'ana'), await person(app, 'ben')]
  const desk = {
    ...around,
    ana,
    ben,
    instances,
    deployments: inside.cluster.names,
  }
  const declared = await does<{ id: string }>(desk, ana, 'incidents.declare', {
    title: 'A worker that dies',
    severity: 'P2',
  })
  return { ...desk, incidentId: declared.id }
}

async function person(app: Console, name: string): Promise<Actor> {
  const handle = `${name}-${randomUUID().slice(0, 6)}`
  const roles = ['responder', 'commander'] as const
  const { id } = await app.db.person.create({
    data: { handle, name, email: `${handle}@northlight.example`, roles: [...roles] },
  })
  return { kind: 'person', id, handle, name, roles, sessionId: 'bench', authAt: new Date() }
}

async function does<Result = RunView>(
  { app }: Pick<Desk, 'app'>,
  actor: Actor,
  name: string,
  input: unknown,
): Promise<Result> {
  const scope = { console: app, actor: fresh(actor), now: new Date(), requestId: randomUUID() }
  return (await runCommand(findCommand(name), scope, input, randomUUID())) as Result
}

function fresh(actor: Actor): Actor {
  return actor.kind === 'person' ? { ...actor, authAt: new Date() } : actor
}

/** The nine actions whose parameters are tried, with what their requests must be. */
async function targetsOf({ app, instances, deployments }: Desk): Promise<readonly ValuesTarget[]> {
  const { rules } = await loadActions(app, new Date())
  const actuators = await app.actuators()
  const instance = instances[0] ?? ''
  const deployment = deployments[0] ?? ''
  const target = async (
    id: string,
    good: Readonly<Record<string, string>>,
    means?: ValuesTarget['means'],
  ): Promise<ValuesTarget> => {
    const rule = rules.get(id)
    if (!rule) throw new Error(`the runbooks define no ${id}`)
    const executor = executorIn(actuators, rule.executor[0] ?? '')
    const allowed: ValuesTarget['allowed'] = (name) =>
      name === 'instance'
        ? instances.map((value) => ({ value, label: value }))
        : actuators.listed(executor.id, name)
    const still = means ?? (await stillMeans(executor, { ...rule.fixed, ...paramsOf(allowed, good) }))
    return { rule, executor, good, allowed, means: still }
  }
  const put = (path: string, body: unknown): Plan['steps'] => [
    { method: 'PUT', path, contentType: 'application/json', body: JSON.stringify(body) },
  ]
  const got = (path: string): Plan['steps'] => [{ method: 'GET', path, contentType: '', body: '' }]
  const of = (values: Readonly<Record<string, unknown>>): string => String(values.instance)
  return [
    await target('fallback.on', { deployment }),
    await target('rate-limit.queue', { deployment }),
    await target('rollout.restart', { deployment }),
    await target('secret.put', { secret: `${app.env.KUBERNETES_SECRETS}` }),
    await target('rollout.status', { deployment }),
    await target('logs.read', { deployment, sinceSeconds: '300' }),
    await target('instance.reboot', { instance }, (values) =>
      put(`/api/v0/instances/reboot/${of(values)}/`, {}),
    ),
    await target('instance.label', { instance, label: 'draining since 14:31' }, (values) =>
      put(`/api/v0/instances/${of(values)}/`, { label: values.label }),
    ),
    await target('instance.logs', { instance, tail: '200' }, (values) =>
      got(`/api/v0/instances/request_logs/${of(values)}/`),
    ),
  ]
}

function paramsOf(
  allowed: ValuesTarget['allowed'],
  good: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(good).flatMap(([name, value]) => {
      const option = allowed(name).find((it) => it.value === value)
      if (option?.params) return Object.entries(option.params)
      return [[name, /^\d+$/.test(value) && name !== 'instance' ? Number(value) : value]]
    }),
  )
}

/** Where only the good value can be accepted, every plan must be the one of the good value. */
async function stillMeans(
  executor: ValuesTarget['executor'],
  params: Readonly<Record<string, unknown>>,
): Promise<ValuesTarget['means']> {
  const answer = await executor.plan(params, { runId: RUN })
  if (answer.kind !== 'plan') throw new Error(`${executor.id} plans nothing: ${answer.detail}`)
  return () => answer.plan.steps
}

type Handed = { readonly id: string; readonly path: string; readonly before: number }
type Judged = { readonly action: string; readonly state: RunState; readonly executions: number }
type Round = {
  readonly kill: Kill
  readonly hasDied: boolean
  readonly decidedMs: number
  readonly runs: readonly Judged[]
}

const DEFINITE: readonly RunState[] = [
  'applied',
  'reached',
  'pending',
  'failed',
  'refused',
  'not-applied',
  'unknown',
]
const CHANGED: readonly RunState[] = ['applied', 'reached', 'pending', 'failed']
const UNCHANGED: readonly RunState[] = ['refused', 'not-applied']

async function killOnce(
  desk: Desk,
  kill: Kill,
  { index, watchMs }: { readonly index: number; readonly watchMs: number },
): Promise<Round> {
  const handed: (Handed & { readonly action: string })[] = []
  for (const work of worksOf(desk, index)) handed.push(await handOver(desk, work))
  const slow = kill.at === DURING
  if (slow) slowDown(desk)
  const first = startChild(desk, CHILD, slow ? {} : { FAILPOINT: `actions.${kill.at}:${kill.nth}:kill` })
  await until('the worker works', () => first.ended || logOf(first).includes('job started'), 60_000)
  // The next one stands by, as in an installation with two workers: it gets the lease when it has run out.
  const second = startChild(desk, CHILD, {})
  if (slow) await killWhileSending(desk, first, handed, kill.nth)
  else await until('the worker dies', () => first.ended, 60_000)
  const startedMs = performance.now()
  const states = new Map<string, RunView>()
  await until(
    'every run is decided',
    async () => {
      if (second.ended) throw new Error(`the second worker ended\n${logTail(second)}`)
      for (const { id } of handed) states.set(id, await viewOf(desk, id))
      return [...states.values()].every((run) => DEFINITE.includes(run.state))
    },
    60_000,
    100,
  )
  const decidedMs = performance.now() - startedMs
  await pause(watchMs)
  for (const { id } of handed) states.set(id, await viewOf(desk, id))
  await desk.programs.stop(second)
  const ledger = ledgerOf(desk)
  return {
    kill,
    hasDied: first.how === 'SIGKILL',
    decidedMs,
    runs: handed.map(({ id, action, path, before }) => ({
      action,
      state: states.get(id)?.state ?? 'unknown',
      executions: executionsOf(ledger, path) - before,
    })),
  }
}

type Work = {
  readonly action: string
  /** otherwise is the way back, for when a killed round left things as they were. */
  readonly otherwise?: string
  readonly params: Readonly<Record<string, unknown>>
  readonly path: string
  readonly secrets?: Readonly<Record<string, string>>
}

/** Six executors on six targets: no run of a batch changes what another one planned with. */
function worksOf({ app, instances, deployments }: Desk, index: number): readonly Work[] {
  const [main = '', second = '', third = ''] = deployments
  const at = (turn: number): string => instances[(index * 3 + turn) % instances.length] ?? ''
  const namespace = app.env.KUBERNETES_NAMESPACE
  const apps = `/apis/apps/v1/namespaces/${namespace}/deployments/`
  const secret = app.env.KUBERNETES_SECRETS ?? ''
  return [
    { action: 'rollout.restart', params: { deployment: second }, path: `${apps}${second}` },
    {
      action: index % 2 === 0 ? 'fallback.on' : 'fallback.off',
      otherwise: index % 2 === 0 ? 'fallback.off' : 'fallback.on',
      params: { deployment: main },
      path: `${apps}${main}`,
    },
    { action: 'rollout.restart', params: { deployment: third }, path: `${apps}${third}` },
    {
      action: 'secret.put',
      params: { secret },
      path: `/api/v1/namespaces/${namespace}/secrets/${secret.split('/')[0]}`,
      secrets: { value: `bench-${randomUUID()}` },
    },
    {
      action: 'instance.label',
      params: { instance: at(0), label: `round ${index}` },
      path: `/api/v0/instances/${at(0)}/`,
    },
    {
      action: 'instance.reboot',
      params: { instance: at(1) },
      path: `/api/v0/instances/reboot/${at(1)}/`,
    },
  ]
}

async function handOver(desk: Desk, work: Work): Promise<Handed & { readonly action: string }> {
  const { ana, ben, incidentId } = desk
  const { action, otherwise = action, params, path, secrets = {} } = work
  const prepare = (id: string): Promise<RunView> =>
    does(desk, ana, 'actions.prepare', { incidentId, action: id, params })
  let run = await prepare(action).catch(() => prepare(otherwise))
  if (run.risk === 'dangerous') {
    run = await does(desk, ana, 'actions.askSecond', { run: run.id, version: run.version })
    const { id, version, planHash } = run
    run = await does(desk, ben, 'actions.approve', { run: id, version, planHash })
  }
  const before = executionsOf(ledgerOf(desk), path)
  await does(desk, ana, 'actions.carryOut', { run: run.id, version: run.version, secrets })
  return { id: run.id, action, path, before }
}

function executionsOf(ledger: readonly LedgerEntry[], path: string): number {
  return ledger.filter((entry) => entry.what.endsWith(` ${path}`)).length
}

async function viewOf({ app, ana }: Desk, id: string): Promise<RunView> {
  const scope = { console: app, actor: ana, now: new Date(), requestId: randomUUID() }
  return (await runQuery(findQuery('actions.run'), scope, { id })) as RunView
}

/** Changes take a second and a half on their way, so that the kill falls between request and answer. */
function slowDown({ world }: Desk): void {
  const { world: inside, clock } = world.running()
  const faults = (['kubernetes', 'vast'] as const).map((source) => ({
    event: 'source-fault' as const,
    at: 0,
    for: 6_000,
    source,
    fault: 'slow' as const,
    ms: 1_500,
    method: source === 'vast' ? ('PUT' as const) : ('PATCH' as const),
  }))
  inside.apply(faults, clock.offsetMs())
}

async function killWhileSending(
  { app }: Desk,
  worker: Program,
  handed: readonly Handed[],
  nth: number,
): Promise<void> {
  const ids = handed.map(({ id }) => id)
  await until(
    'a run is being sent',
    async () => {
      if (worker.ended) throw new Error(`the worker ended\n${logTail(worker)}`)
      const count = await app.db.actionStep.count({ where: { runId: { in: ids }, event: 'send' } })
      return count >= nth
    },
    60_000,
    10,
  )
  process.kill(worker.pid, 'SIGKILL')
  await until('the worker is gone', () => worker.ended, 10_000)
}

function reported(postgres: string, values: ValuesJudged, rounds: readonly Round[]): Measured {
  const runs = rounds.flatMap((round) => round.runs)
  const untrue = runs.filter(
    (run) =>
      (CHANGED.includes(run.state) && run.executions !== 1) ||
      (UNCHANGED.includes(run.state) && run.executions !== 0),
  )
  const decided = rounds.map((round) => round.decidedMs)
  const count = (states: readonly RunState[]): number =>
    runs.filter((run) => states.includes(run.state)).length
  return {
    postgres,
    figures: {
      values: { ...values, wrong: values.wrong.slice(0, 20), thrown: values.thrown.slice(0, 20) },
      kills: rounds.length,
      runs: runs.length,
      applied: count(CHANGED),
      unchanged: count(UNCHANGED),
      unknown: count(['unknown']),
      decidedMs: spreadOf(decided),
      rounds,
    },
    bars: [
      atMost({
        id: 'T4.a',
        figure: `requests of ${values.tried} hostile values that are not byte-exact`,
        value: values.wrong.length + values.thrown.length,
        limit: 0,
        unit: 'requests',
      }),
      atLeast({
        id: 'T4.b',
        figure: 'values that were rightly accepted, so that the count above can fail',
        value: values.planned,
        limit: values.tried / 100,
        unit: 'values',
      }),
      atMost({
        id: 'T4.c',
        figure: 'processes started while values were tried',
        value: values.children,
        limit: 0,
        unit: 'processes',
      }),
      atMost({
        id: 'T4.d',
        figure: `runs of ${runs.length} executed more than once, by the simulator's ledger`,
        value: runs.filter((run) => run.executions > 1).length,
        limit: 0,
        unit: 'runs',
      }),
      atMost({
        id: 'T4.e',
        figure: `from the death of the worker until every run is definite or honestly unknown, longest of ${rounds.length}`,
        value: quantile(decided, 1),
        limit: DECIDED_WITHIN_MS,
        unit: 'ms',
      }),
      atMost({
        id: 'T4.f',
        figure: 'runs whose definite state is not what the ledger says',
        value: untrue.length,
        limit: 0,
        unit: 'runs',
      }),
      atMost({
        id: 'T4.g',
        figure: 'kills that did not strike',
        value: rounds.filter((round) => !round.hasDied).length,
        limit: 0,
        unit: 'kills',
      }),
    ],
  }
}
