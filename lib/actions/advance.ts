import type { Clock } from '../platform/clock'
import type { Db, Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { failpoint } from '../platform/failpoint'
import { holdsLease } from '../platform/fence'
import type { Log } from '../platform/log'
import { redactText } from '../platform/redact'
import { createRounds } from '../platform/rounds'
import type { Sql } from '../platform/sql'
import { readStanding } from '../triage/standing-queries'
import type { Actuators, AnyExecutor, Captured, Outcome, Probed, Secrets } from './executor'
import { createLookBudget, type LookBudget } from './look-budget'
import { EXPIRING, isInTarget, type RunEvent, WORKED } from './model'
import { MANUAL } from './policy'
import {
  hasWork,
  lockForWork,
  type Moved,
  markProbed,
  move,
  planHashOf,
  type RunRow,
  runsIn,
  saveEvidence,
  WORKER,
} from './store'
import { isLookDue, questionEffect, verdictOf } from './verify'

/** ActionsLease is the name of the lease under which runs are carried out. */
export const ACTIONS_LEASE = 'actions'

/** ActionsEngine carries out what people handed over, one process at a time. */
export type ActionsEngine = {
  /** wake looks at once. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

/** EngineOptions are what the engine works with; `tell` writes hints and audit rows in the transaction of a transition. */
export type EngineOptions = {
  readonly db: Db
  /** sql tells cheaply whether any run is open, so that an idle worker never needs the client behind `db`. */
  readonly sql: Sql
  readonly clock: Clock
  readonly log: Log
  readonly epoch: number
  readonly held: () => boolean
  readonly actuators: () => Promise<Actuators>
  readonly open: (runId: string, sealed: string) => Secrets
  readonly tell: (tx: Tx, run: RunRow, event: RunEvent, now: Date) => Promise<void>
  readonly told: () => void
}

const TICK_MS = 1_000
const CAPTURE_MS = 12_000
/** A process that was paused between its intent and the request may no longer send: others have looked meanwhile. */
const SEND_WITHIN_MS = 4_000
const RUNS_AT_ONCE = 200
const OUTPUT_MAX = 262_144

/** startActions carries out runs under the lease: a step is written before each effect, and what was sent is never sent again. */
export function startActions(options: EngineOptions): ActionsEngine {
  const { clock, log } = options
  const busy = new Map<string, Promise<void>>()
  const budget = createLookBudget(clock.monotonicMs)

  async function look(): Promise<void> {
    if (!options.held() || !(await hasWork(options.sql))) return
    const { db } = options
    const now = clock.now()
    for (const run of await runsIn(db, EXPIRING, { limit: RUNS_AT_ONCE, expiredAt: now }))
      await step(options, run, 'expire', {
        detail: 'the plan grew older than it may',
        changes: { sealedSecrets: null },
      })
    const runs = await runsIn(db, WORKED, { limit: RUNS_AT_ONCE })
    // Whose last look is the longest ago comes first, so that none waits for ever for its share.
    for (const run of runs.toSorted((a, b) => lookedAtMs(a) - lookedAtMs(b))) {
      if (busy.has(run.id) || !isDue(run, clock.now())) continue
      const work = advance(options, run, budget)
        .catch((error: unknown) => {
          if (error instanceof Fenced || (error instanceof AppError && error.code === 'conflict')) return
          log.warn({ err: error, run: run.id }, 'a run of an action did not get on')
        })
        .finally(() => busy.delete(run.id))
      busy.set(run.id, work)
    }
  }

  const rounds = createRounds(look, (error) => log.warn({ err: error }, 'actions could not be looked at'))
  const timer = setInterval(rounds.ask, TICK_MS)
  void rounds.ask()
  return {
    wake: rounds.ask,
    stop: async () => {
      clearInterval(timer)
      await rounds.stop()
      await Promise.allSettled(busy.values())
    },
  }
}

/** Fenced is thrown where the lease was lost: another process goes on. */
class Fenced extends Error {}

function isDue(run: RunRow, now: Date): boolean {
  if (run.state === 'queued' || run.state === 'capturing' || run.state === 'sending') return true
  return isLookDue({
    nowMs: now.getTime(),
    sentAtMs: run.sentAt?.getTime() ?? 0,
    probedAtMs: run.probedAt?.getTime(),
    withinMs: run.promise.withinSeconds * 1_000,
  })
}

function lookedAtMs(run: RunRow): number {
  return run.probedAt?.getTime() ?? 0
}

type Change = Pick<Moved, 'detail'> & Partial<Pick<Moved, 'changes'>>

/** step does one transition in a transaction fenced by the lease; throws Fenced without it. */
async function step(
  options: EngineOptions,
  run: RunRow,
  event: RunEvent,
  { detail, changes = {} }: Change,
  more?: (tx: Tx, now: Date) => Promise<void>,
): Promise<RunRow> {
  const now = options.clock.now()
  const after = await options.db.$transaction(
    async (tx) => {
      if (!(await holdsLease(tx, { name: ACTIONS_LEASE, epoch: options.epoch }))) throw new Fenced()
      const locked = await lockForWork(tx, run.id)
      if (!locked || locked.version !== run.version) throw new Fenced()
      const moved = await move(tx, locked, event, {
        by: WORKER,
        now,
        detail,
        epoch: options.epoch,
        changes:
          typeof changes.outcome === 'string'
            ? { ...changes, outcome: redactText(changes.outcome) }
            : changes,
      })
      await more?.(tx, now)
      await options.tell(tx, moved, event, now)
      return moved
    },
    { timeout: 10_000, maxWait: 5_000 },
  )
  options.told()
  return after
}

async function advance(options: EngineOptions, run: RunRow, budget: LookBudget): Promise<void> {
  const executor = run.executor === MANUAL ? undefined : (await options.actuators()).find(run.executor)
  const isWatched = run.state === 'unknown' || run.state === 'applied' || run.state === 'pending'
  if (isWatched && !budget.take(executor?.looks)) return
  switch (run.state) {
    case 'queued':
    case 'capturing':
      return carryOut(options, run, executor)
    case 'sending':
    case 'unknown':
      return decide(options, run, executor)
    case 'applied':
    case 'pending':
      return verify(options, run, executor)
    default:
      return
  }
}

async function carryOut(
  options: EngineOptions,
  run: RunRow,
  executor: AnyExecutor | undefined,
): Promise<void> {
  const { plan } = run
  const hindrance = hindranceOf(run, executor)
  const taken =
    run.state === 'queued' ? await step(options, run, 'take', { detail: 'taken by the worker' }) : run
  await failpoint('actions.taken')
  if (!executor || !plan || hindrance !== undefined) {
    const detail = hindrance ?? 'there is nothing to carry out'
    await step(options, taken, 'void', { detail, changes: { outcome: detail, sealedSecrets: null } })
    return
  }
  const captured = await capture(executor, plan)
  const kept = captured.map((it) =>
    it.problem === undefined ? it.name : `${it.name} (missing: ${it.problem})`,
  )
  await failpoint('actions.captured')
  const sentAt = options.clock.now()
  const startedMs = options.clock.monotonicMs()
  const sending = await step(
    options,
    taken,
    'send',
    {
      detail: kept.length === 0 ? 'nothing to keep beforehand' : `kept beforehand: ${kept.join(', ')}`,
      changes: { sentAt, sealedSecrets: null },
    },
    (tx, now) => saveEvidence(tx, run, captured, now),
  )
  await failpoint('actions.intent')
  const secrets = run.sealedSecrets === null ? {} : options.open(run.id, run.sealedSecrets)
  const isLate = options.clock.monotonicMs() - startedMs > SEND_WITHIN_MS
  if (isLate || !options.held()) throw new Fenced()
  const outcome = await executor.execute(plan, secrets)
  await failpoint('actions.sent')
  await settle(options, sending, outcome)
  await failpoint('actions.recorded')
}

function hindranceOf(run: RunRow, executor: AnyExecutor | undefined): string | undefined {
  if (!executor) return 'the target of this action is not connected any more'
  if (planHashOf(run) !== run.planHash) return 'the plan is not the one that was agreed to'
  if (run.risk !== 'dangerous') return undefined
  const word = run.breakGlass ?? run.approval
  return word?.planHash === run.planHash ? undefined : 'no second person agreed to this plan'
}

async function capture(
  executor: AnyExecutor,
  plan: NonNullable<RunRow['plan']>,
): Promise<readonly Captured[]> {
  if (executor.risk === 'look' || !executor.evidence) return []
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly Captured[]>((resolve) => {
    const missing = { name: plan.subject, text: '', problem: 'not read within twelve seconds' }
    timer = setTimeout(() => resolve([missing]), CAPTURE_MS)
  })
  return Promise.race([executor.evidence(plan), late]).finally(() => clearTimeout(timer))
}

/** A run that takes another back marks that one with the same transaction. */
function takenBack(options: EngineOptions, run: RunRow): ((tx: Tx, now: Date) => Promise<void>) | undefined {
  const { undoes } = run
  if (undoes === null) return undefined
  return async (tx, now) => {
    const original = await lockForWork(tx, undoes)
    if (!original || !isInTarget(original.state)) return
    const moved = await move(tx, original, 'undo', {
      by: WORKER,
      now,
      detail: `taken back by ${run.author}`,
      epoch: options.epoch,
      changes: { undoneBy: run.id },
    })
    await options.tell(tx, moved, 'undo', now)
  }
}

async function settle(options: EngineOptions, run: RunRow, outcome: Outcome): Promise<void> {
  const decidedAt = options.clock.now()
  const { detail } = outcome
  switch (outcome.kind) {
    case 'done': {
      const output = redactText(outcome.output ?? '').slice(0, OUTPUT_MAX)
      const changes = { decidedAt, outcome: detail, ...(output === '' ? {} : { output }) }
      const after = await step(options, run, 'sent', { detail, changes }, takenBack(options, run))
      if (run.risk === 'look')
        await step(options, after, 'effect-reached', { detail, changes: { outcome: detail } })
      return
    }
    case 'already':
      await step(
        options,
        run,
        'found',
        { detail, changes: { decidedAt, outcome: detail } },
        takenBack(options, run),
      )
      return
    case 'refused':
      await step(options, run, 'refused', { detail, changes: { decidedAt, outcome: detail } })
      return
    case 'unknown':
      await step(options, run, 'lost', { detail, changes: { outcome: detail } })
  }
}

/** What was sent by a process that is gone, or whose answer was lost: only a look at the target decides, and nothing is sent. */
async function decide(options: EngineOptions, run: RunRow, executor: AnyExecutor | undefined): Promise<void> {
  const probed = await probe(options, run, executor, false)
  const changes = { decidedAt: options.clock.now(), outcome: probed.detail }
  switch (probed.kind) {
    case 'applied':
      await step(options, run, 'found', { detail: probed.detail, changes }, takenBack(options, run))
      return
    case 'not-applied':
      await step(options, run, 'not-found', { detail: probed.detail, changes })
      return
    case 'unknown':
      if (run.state === 'sending')
        await step(options, run, 'lost', { detail: probed.detail, changes: { outcome: probed.detail } })
      else await markProbed(options.db, run.id, options.clock.now())
  }
}

async function probe(
  { clock }: EngineOptions,
  run: RunRow,
  executor: AnyExecutor | undefined,
  isApplied: boolean,
): Promise<Probed> {
  if (!executor || !run.plan || !run.sentAt)
    return { kind: 'unknown', detail: 'the target is not connected, so nobody can look' }
  return executor.probe(run.plan, { sentAt: run.sentAt, now: clock.now(), isApplied })
}

async function verify(options: EngineOptions, run: RunRow, executor: AnyExecutor | undefined): Promise<void> {
  const { promise, sentAt } = run
  const now = options.clock.now()
  const probed = run.executor === MANUAL ? undefined : await probe(options, run, executor, true)
  const standing = promise.question === null ? undefined : await readStanding(options.db, run.incidentId)
  const question = questionEffect(promise, standing?.answers, sentAt)
  const verdict = verdictOf({
    probed,
    question,
    state: run.state === 'pending' ? 'pending' : 'applied',
    sinceSentMs: now.getTime() - (sentAt?.getTime() ?? now.getTime()),
    withinMs: promise.withinSeconds * 1_000,
  })
  if (!verdict) return markProbed(options.db, run.id, now)
  await step(options, run, verdict.event, {
    detail: verdict.detail,
    changes: { outcome: verdict.detail, probedAt: now },
  })
}
