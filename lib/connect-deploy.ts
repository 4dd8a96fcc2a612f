import { allowedTargets } from './connect'
import { pemOf } from './connect-cluster'
import { readFigure, readTicks } from './connect-figures'
import { instancesOf } from './connect-places-vast'
import type { Console } from './console'
import { type Deployer, imageNameOf, type Registry } from './deployers/deployer'
import { openFlyDeployer } from './deployers/fly/deployer'
import { openKubernetesDeployer } from './deployers/kubernetes/deployer'
import type { Weighting } from './deployers/kubernetes/weights'
import { openRegistry } from './deployers/oci/registry'
import { together } from './deployers/together'
import { openVastDeployer } from './deployers/vast/deployer'
import type { Plan, Target } from './deployments/model'
import { createHttp } from './platform/http'
import type { Http } from './platform/http-types'
import type { Eyes, Targets } from './rollouts/ports'
import type { SourceConfigs } from './settings/sources'
import { readSourceConfigs } from './settings/store'

/** Deploying is what rollouts and the checks of deployments reach outside: targets, figures and the registry of images. */
export type Deploying = {
  readonly targets: Targets
  readonly eyes: Eyes
  /** registry finds the registry of an image, e.g. `ghcr.io/team/service`; undefined when its host is not one of ours. */
  readonly registry: (image: string) => Promise<Registry | undefined>
  /** figure asks the connected Prometheus for one number now. */
  readonly figure: (expr: string) => ReturnType<typeof readFigure>
  readonly close: () => Promise<void>
}

type Reached = {
  readonly configs: SourceConfigs
  readonly http: Http
  readonly cluster: Http
  readonly key: string
}

const SETTINGS_EVERY_MS = 2_000

/** openDeploying builds the hands as configured; settings that changed count two seconds later. */
export function openDeploying(console: Console): Deploying {
  const { env, clock } = console
  let made: Reached | undefined
  let readAtMs = -Infinity

  async function reach(): Promise<Reached> {
    if (made && clock.monotonicMs() - readAtMs < SETTINGS_EVERY_MS) return made
    const { configs } = await readSourceConfigs(console)
    const key = JSON.stringify(configs)
    readAtMs = clock.monotonicMs()
    if (made?.key === key) return made
    const before = made
    const allow = allowedTargets(configs, env)
    const http = createHttp({ allow, clock })
    const { kubernetes } = configs
    const cluster = kubernetes?.caData ? createHttp({ allow, clock, ca: pemOf(kubernetes.caData) }) : http
    made = { configs, http, cluster, key }
    // What is under way with the old settings ends by its own deadline.
    if (before) setTimeout(() => void closeBoth(before), 30_000).unref()
    return made
  }

  const registry = async (image: string): Promise<Registry | undefined> =>
    registryOf(console, await reach(), image)
  return {
    registry,
    targets: async ({ plan, rolloutId }) => {
      const around = await reach()
      const built: Deployer[] = []
      for (const target of plan.targets) {
        const one = await deployerOf({ console, around, plan, target, mark: rolloutId })
        if ('missing' in one) return one
        built.push(one)
      }
      return together(built) ?? { missing: 'the plan names no target' }
    },
    eyes: async (subject, span) => {
      const { configs, http } = await reach()
      return readTicks({ configs, http, clock, subject, span })
    },
    figure: async (expr) => {
      const { configs, http } = await reach()
      return readFigure({ configs, http, clock }, expr)
    },
    close: async () => {
      if (made) await closeBoth(made)
    },
  }
}

async function closeBoth({ http, cluster }: Reached): Promise<void> {
  await Promise.allSettled([http.close(), ...(cluster === http ? [] : [cluster.close()])])
}

function registryOf({ env, clock }: Console, { http }: Reached, image: string): Registry | undefined {
  const name = imageNameOf(image)
  if (!name) return undefined
  return openRegistry({
    url: env.REGISTRY_URL ?? `https://${name.registry}`,
    ...(env.REGISTRY_USER === undefined ? {} : { user: env.REGISTRY_USER }),
    ...(env.REGISTRY_PASSWORD === undefined ? {} : { password: env.REGISTRY_PASSWORD }),
    http,
    clock,
  })
}

type Building = {
  readonly console: Console
  readonly around: Reached
  readonly plan: Plan
  readonly target: Target
  readonly mark: string
}

type Built = Deployer | { readonly missing: string }

async function deployerOf({ console, around, plan, target, mark }: Building): Promise<Built> {
  const artifact = plan.artifacts[0]
  if (!artifact) return { missing: 'the plan names no image' }
  const { configs, http, cluster } = around
  const image = artifact.image
  const fresh = { image, digest: artifact.digest, tag: artifact.tag }
  const stable = { image, digest: plan.rollback.digest, tag: plan.rollback.tag }
  switch (target.provider) {
    case 'kubernetes': {
      const { kubernetes } = configs
      if (!kubernetes) return { missing: 'Kubernetes is not connected' }
      return openKubernetesDeployer({
        baseUrl: kubernetes.url,
        token: kubernetes.token ?? '',
        namespace: target.namespace,
        http: cluster,
        deployment: target.deployment,
        ...(target.canaryDeployment === undefined || plan.isAtOnce
          ? {}
          : { canaryDeployment: target.canaryDeployment, ...weightingOf(target) }),
        container: target.container ?? 'app',
        fresh,
        stable,
        mark,
      })
    }
    case 'fly': {
      const { FLY_API_TOKEN: token, FLY_API_URL: baseUrl } = console.env
      if (token === undefined) return { missing: 'Fly is not connected: FLY_API_TOKEN is not set' }
      return openFlyDeployer({
        baseUrl,
        token,
        app: target.app,
        http,
        fresh: { image: `${image}@${fresh.digest}`, digest: fresh.digest },
        stable: { image: `${image}@${stable.digest}`, digest: stable.digest },
      })
    }
    case 'vast':
      return vastOf({ console, around, plan, target, mark }, target, image)
  }
}

type KubernetesTarget = Extract<Target, { provider: 'kubernetes' }>

/** weightingOf is what splits a target’s requests by weight, as its definition names it; nothing where the ratio of pods does. */
export function weightingOf(target: KubernetesTarget): { readonly weighting?: Weighting } {
  const { share, route, canaryDeployment } = target
  if (share === 'replicas' || route === undefined || canaryDeployment === undefined) return {}
  return { weighting: { share, route, canaryService: target.canaryService ?? canaryDeployment } }
}

async function vastOf(
  { console, around, plan }: Building,
  target: Extract<Target, { provider: 'vast' }>,
  image: string,
): Promise<Built> {
  const { vast } = around.configs
  if (!vast) return { missing: 'Vast.ai is not connected' }
  // One that was rented no more is not steered; one that is named by number is, even before it was listed.
  const named =
    target.instances.length > 0 ? target.instances : (await instancesOf(console, target)).map(({ id }) => id)
  if (named.length === 0) return { missing: `no instance carries the label ${target.label ?? ''}` }
  const name = imageNameOf(image)
  const registry = target.image === 'by-tag' ? registryOf(console, around, image) : undefined
  return openVastDeployer({
    baseUrl: vast.apiUrl,
    apiKey: vast.apiKey,
    http: around.http,
    instances: named,
    image,
    fresh: plan.artifacts[0]?.digest ?? '',
    stable: plan.rollback.digest,
    isInPlace: target.mode === 'in-place',
    ...(registry && name ? { byTag: { tag: 'stable', repository: name.repository, registry } } : {}),
  })
}
