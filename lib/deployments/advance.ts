import type { Console } from '../console'
import type { Tx } from '../platform/db'
import { type Holding, holdsLease } from '../platform/fence'
import type { Sql } from '../platform/sql'
import { type DeploymentRow, listRows, liveOf, lockById, moveRow, touched, WORKER } from './deployment-store'
import { type DeployRules, loadDeployRules } from './load-rules'
import { keepLooks } from './looking-store'
import type { Looks } from './looks'
import { nameOf, type ServiceDefinition, WAITING_STATES } from './model'
import type { Prober } from './ports'
import { type Readiness, startable } from './readiness'
import { loadSituation } from './situation-store'
import { SIZING_RULES } from './sizing'
import { noteSoak } from './start-store'
import { noteSignals } from './upkeep-store'

/** AdvanceRoom is what the worker's rounds need of the process around them. */
export type AdvanceRoom = {
  readonly console: Console
  readonly held: () => boolean
  /** lease fences every write: a process that was overtaken writes nothing. */
  readonly lease: Holding
  readonly hint: (tx: Tx, topics: readonly { topic: string; ref: string }[], now: Date) => Promise<void>
  readonly told: () => void
  /** sized remembers when a service was last near one of its limits: what is calm costs no write. */
  readonly sized: Map<string, number>
}

const WORKED = WAITING_STATES.filter((state) => state !== 'draft')
const AT_MOST = 40
const CALM_MS = 20 * 60_000

/** hasWaiting tells whether any deployment waits for its checks, its soak or its hour; one question to the database. */
export async function hasWaiting(sql: Sql): Promise<boolean> {
  const [found] = await sql.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM deployment WHERE state = ANY(${[...WORKED]}::text[])) AS any`
  return found?.any === true
}

/**
 * advanceDeployments looks outside for every waiting deployment, keeps what was seen, lets soaks grow and moves on what may:
 * soaked → asked, approved → scheduled, and back when an approval counts no more. Gives how many moved or changed.
 */
export async function advanceDeployments(room: AdvanceRoom, now: Date): Promise<number> {
  const { console: app } = room
  const rules = await loadDeployRules(app, now)
  const rows = await listRows(app.db, { states: WORKED, isSoonestFirst: true }, AT_MOST)
  const prober = rows.length === 0 ? undefined : await app.prober()
  let changed = 0
  for (const row of rows) {
    if (!room.held() || !prober) break
    const service = rules.services.get(row.service)
    if (!service) continue
    try {
      if (
        !(await advanceRow(room, {
          row,
          service,
          looks: await lookFor(row, service, prober, now),
          rules,
          now,
        }))
      )
        continue
      changed += 1
      room.told()
    } catch (error) {
      // One that can't get on must not keep the others from their soak and their hour.
      app.log.warn({ err: error, deployment: row.number }, 'a deployment did not get on')
    }
  }
  return changed
}

function advanceRow({ console: app, lease, hint }: AdvanceRoom, one: One): Promise<boolean> {
  return app.db.$transaction(async (tx) => {
    if (!(await holdsLease(tx, lease))) return false
    const isMoved = await advanceOne(tx, one)
    if (isMoved) await hint(tx, touched(one.row), one.now)
    return isMoved
  })
}

function lookFor(row: DeploymentRow, service: ServiceDefinition, prober: Prober, now: Date): Promise<Looks> {
  return prober.look(
    {
      service,
      environment: row.environment,
      images: row.plan.artifacts.map(({ image, digest, tag }) => ({ image, digest, tag })),
      rollback: { image: service.image, digest: row.plan.rollback.digest },
    },
    now,
  )
}

type One = {
  readonly row: DeploymentRow
  readonly service: ServiceDefinition
  readonly looks: Looks
  readonly rules: DeployRules
  readonly now: Date
}

/** advanceOne keeps one look at a deployment and moves it where that leads; gives whether anything changed for who looks. */
async function advanceOne(tx: Tx, { row: seen, service, looks, rules, now }: One): Promise<boolean> {
  const row = await lockById(tx, seen.id)
  // Somebody was faster: the next round sees what they made of it.
  if (!row || row.revision !== seen.revision || row.state !== seen.state) return false
  const soaked = await growSoak(tx, row, looks, now)
  const { isChanged } = await keepLooks(tx, row, { service, looks, now })
  const fresh = { ...row, looks }
  const situation = await loadSituation(tx, fresh, { rules, now })
  if (!situation) return isChanged
  const isMoved = await moveOn(tx, fresh, startable(situation), now)
  return isChanged || isMoved || soaked
}

async function growSoak(tx: Tx, row: DeploymentRow, looks: Looks, now: Date): Promise<boolean> {
  const [artifact] = row.plan.artifacts
  if (row.environment === 'staging' || !artifact || looks.staging.kind === 'unknown') return false
  const { digests } = looks.staging.value
  if (digests.length !== 1 || digests[0] !== artifact.digest) return false
  const sick =
    looks.stagingHealth.kind === 'known' && looks.stagingHealth.value.status === 'unhealthy'
      ? 'Its health endpoint says that it is unhealthy.'
      : ''
  const unseen = looks.stagingHealth.kind === 'unknown' ? { unseen: looks.stagingHealth.why } : {}
  const signals = { ...(looks.stagingSignals.kind === 'known' ? looks.stagingSignals.value : {}), ...unseen }
  await noteSoak({ tx, service: row.service, digest: artifact.digest, trouble: sick, signals, now })
  return true
}

/** moveOn takes a deployment to the state that its conditions name; rules D-STA. */
async function moveOn(tx: Tx, row: DeploymentRow, readiness: Readiness, now: Date): Promise<boolean> {
  const moved = { by: WORKER, now }
  const live = await liveOf(tx, row.service, row.environment)
  const newer = live?.committedAt
  const mine = row.plan.about.committedAt
  if (row.plan.kind !== 'rollback' && live && newer !== undefined && mine !== undefined && mine < newer) {
    await moveRow(tx, row, 'superseded', {
      ...moved,
      why: `${nameOf(live.number)} brought ${live.tag}, which is newer`,
      data: { endedAt: now },
    })
    return true
  }
  if (now > row.windowEndAt && row.state !== 'staging_deploying') {
    const open =
      row.state === 'staging_soaking'
        ? await moveRow(tx, row, 'awaiting_approval', { ...moved, why: '' })
        : row
    await moveRow(tx, open, 'expired', { ...moved, why: 'its window passed', data: { endedAt: now } })
    return true
  }
  const soak = readiness.conditions.find(({ id }) => id === 'soak')
  const isSoaked = soak === undefined || soak.isMet || soak.isWaived
  const isApproved = readiness.approvals.state === 'approved'
  switch (row.state) {
    case 'staging_deploying':
      if (isSoaked) return to(tx, row, 'awaiting_approval', '', now)
      return soak?.metAtMs === undefined ? false : to(tx, row, 'staging_soaking', '', now)
    case 'staging_soaking':
      if (isSoaked) return to(tx, row, 'awaiting_approval', '', now)
      return soak?.metAtMs === undefined ? to(tx, row, 'staging_deploying', soak?.title ?? '', now) : false
    case 'awaiting_approval':
      if (!isApproved || !readiness.isApprovable) return false
      await moveRow(tx, row, 'scheduled', { ...moved, why: '', data: { approvedAt: now } })
      return true
    case 'scheduled':
    case 'announced':
      if (isApproved) return false
      await moveRow(tx, row, 'awaiting_approval', {
        ...moved,
        why: readiness.approvals.uncounted[0]
          ? `the approval of ${readiness.approvals.uncounted[0].word.handle} counts no more: ${readiness.approvals.uncounted[0].why}`
          : 'an approval counts no more',
        data: { approvedAt: null, announcedAt: null },
      })
      return true
    default:
      return false
  }
}

async function to(
  tx: Tx,
  row: DeploymentRow,
  state: DeploymentRow['state'],
  why: string,
  now: Date,
): Promise<true> {
  await moveRow(tx, row, state, { by: WORKER, now, why })
  return true
}

/** advanceSizing folds one look at every service's own signals into its sizing rules; gives whether a proposal opened. */
export async function advanceSizing(room: AdvanceRoom, now: Date): Promise<boolean> {
  const { console: app } = room
  const rules = await loadDeployRules(app, now)
  const prober = await app.prober()
  let isOpened = false
  for (const service of rules.services.values()) {
    if (Object.keys(service.environments.production.signals).length === 0 || !room.held()) continue
    const signals = await prober.signals(service, now)
    if (signals.kind === 'unknown') continue
    const isNear = SIZING_RULES.some(({ signal, limit }) => (signals.value[signal] ?? 0) > limit)
    if (isNear) room.sized.set(service.id, now.getTime())
    if (now.getTime() - (room.sized.get(service.id) ?? 0) > CALM_MS) continue
    const opened = await app.db.$transaction(async (tx) => {
      if (!(await holdsLease(tx, room.lease))) return false
      const made = await noteSignals(tx, {
        service: service.id,
        environment: 'production',
        signals: signals.value,
        now,
      })
      if (made) await room.hint(tx, [{ topic: 'deployments', ref: 'upkeep' }], now)
      return made
    })
    isOpened ||= opened
  }
  if (isOpened) room.told()
  return isOpened
}
