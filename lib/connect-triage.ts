import type { Clock } from './platform/clock'
import type { Http } from './platform/http-types'
import type { SourceConfigs } from './settings/sources'
import { createPrometheus } from './sources/prometheus/prometheus'
import { API_QUERIES, TRIAGE_QUERIES } from './sources/prometheus/queries'
import type { PromAlert, Prometheus, PromSample } from './sources/prometheus/types'
import type { Reading } from './sources/reading'
import type { Answer } from './sources/source'
import type { BeforeAndNow, MetricsAsked, TriagePorts } from './triage/ports'

const DEADLINE_MS = 5_000
const ALERTS_CHECKED = 20

/** connectTriage builds the looks that triage takes itself from the configured sources. */
export function connectTriage(
  configs: SourceConfigs,
  options: { readonly http: Http; readonly clock: Clock },
): TriagePorts {
  const config = configs.prometheus
  if (!config) return {}
  const prometheus = createPrometheus({ baseUrl: config.url, token: config.token, ...options })
  return { metrics: { ask: () => askMetrics(prometheus), compare: (before) => compare(prometheus, before) } }
}

async function askMetrics(prometheus: Prometheus): Promise<Answer<MetricsAsked>> {
  const vector = (name: keyof typeof TRIAGE_QUERIES): Promise<Answer<readonly PromSample[]>> =>
    prometheus.query(TRIAGE_QUERIES[name].expr, { deadlineMs: DEADLINE_MS })
  const [errors, calls, routes, up, memory, baseless] = await Promise.all([
    vector('errorsByStatus'),
    vector('calls'),
    vector('callsByRoute'),
    vector('up'),
    prometheus.value(API_QUERIES.memorySharePercent.expr, { deadlineMs: DEADLINE_MS }),
    baselessAlerts(prometheus),
  ])
  if (!errors.ok) return errors
  if (!up.ok) return up
  const total = calls.ok ? numberOf(calls.value[0]) : undefined
  const byRoute = routes.ok && routes.value.length > 0 ? tableOf(routes.value) : undefined
  const share = memory.ok && memory.value.kind === 'known' ? memory.value.value : undefined
  const down = up.value.filter((sample) => numberOf(sample) === 0)
  return {
    ok: true,
    latencyMs: errors.latencyMs,
    drift: [],
    value: {
      errors: Object.fromEntries(
        errors.value.map((sample) => [sample.labels.status ?? '', numberOf(sample) ?? 0]),
      ),
      ...(total === undefined ? {} : { calls: total }),
      ...(byRoute ? { routes: byRoute } : {}),
      targetsDown: down.map(targetName),
      targetsUp: up.value.length - down.length,
      ...(share === undefined ? {} : { memoryPercent: share }),
      ...(baseless ? { baseless } : {}),
    },
  }
}

function numberOf(sample: PromSample | undefined): number | undefined {
  return sample?.value.kind === 'known' ? sample.value.value : undefined
}

function tableOf(samples: readonly PromSample[]): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {}
  for (const sample of samples) {
    const { route = '', status = '' } = sample.labels
    table[route] = { ...table[route], [status]: numberOf(sample) ?? 0 }
  }
  return table
}

// An exporter that names its instance is a machine's own eye; others are named by job.
function targetName({ labels }: PromSample): string {
  const id = /(?:^|\D)(\d{5,})(?:\D|$)/.exec(
    `${labels.vast_instance_id ?? ''} ${labels.hostname ?? ''} ${labels.instance ?? ''}`,
  )?.[1]
  return id === undefined ? `target:${labels.job ?? ''}/${labels.instance ?? ''}` : `instance:${id}`
}

/** Alerts that fire while their own rule finds nothing now; undefined when alerts or rules could not be read. */
async function baselessAlerts(prometheus: Prometheus): Promise<readonly string[] | undefined> {
  const call = { deadlineMs: DEADLINE_MS }
  const [alerts, rules] = await Promise.all([prometheus.alerts(call), prometheus.rules(call)])
  if (!alerts.ok || !rules.ok) return undefined
  const firing = [...new Set(alerts.value.filter(isFiring).map((alert) => alert.name))].slice(
    0,
    ALERTS_CHECKED,
  )
  const queries = new Map(rules.value.map((rule) => [rule.name, rule.query]))
  const checked = await Promise.all(
    firing.map(async (name) => {
      const query = queries.get(name)
      if (query === undefined) return name
      const found = await prometheus.query(query, call)
      return found.ok && found.value.length === 0 ? name : undefined
    }),
  )
  return checked.filter((name) => name !== undefined)
}

function isFiring(alert: PromAlert): boolean {
  return alert.state === 'firing'
}

async function compare(prometheus: Prometheus, before: Date): Promise<Answer<BeforeAndNow>> {
  const ask = (expr: string, at?: Date) =>
    prometheus.value(expr, { deadlineMs: DEADLINE_MS, ...(at ? { at } : {}) })
  const { errorRatioPercent, latencyMsP95 } = API_QUERIES
  const [errorsBefore, errorsNow, latencyBefore, latencyNow] = await Promise.all([
    ask(errorRatioPercent.expr, before),
    ask(errorRatioPercent.expr),
    ask(latencyMsP95.expr, before),
    ask(latencyMsP95.expr),
  ])
  if (!errorsNow.ok) return errorsNow
  const value = (answer: Answer<Reading<number>>): number | undefined =>
    answer.ok && answer.value.kind === 'known' ? answer.value.value : undefined
  return {
    ok: true,
    latencyMs: errorsNow.latencyMs,
    drift: [],
    value: {
      errorPercent: pair(value(errorsBefore), value(errorsNow)),
      latencyMs: pair(value(latencyBefore), value(latencyNow)),
    },
  }
}

function pair(before: number | undefined, now: number | undefined): BeforeAndNow['errorPercent'] {
  return { ...(before === undefined ? {} : { before }), ...(now === undefined ? {} : { now }) }
}
