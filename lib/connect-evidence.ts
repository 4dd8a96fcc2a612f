import { allowedTargets } from './connect'
import { openKubernetes } from './connect-cluster'
import type { Console } from './console'
import type { EvidencePorts } from './evidence/ports'
import { createHttp } from './platform/http'
import type { Http } from './platform/http-types'
import type { Runbooks } from './runbooks/load'
import type { SourceConfigs } from './settings/sources'
import { readRawSources, readSourceConfigs } from './settings/store'
import type { KubernetesLook } from './sources/kubernetes/types'
import { createPrometheus } from './sources/prometheus/prometheus'
import { API_QUERIES, EVIDENCE_QUERIES, SERIES_QUERIES } from './sources/prometheus/queries'
import type { Answer } from './sources/source'

const DEADLINE_MS = 10_000

/** connectEvidence connects the configured sources for one evidence bundle; `close` lets go of them. */
export async function connectEvidence(
  app: Console,
  runbooks: () => Runbooks,
): Promise<{ readonly ports: EvidencePorts; readonly close: () => Promise<void> }> {
  const { configs } = await readSourceConfigs(app)
  const allow = allowedTargets(configs, app.env)
  const http = createHttp({ allow, clock: app.clock })
  const cluster = configs.kubernetes
    ? openKubernetes(configs.kubernetes, { http, allow, clock: app.clock })
    : undefined
  return {
    ports: {
      ...metricsOf(configs, http, app),
      ...(cluster
        ? {
            cluster: {
              look: async () => named(await cluster.kubernetes.look({ deadlineMs: DEADLINE_MS })),
              logs: (since) => cluster.kubernetes.logs(since, { deadlineMs: DEADLINE_MS }),
            },
          }
        : {}),
      configuration: () => configurationOf(app),
      runbooks: async () => {
        const { hash, files } = runbooks()
        return { hash, files: [...files.values()].map(({ path, value }) => ({ path, value })) }
      },
    },
    close: async () => {
      await Promise.allSettled([http.close(), cluster?.close()])
    },
  }
}

function metricsOf(
  { prometheus: config }: SourceConfigs,
  http: Http,
  { clock }: Console,
): Pick<EvidencePorts, 'metrics'> {
  if (!config) return {}
  const prometheus = createPrometheus({ baseUrl: config.url, token: config.token, http, clock })
  return {
    metrics: {
      queries: [
        ...Object.values(API_QUERIES),
        ...Object.values(SERIES_QUERIES),
        ...Object.values(EVIDENCE_QUERIES),
      ],
      range: async (expr, range) => {
        const answer = await prometheus.queryRange(expr, range, { deadlineMs: DEADLINE_MS })
        if (!answer.ok) return answer
        return {
          ...answer,
          value: answer.value.map(({ labels, points }) => ({
            labels,
            points: points.map(({ at, value }) => [at.getTime() / 1000, value] as const),
          })),
        }
      },
    },
  }
}

/** What is called a secret is masked whole; which keys are there is no secret. */
function named(answer: Answer<KubernetesLook>): Answer<unknown> {
  if (!answer.ok) return answer
  const { secrets, ...rest } = answer.value
  return { ...answer, value: { ...rest, credentials: secrets } }
}

/** Whether a source has a secret is told; what it is never leaves its place. */
async function configurationOf(app: Console): Promise<unknown> {
  const raw = await readRawSources(app)
  return Object.fromEntries(
    Object.entries(raw).map(([id, entry]) => [
      id,
      { settings: entry?.value, origin: entry?.origin, hasSecret: entry?.secret !== undefined },
    ]),
  )
}
