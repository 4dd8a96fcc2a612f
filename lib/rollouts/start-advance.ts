import type { DeployRules } from '../deployments/load-rules'
import type { Environment, Plan, ServiceDefinition } from '../deployments/model'
import { moveDeployment, startGate } from '../deployments/start-store'
import type { Db, Tx } from '../platform/db'
import type { Sql } from '../platform/sql'
import { beginCore, rungsFor } from './begin'
import { effectivePolicy } from './effective'
import type { Rung } from './model'
import { tellDue } from './notice-store'
import type { RolloutPolicy } from './policy'
import type { Targets } from './ports'
import { insertRollout, type RolloutRow } from './rollout-store'

/** WORKER is the hand of the engine in the records of deployments. */
export const WORKER = { id: 'machine:rollouts', name: 'rollouts' } as const

/** Starting is what a start needs. */
export type Starting = {
  readonly db: Db
  readonly sql: Sql
  readonly rules: DeployRules
  readonly policy: RolloutPolicy
  readonly targets: Targets
  /** mayWrite is whether this process still leads, asked in each transaction. */
  readonly mayWrite: (tx: Tx) => Promise<boolean>
  readonly changed: (tx: Tx, row: RolloutRow, now: Date) => Promise<void>
}

type Due = {
  readonly id: string
  readonly state: string
  readonly service: string
  readonly environment: Environment
  readonly plan: Plan
  readonly planHash: string
}

/** dueDeployments names what may have to be announced or started now. */
export async function dueDeployments(sql: Sql, now: Date): Promise<readonly Due[]> {
  return sql.$queryRaw<Due[]>`
    SELECT id::text AS id, state, service, environment, plan, plan_hash AS "planHash" FROM deployment
    WHERE state IN ('scheduled', 'announced') AND planned_start_at <= ${new Date(now.getTime() + 2 * 3_600_000)}
      AND (hold_until IS NULL OR hold_until <= ${now})
    ORDER BY planned_start_at LIMIT 50`
}

/** advanceStarts announces what is near its start and starts what may start, judged anew in the transaction of the start. */
export async function advanceStarts(starting: Starting, now: Date): Promise<void> {
  for (const due of await dueDeployments(starting.sql, now)) {
    if (due.state === 'scheduled') await announceOne(starting, due, now)
    else await startOne(starting, due, now)
  }
}

async function announceOne(starting: Starting, due: Due, now: Date): Promise<void> {
  const service = starting.rules.services.get(due.service)
  if (!service) return
  await starting.db.$transaction(async (tx) => {
    if (!(await starting.mayWrite(tx))) return
    const gate = await startGate({ tx, deploymentId: due.id, rules: starting.rules, now })
    if (gate.kind === 'gone' || gate.row.state !== 'scheduled') return
    const leadMs = service.announceMinutes * 60_000
    if (gate.row.plannedStartAt.getTime() - leadMs > now.getTime()) return
    // What comes by itself may still come; anything else would be announced in vain.
    const hindered = gate.readiness.unmet.filter(({ waits }) => waits !== 'itself')
    if (hindered.length > 0) return
    await moveDeployment({
      tx,
      deploymentId: due.id,
      to: 'announced',
      why: `starts in ${service.announceMinutes} min at the earliest`,
      by: WORKER,
      now,
    })
  })
}

async function startOne(starting: Starting, due: Due, now: Date): Promise<void> {
  const service = starting.rules.services.get(due.service)
  if (!service) return
  // The outside is asked before the transaction; a plan that was revised meanwhile comes with the next round.
  const rungs = await rungsAt(starting.targets, due, starting.policy)
  await starting.db.$transaction(
    async (tx) => {
      if (!(await starting.mayWrite(tx))) return
      const gate = await startGate({ tx, deploymentId: due.id, rules: starting.rules, now })
      if (gate.kind === 'gone' || gate.row.state !== 'announced' || !gate.readiness.isReady) return
      const { row } = gate
      if (row.planHash !== due.planHash) return
      await moveDeployment({ tx, deploymentId: row.id, to: 'progressing', why: '', by: WORKER, now })
      const rollout = await beginRollout(tx, { row, service, policy: starting.policy, rungs, now })
      await starting.changed(tx, rollout, now)
    },
    { timeout: 10_000, maxWait: 5_000 },
  )
}

/** readPlanned gives the plan of a deployment as it stands; null when there is none of this number. */
export async function readPlanned(db: Db, number: number): Promise<Omit<Due, 'state'> | null> {
  const row = await db.deployment.findUnique({
    where: { number },
    select: { id: true, service: true, environment: true, plan: true, planHash: true },
  })
  return row as (Omit<Due, 'state'> & typeof row) | null
}

/** rungsAt asks the targets of a plan which rungs of the way back they offer. */
export async function rungsAt(
  targets: Targets,
  due: {
    readonly id: string
    readonly service: string
    readonly environment: Environment
    readonly plan: Plan
  },
  { queries }: Pick<RolloutPolicy, 'queries'>,
): Promise<readonly Rung[]> {
  const { id, service, environment, plan } = due
  return rungsFor(await targets({ rolloutId: id, service, environment, plan, queries }))
}

/** beginRollout stores the rollout of a deployment that has just become `progressing`, and announces its start. */
export async function beginRollout(
  tx: Tx,
  {
    row,
    service,
    policy: shipped,
    rungs,
    now,
  }: {
    readonly row: Extract<Awaited<ReturnType<typeof startGate>>, { kind: 'asked' }>['row']
    readonly service: ServiceDefinition
    readonly policy: RolloutPolicy
    /** rungs are those that the targets offer. */
    readonly rungs: readonly Rung[]
    readonly now: Date
  },
): Promise<RolloutRow> {
  const { environment, plan } = row
  const policy = { ...effectivePolicy(shipped, service), bakeMinutes: plan.bakeMinutes }
  const rollout = await insertRollout(tx, {
    number: row.number,
    deploymentId: row.id,
    service: row.service,
    environment,
    provider: row.provider,
    title: row.title,
    plan,
    policy,
    core: beginCore({
      steps: plan.isAtOnce ? plan.steps.slice(-1) : plan.steps,
      environment,
      rungs,
      policy,
      nowMs: now.getTime(),
    }),
    requesterId: row.requesterId,
    requester: row.requester,
    announcedAt: row.announcedAt,
    isDrill: row.isDrill,
    now,
  })
  await tellDue(tx, rollout, { decision: null, now })
  return rollout
}
