import { z } from 'zod'
import type { Console } from '../console'
import { sharedAnswer } from '../live/shared-answer'
import { defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import { redact, redactText } from '../platform/redact'
import type { PollMemory } from './advance'
import { readHooks, readQuarantine, readRaw } from './hook-view-store'
import { LEVELS, SENDERS } from './model'
import { secretsOfEnvironment } from './secret-store'
import { type AlertFilter, readDetail, readGroups, readOverview, readRows } from './view-store'

const RAW_CHARACTERS = 64_000

const text = z.string().trim().min(1).max(200)
const filterShape = {
  status: z.enum(['firing', 'resolved']).default('firing'),
  source: z.enum(['alertmanager', 'grafana', 'pagerduty', 'generic', 'watchfloor']).optional(),
  level: z.enum(LEVELS as [(typeof LEVELS)[number], ...(typeof LEVELS)[number][]]).optional(),
  acked: z.boolean().optional(),
  quiet: z.boolean().optional(),
  text: text.optional(),
}

type HeartbeatMemory = {
  readonly alertname: string
  readonly intervalSeconds: number
  readonly lastDeliveredAt: string | null
}

type Overview = Awaited<ReturnType<typeof readOverview>>

function heartbeatOf(overview: Overview): HeartbeatMemory | undefined {
  return overview.memories.get('heartbeat')?.body as HeartbeatMemory | undefined
}

function epoch(at: Date | string | null | undefined): number {
  return at ? new Date(at).getTime() / 1_000 : 0
}

async function groupsOf(console: Console, filter: AlertFilter, now: Date) {
  const overview = await readOverview(console.hot)
  const heartbeat = heartbeatOf(overview)
  const { groups, more } = await readGroups(console.hot, filter, {
    now,
    heartbeat: heartbeat?.alertname ?? '',
  })
  const poll = overview.memories.get('poll:alertmanager')?.body as PollMemory | undefined
  return {
    at: epoch(now),
    groups: groups.map((group) => ({
      ...group,
      since: epoch(group.since),
      lastSeenAt: epoch(group.lastSeenAt),
    })),
    more,
    notices: overview.notices.map((notice) => ({ ...notice, since: epoch(notice.since) })),
    heartbeat: heartbeat
      ? {
          alertname: heartbeat.alertname,
          intervalSeconds: heartbeat.intervalSeconds,
          lastAt: epoch(heartbeat.lastDeliveredAt),
        }
      : null,
    poll: poll
      ? {
          okAt: epoch(poll.okAt),
          triedAt: epoch(poll.triedAt),
          failures: poll.failures,
          detail: poll.detail,
          isRefused: poll.isRefused ?? false,
          listed: poll.listed,
        }
      : null,
    rulesAt: epoch(overview.memories.get('triggers')?.at),
    waiting: overview.waiting,
    oldestWaitingAt: epoch(overview.oldestWaitingAt),
    held: overview.held,
  }
}

/** alertsGroups gives the board of alerts: at most 50 groups by rule and level, and the state of the alerting itself. */
const alertsGroups = defineQuery({
  name: 'alerts.groups',
  summary:
    'Gives the board of alerts: at most 50 groups by rule and level, and the state of the alerting itself.',
  permission: 'alerts.read',
  input: z.strictObject(filterShape),
  run: ({ console, now }, filter) =>
    sharedAnswer(console, `alerts.groups ${JSON.stringify(filter)}`, () => groupsOf(console, filter, now)),
})

/** alertsList gives one page of episodes; times are epoch seconds, 0 = never. */
const alertsList = defineQuery({
  name: 'alerts.list',
  summary: 'Gives one page of episodes.',
  permission: 'alerts.read',
  input: z.strictObject({
    ...filterShape,
    name: z.string().max(200).optional(),
    page: z.number().int().min(0).max(1_000).default(0),
  }),
  run: async ({ console, now }, { page, ...filter }) => {
    const heartbeat = heartbeatOf(await readOverview(console.hot))?.alertname ?? ''
    const { rows, hasMore } = await readRows(console.hot, filter, { now, page, heartbeat })
    return {
      hasMore,
      rows: rows.map((row) => ({
        id: row.id,
        source: row.source,
        name: row.name,
        level: row.level,
        status: row.status,
        since: epoch(row.since),
        skew: row.skew,
        lastSeenAt: epoch(row.lastSeenAt),
        resolvedAt: epoch(row.resolvedAt),
        resolvedBy: row.resolvedBy,
        seen: row.seen,
        via: row.via,
        summary: redactText(row.annotations.summary ?? row.annotations.description ?? ''),
        labels: Object.entries(row.labels)
          .filter(([name]) => name !== 'alertname' && name !== 'severity')
          .slice(0, 8)
          .map(([name, value]) => ({ name, value: redactText(value) })),
        silenced: row.silencedBy.length,
        inhibited: row.inhibited,
        missing: row.missingSince !== null,
        promState: row.promState,
        ackedAt: epoch(row.ackedAt),
        ackedBy: row.ackedBy,
      })),
    }
  },
})

/** alertsDetail gives one episode with labels, annotations, silences and its other episodes. */
const alertsDetail = defineQuery({
  name: 'alerts.detail',
  summary: 'Gives one episode with labels, annotations, silences and its other episodes.',
  permission: 'alerts.read',
  input: z.strictObject({ id: z.uuid() }),
  run: async ({ console }, { id }) => {
    const detail = await readDetail(console.hot, id)
    if (!detail) throw new AppError('not_found', 'There is no alert with this id.')
    const { alert } = detail
    return {
      id: alert.id,
      source: alert.source,
      fingerprint: alert.fingerprint,
      name: alert.name,
      level: alert.level,
      severity: alert.severity,
      status: alert.status,
      since: epoch(alert.since),
      skew: alert.skew,
      startsRaw: alert.startsRaw,
      endsRaw: alert.endsRaw,
      firstSeenAt: epoch(alert.firstSeenAt),
      lastSeenAt: epoch(alert.lastSeenAt),
      resolvedAt: epoch(alert.resolvedAt),
      resolvedBy: alert.resolvedBy,
      seen: alert.seen,
      via: alert.via,
      link: alert.link,
      labels: redact(alert.labels) as Readonly<Record<string, string>>,
      annotations: redact(alert.annotations) as Readonly<Record<string, string>>,
      inhibited: alert.inhibited,
      missingSince: epoch(alert.missingSince),
      promState: alert.promState,
      policyHash: alert.policyHash,
      ackedAt: epoch(alert.ackedAt),
      ackedBy: alert.ackedBy,
      ackNote: alert.ackNote,
      silences: detail.silences.map((silence) => ({
        ...silence,
        startsAt: epoch(silence.startsAt),
        endsAt: epoch(silence.endsAt),
      })),
      earlier: detail.earlier.map((one) => ({
        ...one,
        since: epoch(one.since),
        resolvedAt: epoch(one.resolvedAt),
      })),
    }
  },
})

/** alertsQuarantine lists what was signed but not understood. */
const alertsQuarantine = defineQuery({
  name: 'alerts.quarantine',
  summary: 'Lists what was signed but not understood.',
  permission: 'alerts.read',
  input: z.strictObject({ state: z.enum(['held', 'redriven', 'dismissed']).default('held') }),
  run: async ({ console }, { state }) =>
    (await readQuarantine(console.hot, state)).map((row) => ({ ...row, receivedAt: epoch(row.receivedAt) })),
})

function shownBody(body: Buffer): string {
  const plain = new TextDecoder().decode(body)
  try {
    return JSON.stringify(redact(JSON.parse(plain)), null, 2)
  } catch {
    return redactText(plain)
  }
}

/** alertsQuarantineRaw gives a held delivery as text with secrets masked, at most 64,000 characters. */
const alertsQuarantineRaw = defineQuery({
  name: 'alerts.quarantineRaw',
  summary: 'Gives a held delivery as text with secrets masked, at most 64,000 characters.',
  permission: 'alerts.read',
  input: z.strictObject({ id: z.uuid() }),
  run: async ({ console }, { id }) => {
    const raw = await readRaw(console.hot, id)
    if (!raw) throw new AppError('not_found', 'The delivery is past its retention.')
    const shown = shownBody(raw.body)
    return {
      headers: Object.entries(raw.headers).map(([name, value]) => ({ name, value: redactText(value) })),
      text: shown.slice(0, RAW_CHARACTERS),
      isCut: shown.length > RAW_CHARACTERS,
      sizeBytes: raw.body.length,
      position: raw.position,
    }
  },
})

/** alertsHooks tells of each sender where it posts to, which secrets are in force (never the secret) and how it was answered in the last day. */
const alertsHooks = defineQuery({
  name: 'alerts.hooks',
  summary:
    'Tells of each sender where it posts to, which secrets are in force (never the secret) and how it was answered in the last day.',
  permission: 'alerts.read',
  input: z.strictObject({}),
  run: async ({ console, now }) => {
    const hooks = await readHooks(console.hot, now)
    const inEnvironment = secretsOfEnvironment(console.env.WATCHFLOOR_HOOK_SECRETS)
    const base = console.env.WATCHFLOOR_PUBLIC_URL ?? console.env.NEXTAUTH_URL
    return SENDERS.map((sender) => {
      const hook = hooks.get(sender)
      return {
        sender,
        url: `${base.replace(/\/+$/, '')}/api/hooks/${sender}`,
        inEnvironment: inEnvironment[sender]?.length ?? 0,
        secrets: (hook?.secrets ?? []).map((secret) => ({
          ...secret,
          createdAt: epoch(secret.createdAt),
          lastUsedAt: epoch(secret.lastUsedAt),
        })),
        day: hook?.day ?? {},
        lastStoredAt: epoch(hook?.lastStoredAt),
      }
    })
  },
})

/** alertsQueries are the alerts room's reads. */
export const alertsQueries = [
  alertsGroups,
  alertsList,
  alertsDetail,
  alertsQuarantine,
  alertsQuarantineRaw,
  alertsHooks,
] as const
