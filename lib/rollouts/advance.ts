import type { Applied, Deployer, Desired, Look } from '../deployers/deployer'
import type { Clock } from '../platform/clock'
import type { Db, Tx } from '../platform/db'
import { failpoint } from '../platform/failpoint'
import { holdsLease } from '../platform/fence'
import type { Log } from '../platform/log'
import { createRounds } from '../platform/rounds'
import type { Sql } from '../platform/sql'
import { isOver, TICK_MS, type Tick } from './model'
import { answered, type Decision, type Deny, desiredOf } from './motion'
import type { Eyes, Subject, Targets } from './ports'
import { hasRollouts, lockRollout, openRollouts, type RolloutRow, saveRollout } from './rollout-store'
import { saveTicks } from './tick-store'
import { turn } from './turn'

/** ROLLOUTS_LEASE is the name of the lease under which rollouts go on. */
export const ROLLOUTS_LEASE = 'rollouts'

/** EngineOptions are what the engine works with. */
export type EngineOptions = {
  readonly db: Db
  readonly sql: Sql
  readonly clock: Clock
  readonly log: Log
  readonly epoch: number
  readonly held: () => boolean
  readonly targets: Targets
  readonly eyes: Eyes
  readonly denies: (row: RolloutRow, now: Date) => Promise<readonly Deny[]>
  /** begin starts what is due to start; it is asked before each round. */
  readonly begin: (now: Date) => Promise<void>
  /** changed writes what follows from a change in the transaction of that change: announcements, holds, the deployment’s state, hints. */
  readonly changed: (tx: Tx, after: RolloutRow, decision: Decision | null, now: Date) => Promise<void>
  /** after is asked when a round changed something: what may follow outside of any transaction. */
  readonly after: (row: RolloutRow, now: Date) => Promise<void>
}

/** leads tells in a transaction whether the process with this epoch may still write for rollouts. */
export function leads(tx: Tx, epoch: number): Promise<boolean> {
  return holdsLease(tx, { name: ROLLOUTS_LEASE, epoch })
}

/** RolloutEngine carries rollouts forward and back, one process at a time. */
export type RolloutEngine = {
  readonly wake: () => void
  /** settled resolves when a round and all that it began are over. */
  readonly settled: () => Promise<void>
  readonly stop: () => Promise<void>
}

const PULSE_MS = 1_000
const TURNS_AT_ONCE = 12

/** Fenced is thrown where the lease was lost: another process goes on. */
class Fenced extends Error {}

/** startRollouts works under the lease: every intent is committed before its request, and the target is looked at before anything is asked. */
export function startRollouts(options: EngineOptions): RolloutEngine {
  const { log } = options
  const busy = new Map<string, Promise<void>>()
  async function round(): Promise<void> {
    if (!options.held()) return
    await options.begin(options.clock.now())
    if (!(await hasRollouts(options.sql))) return
    for (const row of await openRollouts(options.db)) {
      if (busy.has(row.id)) continue
      const work = goOn(options, row)
        .catch((error: unknown) => {
          if (!(error instanceof Fenced))
            log.warn({ err: error, rollout: row.number }, 'a rollout did not get on')
        })
        .finally(() => busy.delete(row.id))
      busy.set(row.id, work)
    }
  }
  const rounds = createRounds(round, (error) => log.warn({ err: error }, 'rollouts could not be looked at'))
  const timer = setInterval(rounds.ask, PULSE_MS)
  void rounds.ask()
  return {
    wake: rounds.ask,
    settled: async () => {
      await rounds.ask()
      await Promise.allSettled(busy.values())
    },
    stop: async () => {
      clearInterval(timer)
      await rounds.stop()
      await Promise.allSettled(busy.values())
    },
  }
}

async function goOn(options: EngineOptions, row: RolloutRow): Promise<void> {
  const subject: Subject = {
    rolloutId: row.id,
    service: row.service,
    environment: row.environment,
    plan: row.plan,
    queries: row.policy.queries,
  }
  const target = await options.targets(subject)
  let current: RolloutRow | undefined = row
  for (let turns = 0; turns < TURNS_AT_ONCE && current && !isOver(current.state); turns += 1) {
    const before: RolloutRow = current
    current = await oneTurn(options, before, { subject, target })
    if (!current || current.version === before.version) break
    await options.after(current, options.clock.now())
    if (current.core.at === before.core.at && current.state === before.state) break
  }
}

type Around = { readonly subject: Subject; readonly target: Deployer | { readonly missing: string } }

async function oneTurn(
  options: EngineOptions,
  row: RolloutRow,
  { subject, target }: Around,
): Promise<RolloutRow | undefined> {
  const { clock } = options
  const ticks = await freshTicks(options, row, subject)
  const look = await lookAt(target, desiredOf(row.core))
  const now = clock.now()
  const input = {
    nowMs: now.getTime(),
    look,
    settleMs: 'missing' in target ? TICK_MS : target.settleMs,
    ticks,
    denies: await options.denies(row, now),
    environment: row.environment,
    policy: row.policy,
  }
  const turned = turn(row.core, input)
  const isSilent = turned.core === row.core || JSON.stringify(turned.core) === JSON.stringify(row.core)
  if (isSilent && !turned.decision) return row
  await failpoint('rollouts.before-commit')
  const inputs = turned.decision
    ? {
        nowMs: input.nowMs,
        core: row.core,
        look,
        ticks,
        denies: input.denies,
        settleMs: input.settleMs,
        environment: row.environment,
      }
    : undefined
  const after = await commit(options, row, { ...turned, look, inputs, now, ticks })
  if (!turned.send) return after
  await failpoint('rollouts.after-intent')
  if (!options.held()) throw new Fenced()
  const applied = await applyTo(target, turned.send)
  await failpoint('rollouts.after-apply')
  return commit(options, after, {
    core: answered(
      after.core,
      { at: after.core.at, attempt: after.core.steps[after.core.at]?.attempt ?? 0 },
      applied,
    ),
    decision: null,
    look: null,
    inputs: undefined,
    now: clock.now(),
    ticks: [],
  })
}

type Committing = {
  readonly core: RolloutRow['core']
  readonly decision: Decision | null
  readonly look: Look | null
  readonly inputs: unknown
  readonly now: Date
  readonly ticks: readonly Tick[]
}

/** commit writes one turn in a transaction fenced by the lease; a person’s order that came between is not overwritten. */
async function commit(options: EngineOptions, row: RolloutRow, done: Committing): Promise<RolloutRow> {
  const { now } = done
  return options.db.$transaction(
    async (tx) => {
      if (!(await leads(tx, options.epoch))) throw new Fenced()
      const locked = await lockRollout(tx, row.id)
      if (!locked || locked.version !== row.version) throw new Fenced()
      await saveTicks(
        tx,
        { service: row.service, environment: row.environment, rolloutId: row.id },
        done.ticks,
      )
      const isSaved = await saveRollout(tx, locked, {
        core: done.core,
        decision: done.decision,
        by: 'rule',
        now,
        epoch: options.epoch,
        look: done.look,
        ...(done.inputs === undefined ? {} : { inputs: done.inputs }),
      })
      if (!isSaved) throw new Fenced()
      const after = await lockRollout(tx, row.id)
      if (!after) throw new Fenced()
      await options.changed(tx, after, done.decision, now)
      return after
    },
    { timeout: 10_000, maxWait: 5_000 },
  )
}

/** Ticks are judged a while after their instant, so that late samples land; each is asked for once. */
async function freshTicks(
  options: EngineOptions,
  row: RolloutRow,
  subject: Subject,
): Promise<readonly Tick[]> {
  const untilMs = options.clock.now().getTime() - row.policy.lagSeconds * 1_000
  if (untilMs < row.core.lastTickMs + TICK_MS) return []
  return options.eyes(subject, { afterMs: row.core.lastTickMs, untilMs })
}

async function lookAt(target: Around['target'], desired: Desired): Promise<Look> {
  if ('missing' in target) return { kind: 'unknown', detail: target.missing }
  return target.look(desired)
}

async function applyTo(target: Around['target'], desired: Desired): Promise<Applied> {
  if ('missing' in target) return { kind: 'refused', why: 'unreachable', detail: target.missing }
  return target.apply(desired)
}
