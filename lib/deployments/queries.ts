import { z } from 'zod'
import { defineQuery, type Scope } from '../operation'
import { AppError } from '../platform/errors'
import { refuseApproval } from './approvals'
import { type DeploymentRow, findByNumber, listRows } from './deployment-store'
import { number } from './inputs'
import { type DeployRules, loadDeployRules } from './load-rules'
import { isEnded, isRunning, nameOf, STATE_WORDS, WAITING_STATES } from './model'
import { startable } from './readiness'
import { loadSituation, whereOf } from './situation-store'
import { barOf, boardRow, powerViewOf, reachesOf, stripOf } from './view'
import { reachWords, sparedBy } from './windows'
import { sentenceOf } from './words'

const DAY_MS = 86_400_000
const ON_BOARD = 200

/** one gives everything that the approval page shows of a deployment, judged now. */
export const one = defineQuery({
  name: 'deployments.one',
  summary:
    'Gives a deployment as it is to be approved: verdict, conditions, evidence, window, reach and way back.',
  permission: 'deployments.read',
  input: z.strictObject({ number }),
  run: async (scope, input) => {
    const { db } = scope.console
    const rules = await loadDeployRules(scope.console, scope.now)
    const row = await findByNumber(db, input.number)
    const situation = await loadSituation(db, row, { rules, now: scope.now })
    if (!situation)
      throw new AppError('conflict', `No definition of ${row.service} is left in runbooks/services.`)
    const readiness = startable(situation)
    const reaches = reachesOf(situation)
    const year = new Date(situation.nowMs).getUTCFullYear()
    const { looks, items } = situation
    const me = scope.actor.kind === 'person' ? scope.actor.id : ''
    const [approvals, overrides, events, revisions, soak] = await readStory(scope, row)
    return {
      ...headOf(row, scope),
      sentence: sentenceOf(row.plan, readiness, situation.nowMs),
      service: {
        id: situation.service.id,
        title: situation.service.title,
        owner: situation.service.owner,
        downstream: situation.service.downstream,
        tenants: situation.service.tenants,
        soakMinutes: situation.service.soakMinutes,
      },
      plan: row.plan,
      isReady: readiness.isReady,
      isApprovable: readiness.isApprovable,
      conditions: readiness.conditions,
      approvals: {
        state: readiness.approvals.state,
        slots: readiness.approvals.slots.map(({ slot, by, isWaived }) => ({
          slot,
          isWaived,
          by: by ? { handle: by.handle, atMs: by.atMs, whenMet: by.whenMet } : undefined,
        })),
        uncounted: readiness.approvals.uncounted.map(({ word, why }) => ({ handle: word.handle, why })),
        rejection: readiness.approvals.rejection?.handle,
        expiresAtMs: readiness.approvals.expiresAtMs,
        given: approvals,
      },
      mine: {
        refusal: refuseApproval(readiness.asked, me, row.planHash)?.why,
        isRequester: me === row.requesterId,
        hasApproved: situation.words.some(
          (it) =>
            it.personId === me &&
            it.revision === row.revision &&
            it.word === 'approve' &&
            it.endedAtMs === undefined,
        ),
      },
      bar: barOf(situation, readiness),
      closings: readiness.window.closings,
      spared: sparedBy(situation.where),
      year: stripOf(year, situation.where, situation.nowMs),
      policyVersion: rules.versionOf(row.service).slice(0, 8),
      items: items.map(({ item, ...standing }) => ({
        ...standing,
        id: item.id,
        title: item.title,
        group: item.group,
        by: item.by,
        teller: standing.by,
      })),
      soak: soak
        ? {
            sinceMs: soak.since.getTime(),
            seenAtMs: soak.seenAt.getTime(),
            trouble: soak.trouble,
            unseen: situation.soak?.unseen ?? '',
            signals: soak.signals,
          }
        : undefined,
      reaches,
      measured: row.measured,
      power: powerViewOf(situation, reaches),
      wayBack: readiness.wayBack,
      looks: looks
        ? {
            atMs: row.lookedAt?.getTime() ?? 0,
            requestsPerMinute:
              looks.signals.kind === 'known' ? looks.signals.value.requestsPerMinute : undefined,
          }
        : undefined,
      overrides,
      events,
      revisions,
    }
  },
})

function headOf(row: DeploymentRow, { now }: Scope) {
  return {
    nowMs: now.getTime(),
    number: row.number,
    name: nameOf(row.number),
    title: row.title,
    state: row.state,
    stateWords: STATE_WORDS[row.state],
    stateWhy: row.stateWhy,
    version: row.version,
    revision: row.revision,
    hash: row.planHash,
    requester: row.requester,
    origin: row.origin,
    createdAtMs: row.createdAt.getTime(),
    holdUntilMs: row.holdUntil?.getTime(),
    isRunning: isRunning(row.state),
    isEnded: isEnded(row.state),
  }
}

async function readStory({ console: { db } }: Scope, row: DeploymentRow) {
  const where = { deploymentId: row.id }
  const [approvals, overrides, events, revisions, soak] = await Promise.all([
    db.deploymentApproval.findMany({ where, orderBy: { at: 'desc' }, take: 50 }),
    db.deploymentOverride.findMany({ where, orderBy: { askedAt: 'desc' }, take: 20 }),
    db.deploymentEvent.findMany({ where, orderBy: { seq: 'desc' }, take: 60 }),
    db.deploymentRevision.findMany({ where, orderBy: { revision: 'desc' }, take: 20 }),
    db.deploymentSoak.findUnique({
      where: { service_digest: { service: row.service, digest: row.plan.artifacts[0]?.digest ?? '' } },
    }),
  ])
  return [
    approvals.map((it) => ({
      id: it.id,
      revision: it.revision,
      word: it.word,
      handle: it.handle,
      comment: it.comment,
      summary: it.summary,
      whenMet: it.whenMet,
      atMs: it.at.getTime(),
      endedAtMs: it.endedAt?.getTime(),
      endedWhy: it.endedWhy as {
        readonly kind: string
        readonly by?: string
        readonly fields?: readonly {
          readonly field: string
          readonly words: string
          readonly from: string
          readonly to: string
        }[]
      } | null,
    })),
    overrides.map((it) => ({
      id: it.id,
      ruleIds: it.ruleIds,
      reason: it.reason,
      link: it.link,
      state: it.state,
      askedBy: it.askedBy,
      askedById: it.askedById,
      second: it.second,
      isSolo: it.isSolo,
      expiresAtMs: it.expiresAt?.getTime(),
      reviewDueAtMs: it.reviewDueAt?.getTime(),
      reviewedBy: it.reviewedBy,
    })),
    events.map((it) => ({ seq: it.seq, atMs: it.at.getTime(), kind: it.kind, by: it.by, words: it.words })),
    revisions.map((it) => ({
      revision: it.revision,
      by: it.by,
      atMs: it.at.getTime(),
      changed: it.changed as unknown as readonly {
        readonly words: string
        readonly from: string
        readonly to: string
      }[],
    })),
    soak,
  ] as const
}

/** board gives what is planned, waits, runs and was done lately, per service and environment, with what blocks or superseded it. */
export const board = defineQuery({
  name: 'deployments.board',
  summary: 'Gives the deployments that are planned, waiting, running and done lately, with what blocks them.',
  permission: 'deployments.read',
  input: z.strictObject({
    service: z.string().max(60).optional(),
    environment: z.enum(['staging', 'production']).optional(),
  }),
  run: async (scope, { service, environment }) => {
    const { db } = scope.console
    const rules = await loadDeployRules(scope.console, scope.now)
    const since = new Date(scope.now.getTime() - 60 * DAY_MS)
    const rows = await listRows(db, { service, environment, since }, ON_BOARD)
    const readiness = await readinessOf(scope, rows, rules)
    return {
      nowMs: scope.now.getTime(),
      rows: rows.map((row) => boardRow(row, readiness.get(row.id))),
      services: [...rules.services.values()].map((it) => ({
        id: it.id,
        title: it.title,
        provider: it.provider,
        owner: it.owner,
        image: it.image,
      })),
    }
  },
})

async function readinessOf(scope: Scope, rows: readonly DeploymentRow[], rules: DeployRules) {
  const waiting = rows
    .filter(({ state }) => (WAITING_STATES as readonly string[]).includes(state))
    .slice(0, 40)
  const pairs = await Promise.all(
    waiting.map(async (row) => {
      const situation = await loadSituation(scope.console.db, row, { rules, now: scope.now })
      return situation ? ([row.id, startable(situation)] as const) : undefined
    }),
  )
  return new Map(pairs.filter((it) => it !== undefined))
}

/** calendar explains a year: every closed day by its rule, freezes, and how much is left open. */
export const calendar = defineQuery({
  name: 'deployments.calendar',
  summary:
    'Explains a year of windows: every closed day by its rule, the freezes, and how much is left open.',
  permission: 'deployments.read',
  input: z.strictObject({
    year: z.number().int().min(2000).max(2100).optional(),
    service: z.string().max(60).default(''),
  }),
  run: async (scope, input) => {
    const { db } = scope.console
    const rules = await loadDeployRules(scope.console, scope.now)
    const year = input.year ?? scope.now.getUTCFullYear()
    const where = await whereOf(db, {
      service: input.service,
      environment: 'production',
      rules,
      now: scope.now,
    })
    const freezes = await db.deploymentFreeze.findMany({ orderBy: { startsAt: 'desc' }, take: 100 })
    return {
      nowMs: scope.now.getTime(),
      zone: rules.windows.zone,
      policyVersion: rules.windowsHash.slice(0, 8),
      rules: rules.windows.rules.map(({ id, kind, environments, reason }) => ({
        id,
        kind,
        environments,
        reason,
      })),
      strip: stripOf(year, where, scope.now.getTime()),
      incidents: where.incidents
        .filter(({ severity }) => (rules.windows.incidentSeverities as readonly string[]).includes(severity))
        .map((it) => ({ number: it.number, severity: it.severity, title: it.title, reach: reachWords(it) })),
      freezes: freezes.map((it) => ({
        id: it.id,
        kind: it.kind,
        service: it.service,
        reason: it.reason,
        startsAtMs: it.startsAt.getTime(),
        endsAtMs: it.endsAt?.getTime(),
        by: it.by,
        liftedAtMs: it.liftedAt?.getTime(),
        liftedBy: it.liftedBy,
        liftedWhy: it.liftedWhy,
      })),
    }
  },
})
