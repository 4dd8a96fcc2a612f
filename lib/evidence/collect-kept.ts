import { gunzipSync } from 'node:zlib'
import type pg from 'pg'
import { type Subject, windowStart } from './collect-record'
import { safeName } from './collect-sources'
import type { Gathered, Missing, Part, Window } from './model'

const ROWS = 20_000
const INSTANCES = 1_000
const NAMED = 20

type CheckpointRow = { readonly seq: string; readonly at: Date; readonly body: Buffer }

/** collectHealth gives the whole watched world before the incident, when it was declared and at the end, and what changed between. */
export async function collectHealth(pool: pg.Pool, subject: Subject, window: Window): Promise<Gathered> {
  const parts: Part[] = []
  const missing: Missing[] = []
  const seen = new Set<string>()
  const moments = [
    { name: 'before', at: new Date(subject.beganAt.getTime() - 60_000) },
    { name: 'declared', at: subject.declaredAt },
    { name: 'end', at: new Date(window.toMs) },
  ]
  for (const { name, at } of moments) {
    const { rows } = await pool.query<CheckpointRow>(
      `SELECT seq, at, body FROM health_checkpoint WHERE at <= $1 AND at > $1::timestamptz - interval '20 minutes'
       ORDER BY at DESC LIMIT 1`,
      [at],
    )
    const [row] = rows
    const what = `health/${name}.json`
    if (row === undefined) {
      missing.push({ what, why: `no checkpoint of the 20 minutes before ${at.toISOString()} is kept` })
      continue
    }
    if (seen.has(row.seq)) {
      missing.push({
        what,
        why: `it is the same checkpoint as the one before it, of ${row.at.toISOString()}`,
      })
      continue
    }
    seen.add(row.seq)
    const value: unknown = JSON.parse(gunzipSync(row.body).toString('utf8'))
    parts.push({ path: what, kind: 'json', value: { at: row.at.toISOString(), snapshot: value } })
  }
  const { rows: events } = await pool.query(
    `SELECT at, kind, subject, before, after, reason FROM health_event WHERE at >= $1 AND at <= $2
     ORDER BY at DESC, id DESC LIMIT ${ROWS}`,
    [windowStart(subject, window), new Date(window.toMs)],
  )
  if (events.length === ROWS)
    missing.push({ what: 'health/changes.jsonl', why: `only the newest ${ROWS} changes are in it` })
  parts.push({ path: 'health/changes.jsonl', kind: 'lines', values: events.reverse() })
  return { parts, missing }
}

/** collectOwnMetrics gives the console's own minutes of the API and the queues: what stands where Prometheus does not answer. */
export async function collectOwnMetrics(pool: pg.Pool, subject: Subject, window: Window): Promise<Gathered> {
  const span = [windowStart(subject, window), new Date(window.toMs)]
  const [api, queues] = await Promise.all([
    pool.query(
      `SELECT * FROM api_minute WHERE minute_at >= $1 AND minute_at <= $2 ORDER BY minute_at LIMIT ${ROWS}`,
      span,
    ),
    pool.query(
      `SELECT * FROM queue_minute WHERE minute_at >= $1 AND minute_at <= $2 ORDER BY minute_at, queue LIMIT ${ROWS}`,
      span,
    ),
  ])
  const parts: Part[] = []
  const missing: Missing[] = []
  for (const [name, rows] of [
    ['api-minutes', api.rows],
    ['queue-minutes', queues.rows],
  ] as const) {
    const path = `metrics/own/${name}.jsonl`
    if (rows.length === 0) missing.push({ what: path, why: 'the console kept no minute of this time' })
    else parts.push({ path, kind: 'lines', values: rows })
  }
  return { parts, missing }
}

type ReportRow = { readonly instance_id: string; readonly received_at: Date; readonly body: unknown }
type Shape = Readonly<Record<string, unknown>>

/** collectReports gives the last error lines and the programs of every instance whose agent reported in the window's hour. */
export async function collectReports(pool: pg.Pool, window: Window): Promise<Gathered> {
  const { rows } = await pool.query<ReportRow>(
    `SELECT instance_id, received_at, body FROM agent_report ORDER BY instance_id LIMIT ${INSTANCES + 1}`,
  )
  const wayRound = 'Read the logs on the instance, or ask the provider for them.'
  if (rows.length === 0)
    return {
      parts: [],
      missing: [{ what: 'logs/instances/', why: 'no agent has ever reported', wayRound }],
    }
  const shown = rows.slice(0, INSTANCES)
  const isOfHour = ({ received_at: at }: ReportRow): boolean =>
    at.getTime() >= window.logsFromMs && at.getTime() <= window.toMs
  const others = shown.filter((row) => !isOfHour(row)).map((row) => row.instance_id)
  const missing: Missing[] = []
  if (rows.length > INSTANCES)
    missing.push({ what: 'logs/instances/', why: `only ${INSTANCES} instances are in it`, wayRound })
  if (others.length > 0)
    missing.push({
      what: 'logs/instances/',
      why: `the newest report is not of this hour for ${others.length}: ${others.slice(0, NAMED).join(', ')}${others.length > NAMED ? ' and more' : ''}`,
      wayRound,
    })
  missing.push({
    what: 'logs/instances/ (whole logs)',
    why: 'agents send the last error lines of a log, not the log',
    wayRound,
  })
  return { parts: shown.filter(isOfHour).map(reportPart), missing }
}

function shape(value: unknown): Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Shape) : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function reportPart({ instance_id: id, received_at: at, body }: ReportRow): Part {
  const report = shape(body)
  const programs = list(shape(report.supervisor).processes).map((one) => {
    const { name, state, description } = shape(one)
    return `${String(name)} ${String(state)} ${String(description ?? '')}`.trim()
  })
  const logs = list(report.logs).flatMap((one) => {
    const { path, modifiedAt, errorLines } = shape(one)
    const lines = Array.isArray(errorLines) ? errorLines.map(String) : [JSON.stringify(errorLines ?? null)]
    return ['', `== ${String(path)} (written ${String(modifiedAt ?? 'unknown')}), last error lines`, ...lines]
  })
  return {
    path: `logs/instances/${safeName(id)}.log`,
    kind: 'text',
    text: `${[`instance ${id}, report received ${at.toISOString()}`, '', '== supervised programs', ...programs, ...logs].join('\n')}\n`,
    keeps: 'end',
  }
}
