import type { DeploymentCheck } from '../../prisma/generated/client'
import { rolesOf } from '../access/permissions'
import type { Tx } from '../platform/db'
import type { Word } from './approvals'
import { type CheckRow, itemsOf, standingOf } from './checklist'
import { type DeploymentRow, liveOf } from './deployment-store'
import type { DeployRules } from './load-rules'
import { type Environment, RUNNING_STATES, type ServiceDefinition } from './model'
import type { Override } from './overrides'
import type { Situation, Soak } from './situation'
import { type Freeze, type OpenIncident, reachOfIncident, type Where } from './windows'

const OPEN_FREEZES = 200

/** readFreezes gives the freezes that count now or later. */
export async function readFreezes(tx: Tx, now: Date): Promise<readonly Freeze[]> {
  const rows = await tx.deploymentFreeze.findMany({
    where: { liftedAt: null, OR: [{ endsAt: null }, { endsAt: { gt: now } }] },
    orderBy: { startsAt: 'asc' },
    take: OPEN_FREEZES,
  })
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind === 'stop-line' ? 'stop-line' : 'event',
    service: row.service,
    reason: row.reason,
    startsAtMs: row.startsAt.getTime(),
    endsAtMs: row.endsAt?.getTime(),
  }))
}

/**
 * readOpenIncidents gives the incidents that freeze, with the services that carry the components they name on the status page.
 * Of a restricted one nothing but its severity is told, and so it freezes all.
 */
export async function readOpenIncidents(
  tx: Tx,
  services: readonly ServiceDefinition[],
): Promise<readonly OpenIncident[]> {
  const rows = await tx.incident.findMany({
    where: { drill: false, status: { not: 'resolved' }, mergedInto: null },
    select: { id: true, number: true, severity: true, title: true, visibility: true, declaredAt: true },
    orderBy: { declaredAt: 'asc' },
    take: 50,
  })
  const named = await namesOf(
    tx,
    rows.filter(({ visibility }) => visibility !== 'restricted').map(({ id }) => id),
  )
  return rows.map((row) => {
    const names = named.get(row.id) ?? []
    return {
      number: row.visibility === 'restricted' ? undefined : row.number,
      severity: row.severity,
      title: row.visibility === 'restricted' ? undefined : row.title,
      services: reachOfIncident(names, services),
      names,
      openedAtMs: row.declaredAt.getTime(),
    }
  })
}

/** The public page holds which components an incident names; words that are only drafted name none yet. */
async function namesOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.$queryRaw<{ id: string; names: string[] }[]>`
    SELECT told.incident_id AS id, array_agg(component.name ORDER BY component.position, component.id) AS names
    FROM public_incident AS told, jsonb_object_keys(told.words) AS word
    JOIN status_component AS component ON component.id = word
    WHERE told.incident_id = ANY(${[...ids]}::uuid[]) AND told.resolved_at IS NULL
    GROUP BY told.incident_id`
  return new Map(rows.map(({ id, names }) => [id, names]))
}

/** whereOf is everything that opens or closes a service's environment now. */
export async function whereOf(
  tx: Tx,
  input: {
    readonly service: string
    readonly environment: Environment
    readonly rules: DeployRules
    readonly now: Date
  },
): Promise<Where> {
  const [freezes, incidents] = await Promise.all([
    readFreezes(tx, input.now),
    readOpenIncidents(tx, [...input.rules.services.values()]),
  ])
  return {
    service: input.service,
    environment: input.environment,
    policy: input.rules.windows,
    freezes,
    incidents,
  }
}

async function readWords(tx: Tx, id: string): Promise<readonly Word[]> {
  const rows = await tx.deploymentApproval.findMany({ where: { deploymentId: id }, orderBy: { at: 'asc' } })
  return rows.map((row) => ({
    id: row.id,
    word: row.word === 'reject' ? 'reject' : 'approve',
    personId: row.personId,
    handle: row.handle,
    revision: row.revision,
    planHash: row.planHash,
    atMs: row.at.getTime(),
    whenMet: row.whenMet,
    endedAtMs: row.endedAt?.getTime(),
  }))
}

/** readChecks gives what was found or said about a deployment's items, words about its service included. */
export async function readChecks(tx: Tx, row: DeploymentRow): Promise<readonly CheckRow[]> {
  const [own, others] = await Promise.all([
    tx.deploymentCheck.findMany({ where: { deploymentId: row.id } }),
    // The newest word of each item is all that can count, however many deployments went before.
    tx.$queryRaw<DeploymentCheck[]>`
      SELECT DISTINCT ON (item) deployment_id AS "deploymentId", item, state, kind, words, link, evidence,
        by_id AS "byId", by, at, since, fresh_until AS "freshUntil", digest, service, environment
      FROM deployment_check
      WHERE service = ${row.service} AND environment = ${row.environment} AND kind = 'person'
        AND state <> 'waived' AND deployment_id <> ${row.id}::uuid
      ORDER BY item, at DESC`,
  ])
  return [...own, ...others].map((it) => ({
    item: it.item,
    state: it.state as CheckRow['state'],
    kind: it.kind === 'probe' ? 'probe' : 'person',
    words: it.words,
    link: it.link,
    by: it.by,
    atMs: it.at.getTime(),
    freshUntilMs: it.freshUntil?.getTime(),
    digest: it.digest,
    isOfThisPlan: it.deploymentId === row.id,
  }))
}

async function readOverrides(tx: Tx, id: string): Promise<readonly Override[]> {
  const rows = await tx.deploymentOverride.findMany({ where: { deploymentId: id } })
  return rows.map((row) => ({
    id: row.id,
    ruleIds: row.ruleIds,
    state: row.state as Override['state'],
    askedById: row.askedById,
    askedAtMs: row.askedAt.getTime(),
    expiresAtMs: row.expiresAt?.getTime(),
  }))
}

async function readSoak(tx: Tx, row: DeploymentRow): Promise<Soak | undefined> {
  const [artifact] = row.plan.artifacts
  if (!artifact) return undefined
  const soak = await tx.deploymentSoak.findUnique({
    where: { service_digest: { service: row.service, digest: artifact.digest } },
  })
  return soak
    ? {
        sinceMs: soak.since.getTime(),
        seenAtMs: soak.seenAt.getTime(),
        trouble: soak.trouble,
        unseen: (soak.signals as { unseen?: string }).unseen ?? '',
      }
    : undefined
}

/** OUTGROWN stands in for a service whose definition is gone: nothing of it can start. */
export function definitionOf(rules: DeployRules, row: DeploymentRow): ServiceDefinition | undefined {
  return rules.services.get(row.service)
}

/** loadSituation reads everything that the rules need of one deployment; undefined when its service is defined no more. */
export async function loadSituation(
  tx: Tx,
  row: DeploymentRow,
  { rules, now }: { readonly rules: DeployRules; readonly now: Date },
): Promise<Situation | undefined> {
  const service = definitionOf(rules, row)
  if (!service) return undefined
  const [where, words, people, checks, overrides, rehearsals, soak, live, running] = await Promise.all([
    whereOf(tx, { service: row.service, environment: row.environment, rules, now }),
    readWords(tx, row.id),
    tx.person.findMany({ select: { id: true, handle: true, roles: true, disabledAt: true } }),
    readChecks(tx, row),
    readOverrides(tx, row.id),
    tx.deploymentRehearsal.findMany({
      where: { service: row.service, environment: row.environment },
      orderBy: { at: 'desc' },
      take: 50,
    }),
    readSoak(tx, row),
    liveOf(tx, row.service, row.environment),
    tx.deployment.findFirst({
      where: {
        service: row.service,
        environment: row.environment,
        state: { in: [...RUNNING_STATES] },
        id: { not: row.id },
      },
      select: { number: true },
    }),
  ])
  const at = { digest: row.plan.artifacts[0]?.digest ?? '', nowMs: now.getTime() }
  return {
    plan: row.plan,
    planHash: row.planHash,
    revision: row.revision,
    state: row.state,
    requesterId: row.requesterId,
    service,
    where,
    words,
    people: people.map((it) => ({
      id: it.id,
      handle: it.handle,
      roles: rolesOf(it.roles),
      isActive: it.disabledAt === null,
    })),
    overrides,
    items: itemsOf(service, row.environment).map((item) => standingOf(item, checks, at)),
    looks: row.looks ?? undefined,
    rehearsals: rehearsals.map((it) => ({
      fromDigest: it.fromDigest,
      toDigest: it.toDigest,
      isWarm: it.isWarm,
      seconds: it.seconds,
      atMs: it.at.getTime(),
      by: it.by,
      link: it.link,
    })),
    soak,
    holds: await holdsOf(tx, row, now),
    live,
    runningNumber: running?.number,
    announcedAtMs: row.announcedAt?.getTime(),
    holdUntilMs: row.holdUntil?.getTime(),
    nowMs: now.getTime(),
  }
}

/** A digest that went back is held until somebody lifts it; a hotfix past its day holds everything but fixes. */
async function holdsOf(tx: Tx, row: DeploymentRow, now: Date): Promise<Situation['holds']> {
  const held = await tx.serviceHold.findMany({
    where: { service: row.service, environment: row.environment, liftedAt: null },
    select: { digest: true, reason: true },
  })
  // A recycle destroys what is only in the container: on rented instances every open hotfix counts, not the late ones alone.
  const isErasing = row.plan.provider === 'vast'
  const open = await tx.hotfix.findMany({
    where: {
      service: row.service,
      environment: row.environment,
      endedAt: null,
      digest: { notIn: row.plan.artifacts.map(({ digest }) => digest) },
      ...(isErasing ? {} : { dueAt: { lt: now } }),
    },
    select: { number: true, instance: true, dueAt: true },
  })
  const blocking = row.plan.kind === 'fix' && !isErasing ? [] : open
  return [
    ...held.map(({ digest, reason }) => ({ digest, why: `it was rolled back: ${reason}` })),
    ...blocking.flatMap(({ number, instance, dueAt }) =>
      row.plan.artifacts.map(({ digest }) => ({
        digest,
        why:
          dueAt < now
            ? `hotfix ${number} on ${instance} is past its day and in no image yet`
            : `this would erase hotfix ${number} on ${instance}, which is in no image yet`,
      })),
    ),
  ]
}
