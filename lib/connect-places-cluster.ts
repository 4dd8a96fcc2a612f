import { allowedTargets } from './connect'
import { openKubernetes, pemOf } from './connect-cluster'
import { weightingOf } from './connect-deploy'
import { DEADLINE_MS, type LookingAround, type Standing, seen, unseen } from './connect-places-around'
import { readWeight } from './deployers/kubernetes/weights'
import type { PlaceLook, Seen, SizeLook } from './deployments/looks'
import type { Environment, ServiceDefinition, Target } from './deployments/model'
import { createHttp } from './platform/http'
import { ruleFor } from './platform/ssrf'
import type { SourceConfigs } from './settings/sources'
import { quantityOf } from './sources/kubernetes/quantity'
import type { KubernetesDeployment, KubernetesSecret } from './sources/kubernetes/types'

const SOURCE = 'kubernetes'

type KubernetesTarget = Extract<Target, { provider: 'kubernetes' }>

type Config = NonNullable<SourceConfigs['kubernetes']>

/** Read is what one namespace showed: its own deployments and pods, the size of each target, the keys of its Secret. */
type Read = {
  readonly deployments: readonly KubernetesDeployment[]
  readonly sizes: readonly (SizeLook | undefined)[]
  /** unread is why the deployments could not be read. */
  readonly unread?: string | undefined
  readonly digests: readonly string[] | undefined
  readonly secrets: Seen<readonly string[]>
}

/** clusterLook looks at one environment in the configured cluster, at each target in its own namespace. */
export async function clusterLook(
  service: ServiceDefinition,
  environment: Environment,
  at: LookingAround,
): Promise<Standing> {
  const config = at.configs.kubernetes
  const { targets } = service.environments[environment]
  const mine = targets.filter((it): it is KubernetesTarget => it.provider === 'kubernetes')
  if (!config || mine.length === 0) {
    const nothing = unseen('Kubernetes is not connected', SOURCE, at.now)
    return { place: nothing, secrets: nothing }
  }
  const namespaces = [...new Set(mine.map(({ namespace }) => namespace))]
  const [reads, unweighted] = await Promise.all([
    Promise.all(
      namespaces.map(async (namespace) => {
        const own = mine.filter((it) => it.namespace === namespace)
        const around = { ...at, config, wanted: service.environments[environment] }
        return { targets: own, read: await readNamespace(namespace, own, around) }
      }),
    ),
    unweightedOf(mine, config, at),
  ])
  const secrets = reads.map(({ read }) =>
    typeof read === 'string' ? unseen(read, SOURCE, at.now) : read.secrets,
  )
  const place = placeOf(reads, at.now)
  return {
    place: place.kind === 'known' ? { ...place, value: { ...place.value, unweighted } } : place,
    secrets: keysEverywhere(secrets, at.now),
  }
}

async function readNamespace(
  namespace: string,
  targets: readonly KubernetesTarget[],
  at: LookingAround & {
    readonly config: Config
    readonly wanted: ServiceDefinition['environments'][Environment]
  },
): Promise<Read | string> {
  const { config, wanted } = at
  const { secretObject } = wanted
  const opened = openKubernetes(
    {
      ...config,
      namespace,
      deployments: targets.map(({ deployment }) => deployment),
      secrets: secretObject ? wanted.secrets.map((name) => `${secretObject}/${name}`) : [],
    },
    { http: at.http, allow: allowedTargets(at.configs, at.console.env), clock: at.console.clock },
  )
  try {
    const [answer, sizes] = await Promise.all([
      opened.kubernetes.look({ deadlineMs: DEADLINE_MS }),
      Promise.all(targets.map((target) => sizeOf(target, config, at))),
    ])
    if (!answer.ok) return answer.detail
    const { deployments, pods, secrets: keys } = answer.value
    return {
      deployments: deployments.kind === 'known' ? deployments.value : [],
      ...(deployments.kind === 'known' ? {} : { unread: deployments.detail ?? deployments.why }),
      sizes,
      digests:
        pods.kind === 'known'
          ? pods.value.flatMap((it) => (it.ready && it.digest !== '' ? [it.digest] : []))
          : undefined,
      secrets:
        keys.kind === 'known' ? keysOf(keys.value, at.now) : unseen(keys.detail ?? keys.why, SOURCE, at.now),
    }
  } finally {
    await opened.close()
  }
}

function placeOf(
  reads: readonly { readonly targets: readonly KubernetesTarget[]; readonly read: Read | string }[],
  now: Date,
): Seen<PlaceLook> {
  const all: { readonly target: KubernetesTarget; readonly found: KubernetesDeployment }[] = []
  const [sizes, digests]: [(SizeLook | undefined)[], string[]] = [[], []]
  let arePodsSeen = true
  for (const { targets, read } of reads) {
    if (typeof read === 'string') return unseen(read, SOURCE, now)
    if (read.unread !== undefined) return unseen(read.unread, SOURCE, now)
    for (const target of targets) {
      const found = read.deployments.find(({ name }) => name === target.deployment)
      if (!found) return unseen(`${target.namespace} has no deployment ${target.deployment}`, SOURCE, now)
      all.push({ target, found })
    }
    sizes.push(...read.sizes)
    digests.push(...(read.digests ?? []))
    arePodsSeen &&= read.digests !== undefined
  }
  return seen(
    {
      names: [...new Set(all.map(({ found }) => found.name))],
      units: all.reduce((sum, { found }) => sum + found.desired, 0),
      unitsByTarget: Object.fromEntries(all.map(({ target, found }) => [target.name, found.desired])),
      ...sizesOf(sizes),
      digests: arePodsSeen ? [...new Set(digests)] : [],
    },
    SOURCE,
    now,
  )
}

function sizesOf(sizes: readonly (SizeLook | undefined)[]): Pick<PlaceLook, 'size' | 'differing'> {
  const words = new Map(
    sizes.flatMap((size) => (size ? [[`${size.cpus} CPU, ${size.memoryMb} MB`, size] as const] : [])),
  )
  if (sizes.some((size) => size === undefined)) return {}
  const [size] = [...words.values()].sort((a, b) => a.memoryMb - b.memoryMb || a.cpus - b.cpus)
  return words.size > 1 ? { size, differing: [...words.keys()].join(' and ') } : { size }
}

/** A secret is set where each namespace of the environment has it. */
function keysEverywhere(lists: readonly Seen<readonly string[]>[], now: Date): Seen<readonly string[]> {
  const doubted = lists.find((list) => list.kind === 'unknown')
  if (doubted) return doubted
  const [first = [], ...others] = lists.map((list) => (list.kind === 'known' ? list.value : []))
  return seen(
    first.filter((name) => others.every((names) => names.includes(name))),
    SOURCE,
    now,
  )
}

/** A Secret whose keys nobody can name proves nothing about the one that is wanted. */
function keysOf(keys: readonly KubernetesSecret[], now: Date): Seen<readonly string[]> {
  const doubted = keys.find(({ present, isSure }) => present && !isSure)
  if (doubted) return unseen(`the cluster does not say which keys ${doubted.name} holds`, SOURCE, now)
  return seen(
    keys.filter(({ present }) => present).map(({ key }) => key),
    SOURCE,
    now,
  )
}

/** What a definition names and the cluster does not have is said when the plan is made, not when it starts. */
async function unweightedOf(
  targets: readonly KubernetesTarget[],
  config: Config,
  { console, http }: LookingAround,
): Promise<PlaceLook['unweighted']> {
  const weighted = targets.flatMap((target) => {
    const { weighting } = weightingOf(target)
    return weighting ? [{ target, weighting }] : []
  })
  if (weighted.length === 0) return undefined
  const own = config.caData
    ? createHttp({ allow: [ruleFor(config.url)], clock: console.clock, ca: pemOf(config.caData) })
    : undefined
  const found = await Promise.all(
    weighted.map(async ({ target, weighting }) => {
      const { namespace, name } = target
      const cluster = { baseUrl: config.url, token: config.token ?? '', namespace, http: own ?? http }
      const weight = await readWeight(cluster, weighting)
      const why = weight.kind === 'weight' ? weight.unusable?.detail : weight.detail
      return why === undefined ? [] : [[name, `${name}: ${why}`] as const]
    }),
  )
  await own?.close()
  return Object.fromEntries(found.flat())
}

async function sizeOf(
  target: KubernetesTarget,
  config: Config,
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
