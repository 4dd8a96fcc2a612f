import { allowedTargets } from './connect'
import { openKubernetes, pemOf } from './connect-cluster'
import { DEADLINE_MS, type LookingAround, type Standing, seen, unseen } from './connect-places-around'
import type { PlaceLook, Seen } from './deployments/looks'
import type { Environment, ServiceDefinition, Target } from './deployments/model'
import { createHttp } from './platform/http'
import { ruleFor } from './platform/ssrf'
import type { SourceConfigs } from './settings/sources'
import { quantityOf } from './sources/kubernetes/quantity'
import type { KubernetesSecret } from './sources/kubernetes/types'

type KubernetesTarget = Extract<Target, { provider: 'kubernetes' }>

/** clusterLook looks at one environment in the configured cluster. */
export async function clusterLook(
  service: ServiceDefinition,
  environment: Environment,
  at: LookingAround,
): Promise<Standing> {
  const config = at.configs.kubernetes
  const { targets, secrets, secretObject } = service.environments[environment]
  const mine = targets.filter((it): it is KubernetesTarget => it.provider === 'kubernetes')
  const [first] = mine
  if (!config || !first) {
    const nothing = unseen('Kubernetes is not connected', 'kubernetes', at.now)
    return { place: nothing, secrets: nothing }
  }
  const opened = openKubernetes(
    {
      ...config,
      namespace: first.namespace,
      deployments: mine.map(({ deployment }) => deployment),
      secrets: secretObject ? secrets.map((name) => `${secretObject}/${name}`) : [],
    },
    { http: at.http, allow: allowedTargets(at.configs, at.console.env), clock: at.console.clock },
  )
  try {
    const [answer, size] = await Promise.all([
      opened.kubernetes.look({ deadlineMs: DEADLINE_MS }),
      sizeOf(first, config, at),
    ])
    if (!answer.ok) {
      const nothing = unseen(answer.detail, 'kubernetes', at.now)
      return { place: nothing, secrets: nothing }
    }
    const { deployments, pods, secrets: keys } = answer.value
    const place: Seen<PlaceLook> =
      deployments.kind === 'known' && deployments.value.length > 0
        ? seen(
            {
              names: deployments.value.map(({ name }) => name),
              units: deployments.value.reduce((sum, it) => sum + it.desired, 0),
              size,
              digests:
                pods.kind === 'known'
                  ? [
                      ...new Set(
                        pods.value.flatMap((it) => (it.ready && it.digest !== '' ? [it.digest] : [])),
                      ),
                    ]
                  : [],
            },
            'kubernetes',
            at.now,
          )
        : unseen(
            deployments.kind === 'unknown'
              ? (deployments.detail ?? deployments.why)
              : `the cluster has no deployment ${first.deployment}`,
            'kubernetes',
            at.now,
          )
    return {
      place,
      secrets:
        keys.kind === 'known'
          ? keysOf(keys.value, at.now)
          : unseen(keys.detail ?? keys.why, 'kubernetes', at.now),
    }
  } finally {
    await opened.close()
  }
}

/** A Secret whose keys nobody can name proves nothing about the one that is wanted. */
function keysOf(keys: readonly KubernetesSecret[], now: Date): Seen<readonly string[]> {
  const doubted = keys.find(({ present, isSure }) => present && !isSure)
  if (doubted) return unseen(`the cluster does not say which keys ${doubted.name} holds`, 'kubernetes', now)
  return seen(
    keys.filter(({ present }) => present).map(({ key }) => key),
    'kubernetes',
    now,
  )
}

async function sizeOf(
  target: KubernetesTarget,
  config: NonNullable<SourceConfigs['kubernetes']>,
  { console, http }: LookingAround,
): Promise<PlaceLook['size']> {
  const own = config.caData
    ? createHttp({ allow: [ruleFor(config.url)], clock: console.clock, ca: pemOf(config.caData) })
    : undefined
  const answer = await (own ?? http).request({
    url: `${config.url}/apis/apps/v1/namespaces/${target.namespace}/deployments/${target.deployment}`,
    headers: { authorization: `Bearer ${config.token ?? ''}` },
    deadlineMs: DEADLINE_MS,
    expect: 'json',
  })
  await own?.close()
  if (!answer.ok) return undefined
  const body = answer.value.json as DeploymentBody | null
  const containers = body?.spec?.template?.spec?.containers ?? []
  const container = containers.find(({ name }) => name === target.container) ?? containers[0]
  const cpus = quantityOf(container?.resources?.limits?.cpu)
  const memory = quantityOf(container?.resources?.limits?.memory)
  if (cpus === undefined || memory === undefined) return undefined
  return { cpus, memoryMb: Math.round(memory / 1024 ** 2) }
}

type DeploymentBody = {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
          readonly name?: string
          readonly resources?: { readonly limits?: { readonly cpu?: string; readonly memory?: string } }
        }[]
      }
    }
  }
}
