import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { z } from 'zod'
import { getHub } from '../hub'
import { defineQuery, Encoded } from '../operation'
import { AppError } from '../platform/errors'
import { csvOf, exportRows } from './export'
import { type GpuHistory, gpuHistory } from './history-store'
import { RATINGS } from './model'
import { type HealthState, snapshotOf } from './state'

const compress = promisify(gzip)

async function presentState(): Promise<HealthState> {
  await getHub().ready()
  const state = getHub().state()
  if (!state)
    throw new AppError('unavailable', 'Nothing has been read yet: the collector has not made its first look.')
  return state
}

let packed: { readonly key: string; readonly bytes: Promise<Uint8Array> } | undefined

/** snapshotBytes is the present snapshot as gzipped JSON, made once per sequence number whatever the number of viewers. */
export async function snapshotBytes(): Promise<{ readonly key: string; readonly bytes: Uint8Array }> {
  const state = await presentState()
  const key = `${state.layout}.${state.seq}`
  if (packed?.key !== key) {
    const text = JSON.stringify(snapshotOf(state))
    packed = { key, bytes: compress(text, { level: constants.Z_BEST_COMPRESSION }) }
  }
  return { key, bytes: await packed.bytes }
}

const snapshot = defineQuery({
  name: 'health.snapshot',
  summary: 'Gives everything that is known now, as tables by columns, with the number of the last change.',
  permission: 'health.read',
  input: z.strictObject({}),
  run: async () => {
    const { key, bytes } = await snapshotBytes()
    return new Encoded({
      bytes,
      contentType: 'application/json; charset=utf-8',
      packed: true,
      etag: `"${key}"`,
    })
  },
})

const subjectId = z.string().min(1).max(64)

const instanceDetail = defineQuery({
  name: 'health.instanceDetail',
  summary: 'Gives one instance with its readings, verdicts, agent report, strikes and events.',
  permission: 'health.read',
  input: z.strictObject({ id: subjectId }),
  run: async ({ console, now }, { id }) => {
    const state = await presentState()
    const row = state.instances.id.indexOf(id)
    const [record, report, strikes, events] = await Promise.all([
      console.db.instanceRecord.findUnique({ where: { id } }),
      console.db.agentReport.findUnique({ where: { instanceId: id } }),
      console.db.hardwareStrike.findMany({ where: { instanceId: id }, orderBy: { at: 'desc' }, take: 20 }),
      console.db.healthEvent.findMany({
        where: {
          at: { gte: new Date(now.getTime() - 24 * 3_600_000) },
          OR: [{ subject: id }, { subject: { startsWith: `${id}/` } }],
        },
        orderBy: { id: 'desc' },
        take: 50,
      }),
    ])
    if (row < 0 && !record) throw new AppError('not_found', `No instance ${id} has ever been seen.`)
    const machineId = record?.machineId ?? ''
    const machineStrikes = machineId
      ? await console.db.hardwareStrike.findMany({
          where: { machineId, NOT: { instanceId: id } },
          orderBy: { at: 'desc' },
          take: 20,
        })
      : []
    return {
      id,
      inFleet: row >= 0,
      rating: row >= 0 ? (RATINGS[state.instances.rating[row] ?? 3] ?? 'unknown') : 'unknown',
      reason: row >= 0 ? (state.instances.reason[row] ?? '') : '',
      firstSeenAt: record?.firstSeenAt ?? null,
      lastListedAt: record?.lastListedAt ?? null,
      goneAt: record?.goneAt ?? null,
      listed: (record?.listed ?? null) as Readonly<Record<string, unknown>> | null,
      agent: report
        ? { receivedAt: report.receivedAt, report: report.body as Readonly<Record<string, unknown>> }
        : null,
      telemetry: await console.telemetryOf(id),
      strikes: [...strikes, ...machineStrikes].map((strike) => ({
        gpuUuid: strike.gpuUuid,
        machineId: strike.machineId,
        instanceId: strike.instanceId,
        kind: strike.kind,
        code: strike.code,
        at: strike.at,
        detail: strike.detail,
      })),
      events: events.map((event) => ({ ...event, id: Number(event.id) })),
    }
  },
})

const history = defineQuery({
  name: 'health.gpuHistory',
  summary:
    'Gives one GPU over the last minutes as columns, from Prometheus where it has them, else a point a minute of our own.',
  permission: 'health.read',
  input: z.strictObject({
    instanceId: subjectId,
    index: z.number().int().min(0).max(63),
    minutes: z.number().int().min(1).max(1_440).default(60),
  }),
  run: async ({ console, now }, input): Promise<GpuHistory> => {
    const recorded = await console.gpuHistoryOf({ ...input, now })
    if (recorded?.ok) {
      const { ok: _, ...columns } = recorded
      return { source: 'prometheus', note: '', rating: columns.t.map(() => null), ...columns }
    }
    return { ...(await gpuHistory(console.hot, { ...input, now })), note: recorded?.sentence ?? '' }
  },
})

const queueHistory = defineQuery({
  name: 'health.queueHistory',
  summary: 'Gives one task queue over the last minutes, minute by minute.',
  permission: 'health.read',
  input: z.strictObject({
    name: z.string().min(1).max(200),
    type: z.enum(['activity', 'workflow']),
    minutes: z.number().int().min(1).max(1_440).default(60),
  }),
  run: async ({ console, now }, { name, type, minutes }) => {
    const rows = await console.db.queueMinute.findMany({
      where: { queue: `${type}/${name}`, minuteAt: { gte: new Date(now.getTime() - minutes * 60_000) } },
      orderBy: { minuteAt: 'asc' },
    })
    return {
      t: rows.map((row) => row.minuteAt.getTime() / 1000),
      backlog: rows.map((row) => row.backlogMean),
      backlogMax: rows.map((row) => row.backlogMax),
      oldestSeconds: rows.map((row) => row.oldestSeconds),
      addPerMinute: rows.map((row) => (row.addRate === null ? null : row.addRate * 60)),
      dispatchPerMinute: rows.map((row) => (row.dispatchRate === null ? null : row.dispatchRate * 60)),
      pollers: rows.map((row) => row.pollers),
    }
  },
})

const WRITTEN_AFTER_MS = 15_000

const apiHistory = defineQuery({
  name: 'health.apiHistory',
  summary: "Gives the provider API's figures over the last minutes, minute by minute.",
  permission: 'health.read',
  input: z.strictObject({ minutes: z.number().int().min(1).max(1_440).default(60) }),
  run: async ({ console, now }, { minutes }) => {
    const untilMs = Math.floor((now.getTime() - WRITTEN_AFTER_MS) / 60_000) * 60_000
    const rows = await console.db.apiMinute.findMany({
      where: { minuteAt: { gte: new Date(untilMs - minutes * 60_000), lt: new Date(untilMs) } },
      orderBy: { minuteAt: 'asc' },
    })
    return {
      until: untilMs / 1000,
      t: rows.map((row) => row.minuteAt.getTime() / 1000),
      serverErrors: rows.map((row) => row.serverErrors),
      authErrors: rows.map((row) => row.authErrors),
      rateLimited: rows.map((row) => row.rateLimited),
      errorRatio: rows.map((row) => row.errorRatio),
      p95: rows.map((row) => row.p95),
      p99: rows.map((row) => row.p99),
    }
  },
})

const events = defineQuery({
  name: 'health.events',
  summary: 'Lists changes of rating of the last minutes, newest first.',
  permission: 'health.read',
  input: z.strictObject({
    minutes: z.number().int().min(1).max(1_440).default(60),
    subject: z.string().max(300).optional(),
    limit: z.number().int().min(1).max(500).default(100),
  }),
  run: async ({ console, now }, { minutes, subject, limit }) => {
    const rows = await console.db.healthEvent.findMany({
      where: { at: { gte: new Date(now.getTime() - minutes * 60_000) }, ...(subject ? { subject } : {}) },
      orderBy: { id: 'desc' },
      take: limit,
    })
    return rows.map((row) => ({ ...row, id: Number(row.id) }))
  },
})

const strikes = defineQuery({
  name: 'health.strikes',
  summary: 'Lists the hardware strikes of the last days.',
  permission: 'health.read',
  input: z.strictObject({ days: z.number().int().min(1).max(365).default(30) }),
  run: async ({ console, now }, { days }) => {
    const rows = await console.db.hardwareStrike.findMany({
      where: { at: { gte: new Date(now.getTime() - days * 86_400_000) } },
      orderBy: { at: 'desc' },
      take: 1_000,
    })
    return rows.map((row) => ({ ...row, id: Number(row.id) }))
  },
})

const exportFleet = defineQuery({
  name: 'health.exportFleet',
  summary: 'Gives the fleet as a CSV or JSON file.',
  permission: 'health.export',
  input: z.strictObject({
    format: z.enum(['csv', 'json']),
    gpus: z.array(z.string().max(80)).max(20_000).optional(),
  }),
  run: async (_scope, { format, gpus }) => {
    const state = await presentState()
    const rows = exportRows(state, gpus ? new Set(gpus) : undefined)
    const text =
      format === 'csv'
        ? csvOf(rows)
        : JSON.stringify({ at: new Date(state.at * 1000).toISOString(), gpus: rows })
    return new Encoded({
      bytes: new TextEncoder().encode(text),
      contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
      etag: `"${state.layout}.${state.seq}.${format}"`,
      filename: `watchfloor-fleet-${new Date(state.at * 1000).toISOString().slice(0, 16).replaceAll(':', '')}.${format}`,
    })
  },
})

const filters = defineQuery({
  name: 'health.filters',
  summary: 'Lists the kept filters of the person who asks.',
  permission: 'health.read',
  input: z.strictObject({}),
  run: async ({ console, actor }) => {
    const rows = await console.db.savedFilter.findMany({
      where: { personId: actor.kind === 'person' ? actor.id : '00000000-0000-0000-0000-000000000000' },
      orderBy: { name: 'asc' },
    })
    return rows.map((row) => ({ id: row.id, name: row.name, query: row.query }))
  },
})

/** healthQueries are the reads of fleet, queues, services and history. */
export const healthQueries = [
  snapshot,
  instanceDetail,
  history,
  queueHistory,
  apiHistory,
  events,
  strikes,
  exportFleet,
  filters,
] as const
