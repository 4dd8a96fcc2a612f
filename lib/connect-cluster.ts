import type { ClusterPort } from './health/ports'
import type { Clock } from './platform/clock'
import { createHttp } from './platform/http'
import type { Http } from './platform/http-types'
import type { AddressRule } from './platform/ssrf'
import type { SourceConfigs } from './settings/sources'
import { createKubernetes } from './sources/kubernetes/kubernetes'
import type { Kubernetes, KubernetesLook } from './sources/kubernetes/types'
import type { Answer } from './sources/source'

/** ConnectedCluster is the watched cluster: one reader for the board and for triage. */
export type ConnectedCluster = {
  readonly port: ClusterPort
  /** look gives the newest answer; it asks the cluster only when that is older than nine tenths of the interval. */
  readonly look: () => Promise<Answer<KubernetesLook>>
  readonly close: () => Promise<void>
}

type ClusterConfig = NonNullable<SourceConfigs['kubernetes']>

const FRESH_SHARE = 0.9

/** openKubernetes builds the adapter; a cluster with an authority of its own gets an HTTP client that trusts it alone. */
export function openKubernetes(
  config: ClusterConfig,
  {
    http,
    allow,
    clock,
  }: { readonly http: Http; readonly allow: readonly AddressRule[]; readonly clock: Clock },
): { readonly kubernetes: Kubernetes; readonly close: () => Promise<void> } {
  const own = config.caData ? createHttp({ allow, clock, ca: pemOf(config.caData) }) : undefined
  const kubernetes = createKubernetes({
    baseUrl: config.url,
    token: config.token ?? '',
    namespace: config.namespace,
    deployments: config.deployments,
    secrets: config.secrets.map((entry) => {
      const [name = '', key = ''] = entry.split('/')
      return { name, key }
    }),
    http: own ?? http,
    clock,
  })
  return { kubernetes, close: async () => own?.close() }
}

/** pemOf turns a kubeconfig's certificate-authority-data into PEM; PEM itself stays. */
export function pemOf(data: string): string {
  return data.includes('-----BEGIN') ? data : Buffer.from(data, 'base64').toString('utf8')
}

/** connectCluster builds the one reader of the configured cluster; undefined when none is configured. */
export function connectCluster(
  configs: SourceConfigs,
  options: { readonly http: Http; readonly allow: readonly AddressRule[]; readonly clock: Clock },
): ConnectedCluster | undefined {
  const config = configs.kubernetes
  if (!config) return undefined
  const { kubernetes, close } = openKubernetes(config, options)
  const { clock } = options
  let taken: { readonly atMs: number; readonly answer: Promise<Answer<KubernetesLook>> } | undefined
  const look = (): Promise<Answer<KubernetesLook>> => {
    const nowMs = clock.monotonicMs()
    if (!taken || nowMs - taken.atMs >= config.intervalMs * FRESH_SHARE)
      taken = { atMs: nowMs, answer: kubernetes.look() }
    return taken.answer
  }
  return {
    port: {
      id: 'kubernetes',
      kind: 'kubernetes',
      title: 'Kubernetes',
      intervalMs: config.intervalMs,
      wayRound: 'Use kubectl from a machine that reaches the cluster; judge the service by its own health.',
      look,
    },
    look,
    close,
  }
}
