import type { DeployRules } from '../deployments/load-rules'
import { moveDeployment, noteMeasured } from '../deployments/start-store'
import { reachOfIncident } from '../deployments/windows'
import type { Tx } from '../platform/db'
import type { Sql } from '../platform/sql'
import { isOver } from './model'
import { type Decision, type Deny, exposedPercent } from './motion'
import { tellDue } from './notice-store'
import { owePromotions } from './promote-dispatch'
import { entryOf } from './reliability'
import { holdDigest, jsonOf, type RolloutRow } from './rollout-store'
import { WORKER } from './start-advance'

/** followsFrom writes what a change of a rollout means elsewhere, in its transaction: the deployment, holds, announcements, the log. */
export async function followsFrom(
  tx: Tx,
  row: RolloutRow,
  { decision, now }: { readonly decision: Decision | null; readonly now: Date },
): Promise<void> {
  const deployment = await tx.deployment.findUnique({
    where: { id: row.deploymentId },
    select: { state: true },
  })
  if (deployment && deployment.state !== row.state)
    await moveDeployment({
      tx,
      deploymentId: row.deploymentId,
      to: row.state,
      why: decision?.sentence ?? '',
      by: WORKER,
      now,
    })
  if (decision?.verb === 'watch') await measured(tx, row)
  if (decision?.verb === 'roll-back' && row.core.back && row.environment === 'production')
    await holdDigest(tx, row, { reason: row.core.back.cause.words, by: row.core.back.cause.by, now })
  await tellDue(tx, row, { decision, now })
  if (isOver(row.state)) await logEntry(tx, row, now)
  await owePromotions(tx, row, now)
}

async function measured(tx: Tx, row: RolloutRow): Promise<void> {
  const share = (row.core.steps[row.core.at]?.exposurePercent ?? exposedPercent(row.core)) / 100
  await noteMeasured({
    tx,
    deploymentId: row.deploymentId,
    measured: { places: Object.fromEntries(row.plan.targets.map(({ name }) => [name, share])) },
  })
}

async function logEntry(tx: Tx, row: RolloutRow, now: Date): Promise<void> {
  const [notices, decisions, deployment, overrides] = await Promise.all([
    tx.rolloutNotice.findMany({ where: { rolloutId: row.id }, orderBy: { dueAt: 'asc' } }),
    tx.rolloutDecision.findMany({
      where: { rolloutId: row.id },
      orderBy: { seq: 'asc' },
      select: { at: true, verb: true, sentence: true, by: true },
    }),
    tx.deployment.findUnique({ where: { id: row.deploymentId }, select: { planHash: true, revision: true } }),
    tx.deploymentOverride.findMany({
      where: { deploymentId: row.deploymentId, usedAt: { not: null } },
      select: { ruleIds: true, reason: true, askedBy: true },
    }),
  ])
  const approvals = await tx.deploymentApproval.findMany({
    where: { deploymentId: row.deploymentId, word: 'approve', endedAt: null },
    select: { handle: true, at: true },
  })
  const entry = entryOf({
    row,
    now,
    notices: notices.map(({ kind, dueAt, sentAt }) => ({ kind, dueAt, sentAt })),
    decisions,
    planHash: deployment?.planHash ?? '',
    revision: deployment?.revision ?? 0,
    approvals,
    overrides,
  })
  await tx.reliabilityEntry.createMany({
    data: {
      rolloutId: row.id,
      number: row.number,
      at: now,
      service: row.service,
      environment: row.environment,
      outcome: row.state,
      entry: jsonOf(entry),
    },
    skipDuplicates: true,
  })
}

/** DenyRules are the severities that hold rollouts, and what each service carries. */
export type DenyRules = Pick<DeployRules, 'windows' | 'services'>

/**
 * newDenies are reasons that came up after a rollout began: an incident that was declared meanwhile, the line stopped, a
 * freeze that somebody set. An incident holds whom it concerns, as before a start (D-WIN-7). A window that closes by the clock is none: what began in time may end.
 */
export async function newDenies(
  sql: Sql,
  row: Pick<RolloutRow, 'startedAt' | 'service' | 'environment' | 'plan' | 'isDrill'>,
  { rules, now }: { readonly rules: DenyRules; readonly now: Date },
): Promise<readonly Deny[]> {
  if (row.environment === 'staging' || row.isDrill) return []
  const own = row.plan.about.incidentNumber ?? 0
  const incidents = await sql.$queryRaw<
    { id: string; number: number; severity: string; visibility: string; names: string[] }[]
  >`
    SELECT id::text AS id, number, severity, visibility, ARRAY(
        SELECT component.name FROM public_incident AS told, jsonb_object_keys(told.words) AS word
        JOIN status_component AS component ON component.id = word
        WHERE told.incident_id = incident.id AND told.resolved_at IS NULL AND incident.visibility <> 'restricted'
      ) AS names
    FROM incident
    WHERE declared_at > ${row.startedAt} AND status <> 'resolved' AND drill = false AND merged_into IS NULL
      AND severity = ANY(${[...rules.windows.incidentSeverities]}::text[]) AND number <> ${own}
    ORDER BY number LIMIT 20`
  const services = [...rules.services.values()]
  const concerns = (names: readonly string[]): boolean => {
    const reach = reachOfIncident(names, services)
    return reach.length === 0 || reach.includes(row.service)
  }
  const freezes = await sql.$queryRaw<{ id: string; kind: string; reason: string }[]>`
    SELECT id::text AS id, kind, reason FROM deployment_freeze
    WHERE at > ${row.startedAt} AND lifted_at IS NULL AND starts_at <= ${now} AND (ends_at IS NULL OR ends_at > ${now})
      AND (service = '' OR service = ${row.service})
    ORDER BY at LIMIT 20`
  return [
    ...incidents
      .filter(({ names }) => concerns(names))
      .map(({ id, number, severity, visibility }) => ({
        // Everybody who may see the rollout reads this: of a restricted incident not even its number.
        id: `incident-${visibility === 'restricted' ? id : number}`,
        words:
          visibility === 'restricted'
            ? `a ${severity} incident is open`
            : `${severity} incident INC-${String(number).padStart(4, '0')} is open`,
      })),
    ...freezes.map(({ id, kind, reason }) => ({
      id: `freeze-${id}`,
      words: kind === 'stop-line' ? `the line is stopped: ${reason}` : `a freeze began: ${reason}`,
    })),
  ]
}
