import { insideOf } from './connect-agent'
import { connectCluster, openKubernetes } from './connect-cluster'
import { supervisorUrls } from './connect-supervisors'
import { connectTriage } from './connect-triage'
import type { Ports } from './health/ports'
import type { Clock } from './platform/clock'
import { systemClock } from './platform/clock'
import type { Env } from './platform/env'
import { createHttp } from './platform/http'
import type { Http } from './platform/http-types'
import { type AddressRule, ruleFor } from './platform/ssrf'
import { type SourceConfigs, type SourceId, secretNameOf } from './settings/sources'
import { parseAgentReport } from './sources/agent/agent'
import { createAlertmanager } from './sources/alertmanager/alertmanager'
import { createDcgm } from './sources/dcgm/dcgm'
import { createPrometheus } from './sources/prometheus/prometheus'
import { API_QUERIES, instancePlaces } from './sources/prometheus/queries'
import type { Prometheus } from './sources/prometheus/types'
import type { Reading } from './sources/reading'
import { createServiceHealth } from './sources/service-health/service-health'
import type { Answer, TestVerdict } from './sources/source'
import { createStatusPage } from './sources/statuspage/statuspage'
import { createTemporal } from './sources/temporal/temporal'
import { afterCall, nextCall, SWEEP_POLICY, startSweeping } from './sources/vast/sweeper'
import type { Vast } from './sources/vast/types'
import { createVast } from './sources/vast/vast'
import type { TriagePorts } from './triage/ports'

/** Connected is the watched world as configured, and how to let go of it. */
export type Connected = {
  readonly ports: Ports
  readonly triage: TriagePorts
  readonly close: () => Promise<void>
}

/** allowedTargets are the private addresses that the configuration itself names, plus the operator's list. */
export function allowedTargets(configs: SourceConfigs, env: Env): AddressRule[] {
  const urls = [
    configs.vast?.apiUrl,
    configs.prometheus?.url,
    configs.alertmanager?.url,
    configs.statuspage?.url,
    configs.kubernetes?.url,
    ...(configs.services?.services.map((service) => service.url) ?? []),
    ...Object.values(supervisorUrls(env)),
    env.FLY_API_URL,
    env.REGISTRY_URL,
    ...(env.WATCHFLOOR_ALLOWED_HOSTS?.split(',').map((host) => `http://${host.trim()}`) ?? []),
  ]
  return urls.filter((url) => url !== undefined).map(ruleFor)
}

function fleetPort(vast: Vast, pageIntervalMs: number, clock: Clock): Ports['fleet'] {
  const policy = { ...SWEEP_POLICY, pageIntervalMs }
  let state = startSweeping(clock.now())
  let pagesExpected = 0
  let calledAtMs = 0
  const sweepMs = (): number => Math.max(state.lastSweepMs ?? 0, pagesExpected * pageIntervalMs)
  return {
    id: 'vast',
    kind: 'vast',
    title: 'Vast.ai instances',
    intervalMs: 15_000,
    wayRound: 'Look in the Vast.ai console; the fleet keeps its last readings with their age.',
    step: async (now) => {
      const call = nextCall(state, now, policy)
      if (call.kind === 'wait')
        return { instances: [], gone: [], waitMs: call.ms, answer: undefined, sweepMs: sweepMs(), note: '' }
      calledAtMs = now.getTime()
      const answer = call.kind === 'page' ? await vast.page(call) : await vast.instance(call.id)
      const result =
        call.kind === 'page'
          ? { kind: 'page' as const, answer: answer as Awaited<ReturnType<Vast['page']>> }
          : { kind: 'look' as const, id: call.id, answer: answer as Awaited<ReturnType<Vast['instance']>> }
      if (answer.ok && answer.value !== null && 'total' in answer.value) {
        pagesExpected = Math.ceil((answer.value.total ?? 0) / policy.pageLimit)
      }
      const step = afterCall(state, result, { now: clock.now(), policy })
      state = step.state
      const waitMs = Math.max(0, state.nextAt.getTime() - clock.now().getTime())
      return {
        instances: step.instances,
        gone: step.gone,
        waitMs,
        answer,
        sweepMs: sweepMs(),
        note: step.ended?.complete === false ? step.ended.why : '',
      }
    },
    hurry: (now) => {
      if (state.failures > 0) return
      const soonestMs = Math.max(now.getTime(), calledAtMs + pageIntervalMs)
      if (soonestMs < state.nextAt.getTime()) state = { ...state, nextAt: new Date(soonestMs) }
    },
  }
}

async function apiFigures(prometheus: Prometheus): Promise<Answer<Record<string, Reading<number>>>> {
  const asked = await Promise.all(
    Object.values(API_QUERIES).map(async (query) => ({
      name: query.name,
      answer: await prometheus.value(query.expr, { deadlineMs: 5_000, unit: query.unit }),
    })),
  )
  const values: Record<string, Reading<number>> = {}
  let latencyMs = 0
  for (const { name, answer } of asked) {
    if (!answer.ok) return answer
    values[name] = answer.value
    latencyMs = Math.max(latencyMs, answer.latencyMs)
  }
  return { ok: true, value: values, latencyMs, drift: [] }
}

function telemetryPorts(configs: SourceConfigs, http: Http, clock: Clock): Pick<Ports, 'metrics' | 'gpus'> {
  const config = configs.prometheus
  if (!config) return {}
  const prometheus = createPrometheus({ baseUrl: config.url, token: config.token, http, clock })
  const dcgm = createDcgm({
    prometheus,
    ...(config.instanceLabel ? { instanceLabel: config.instanceLabel } : {}),
  })
  const wayRound =
    'Ask the backup metrics source, or the exporters directly; alert state is unknown meanwhile.'
  return {
    metrics: {
      id: 'prometheus',
      kind: 'prometheus',
      title: 'Prometheus',
      intervalMs: config.intervalMs,
      wayRound,
      figures: () => apiFigures(prometheus),
    },
    gpus: {
      id: 'dcgm',
      kind: 'dcgm',
      title: 'GPU telemetry (DCGM)',
      intervalMs: config.dcgmIntervalMs,
      wayRound,
      sweep: (now) => dcgm.sweep(now),
    },
  }
}

function queuePort(configs: SourceConfigs): { port: Ports['queues']; close: () => Promise<void> } {
  const config = configs.temporal
  if (!config || config.queues.length === 0) return { port: undefined, close: async () => undefined }
  const temporal = createTemporal(config)
  return {
    port: {
      id: 'temporal',
      kind: 'temporal',
      title: 'Temporal',
      intervalMs: config.intervalMs,
      wayRound: 'Ask the control plane’s own dashboard; queue state is unknown meanwhile.',
      queues: config.queues,
      describe: (queue, now) => temporal.describe(queue, now),
    },
    close: () => temporal.close(),
  }
}

/** connectPorts builds the adapters that the configuration names. */
export function connectPorts(
  configs: SourceConfigs,
  options: { readonly env: Env; readonly clock: Clock; readonly http?: Http },
): Connected {
  const { clock, env } = options
  const allow = allowedTargets(configs, env)
  const http = options.http ?? createHttp({ allow, clock })
  const cluster = connectCluster(configs, { http, allow, clock })
  const vast = configs.vast
    ? createVast({ baseUrl: configs.vast.apiUrl, apiKey: configs.vast.apiKey, http, clock })
    : undefined
  const queues = queuePort(configs)
  const page = configs.statuspage ? createStatusPage({ ...configs.statuspage, http, clock }) : undefined
  const health = createServiceHealth({ http })
  const services = configs.services
  return {
    ports: {
      ...(vast && configs.vast
        ? {
            fleet: fleetPort(vast, configs.vast.pageIntervalMs, clock),
            credit: {
              id: 'vast-credit',
              kind: 'vast',
              title: 'Vast.ai credit',
              intervalMs: 60_000,
              wayRound: 'Read the balance in the Vast.ai console.',
              credit: () => vast.credit(),
            },
          }
        : {}),
      ...telemetryPorts(configs, http, clock),
      ...(queues.port ? { queues: queues.port } : {}),
      ...(page && configs.statuspage
        ? {
            page: {
              id: 'statuspage',
              kind: 'statuspage',
              title: 'Provider status page',
              intervalMs: configs.statuspage.intervalMs,
              wayRound: 'Try another network path; judge the provider by our own error rate.',
              look: (now) => page.look(now),
            },
          }
        : {}),
      ...(services
        ? {
            services: {
              id: 'services',
              kind: 'service-health',
              title: 'Service health',
              intervalMs: services.intervalMs,
              wayRound: 'Call the health endpoints from another network.',
              services: services.services,
              probe: (service, now) => health.probe(service, now),
            },
          }
        : {}),
      ...(cluster ? { cluster: cluster.port } : {}),
      reports: {
        parse: (body, receivedAt) => {
          const parsed = parseAgentReport(body, receivedAt)
          if (!parsed.ok) return { problem: `${parsed.path}: ${parsed.problem}` }
          const { report } = parsed
          return {
            instanceId: report.identity.instanceId,
            receivedAt,
            sampledAt: report.clocks.sampledAt,
            gpus: report.gpus,
            inside: insideOf(report),
          }
        },
      },
    },
    triage: {
      ...connectTriage(configs, { http, clock }),
      ...(cluster ? { cluster: { look: cluster.look } } : {}),
    },
    close: async () => {
      await Promise.allSettled([http.close(), queues.close(), cluster?.close()])
    },
  }
}

/** testSource looks at one source with the given settings and says plainly what came back. */
export async function testSource(options: {
  readonly id: SourceId
  readonly settings: unknown
  readonly secret: string | undefined
  readonly env: Env
}): Promise<TestVerdict> {
  const clock = systemClock
  const secretName = secretNameOf(options.id)
  const configs = {
    [options.id]: {
      ...(options.settings as object),
      ...(options.secret ? { [secretName]: options.secret } : {}),
    },
  } as SourceConfigs
  const allow = allowedTargets(configs, options.env)
  const http = createHttp({ allow, clock })
  try {
    if (configs.vast)
      return await createVast({
        baseUrl: configs.vast.apiUrl,
        apiKey: configs.vast.apiKey ?? '',
        http,
        clock,
      }).test()
    if (configs.prometheus) {
      const { url, token } = configs.prometheus
      return await createPrometheus({ baseUrl: url, token, http, clock }).test()
    }
    if (configs.alertmanager) {
      const { url, ...rest } = configs.alertmanager
      return await createAlertmanager({ baseUrl: url, ...rest, http }).test()
    }
    if (configs.temporal) {
      const temporal = createTemporal(configs.temporal)
      return await temporal.test(clock.now()).finally(() => temporal.close())
    }
    if (configs.kubernetes) {
      const { kubernetes, close } = openKubernetes(configs.kubernetes, { http, allow, clock })
      return await kubernetes.test().finally(close)
    }
    if (configs.statuspage)
      return await createStatusPage({ ...configs.statuspage, http, clock }).test(clock.now())
    const health = createServiceHealth({ http })
    const services = configs.services?.services ?? []
    const verdicts = await Promise.all(services.map((service) => health.test(service, clock.now())))
    const bad = verdicts.find((verdict) => !verdict.ok)
    return (
      bad ?? {
        ok: verdicts.length > 0,
        sentence: verdicts.length > 0 ? `All ${verdicts.length} endpoints answer.` : 'No endpoint is listed.',
      }
    )
  } finally {
    await http.close()
  }
}

/** InstanceTelemetry is what DCGM says of one instance's GPUs now: metric name → value with the sample's own time. */
export type InstanceTelemetry =
  | {
      readonly ok: true
      readonly gpus: readonly {
        readonly index: number
        readonly uuid: string
        readonly model: string
        readonly values: Readonly<Record<string, number>>
      }[]
    }
  | { readonly ok: false; readonly sentence: string }

/** telemetryOf asks Prometheus for every DCGM value of one instance; undefined when no Prometheus is connected. */
export async function telemetryOf(
  configs: SourceConfigs,
  instanceId: string,
  env: Env,
): Promise<InstanceTelemetry | undefined> {
  const config = configs.prometheus
  if (!config || !/^[\w.-]+$/.test(instanceId)) return undefined
  const http = createHttp({ allow: allowedTargets(configs, env), clock: systemClock })
  try {
    const prometheus = createPrometheus({
      baseUrl: config.url,
      token: config.token,
      http,
      clock: systemClock,
    })
    const matchers = instancePlaces(instanceId, config.instanceLabel)
    const expr = matchers.map((matcher) => `{__name__=~"DCGM_.+",${matcher}}`).join(' or ')
    const answer = await prometheus.vector(expr, { deadlineMs: 4_000 })
    if (!answer.ok) return { ok: false, sentence: answer.detail }
    const gpus = new Map<
      string,
      { index: number; uuid: string; model: string; values: Record<string, number> }
    >()
    for (const { metric, value } of answer.value) {
      const uuid = metric.UUID ?? ''
      const known = gpus.get(uuid) ?? {
        index: Number(metric.gpu ?? 0),
        uuid,
        model: metric.modelName ?? '',
        values: {},
      }
      const number = Number(value[1])
      if (Number.isFinite(number) && Math.abs(number) < 1e15) known.values[metric.__name__ ?? ''] = number
      gpus.set(uuid, known)
    }
    return { ok: true, gpus: [...gpus.values()].sort((a, b) => a.index - b.index) }
  } finally {
    await http.close()
  }
}
