import type { Cluster } from '../kubernetes/cluster'
import { type Fields, isFields } from '../kubernetes/model'
import { canaryShareOf } from '../kubernetes/routes'
import { json, type Reply, type SimRequest } from '../reply'
import { imageDigest } from '../world/images'
import { BEHAVIOURS, RELEASED, versionsOf } from './catalogue'
import { type Script, VersionTraffic } from './figures'
import { SimFly } from './fly'

const STABLE = 'vastai-integration'
const FROM_MINUTE = 1

/** One copy of a version and its part of the requests. */
type Served = { readonly digest: string; readonly share: number }

function evenly(digests: readonly string[], whole = 1): readonly Served[] {
  return digests.map((digest) => ({ digest, share: whole / digests.length }))
}

/** Everything of the simulated world that deployments move: images, machines, and how each version does among people. */
export class Releases {
  readonly fly = new SimFly()
  readonly traffic: readonly VersionTraffic[]
  private readonly scripts = new Map<string, Script>()
  private readonly recycled = new Map<number, string>()
  private readonly templates = new Map<number, string>()

  constructor(private readonly cluster: Cluster) {
    this.traffic = RELEASED.flatMap((service) =>
      (['production', 'staging'] as const).flatMap((environment) =>
        versionsOf(service).map(
          ({ digest, behaviour }) =>
            new VersionTraffic(
              { service: service.id, environment, version: digest.slice(7, 19) },
              service.requestsPerMinute,
              () => this.scripts.get(digest) ?? { behaviour, fromMinute: FROM_MINUTE },
            ),
        ),
      ),
    )
    this.sample(0)
  }

  /** Notes who serves now; it is asked with every request, so that what changed meanwhile counts from then on. */
  sample(offsetMs: number): void {
    this.share(STABLE, 'production', this.pods(), offsetMs)
    this.share('rag-mcp', 'production', evenly(this.fly.serving('rag-mcp', offsetMs)), offsetMs)
    this.share('rag-mcp', 'staging', evenly(this.fly.serving('rag-mcp-staging', offsetMs)), offsetMs)
    const workers = [...this.recycled.values()].map((image) => /sha256:[0-9a-f]{64}/.exec(image)?.[0] ?? '')
    if (workers.length > 0) this.share('gpu-workers', 'production', evenly(workers), offsetMs)
  }

  private share(service: string, environment: string, served: readonly Served[], offsetMs: number): void {
    for (const it of this.traffic) {
      if (it.labels.service !== service || it.labels.environment !== environment) continue
      const own = served.filter(({ digest }) => digest.slice(7, 19) === it.labels.version)
      it.setShare(
        own.reduce((sum, { share }) => sum + share, 0),
        offsetMs,
      )
    }
  }

  /** Whatever splits by weight decides; without it every ready pod gets its part. */
  private pods(): readonly Served[] {
    const [stable, canary] = [this.ready(STABLE), this.ready(`${STABLE}-canary`)]
    const weight = canaryShareOf(this.cluster.store, this.cluster.namespace, STABLE)
    if (weight === undefined) return evenly([...stable, ...canary])
    return [...evenly(stable, 1 - weight), ...evenly(canary, weight)]
  }

  private ready(deployment: string): readonly string[] {
    return this.cluster.podsOf(deployment).flatMap((pod) => {
      if (!pod.ready) return []
      const image = pod.template.spec.containers[0]?.image ?? ''
      return [/sha256:[0-9a-f]{64}/.exec(image)?.[0] ?? imageDigest(image)]
    })
  }

  /** The image of an instance’s template counts from its next recycle on. */
  setTemplate(instance: number, image: string): void {
    this.templates.set(instance, image)
  }

  recycle(instance: number): void {
    const image = this.templates.get(instance)
    if (image !== undefined) this.recycled.set(instance, image)
  }

  imageOf(instance: number): string | undefined {
    return this.recycled.get(instance)
  }

  /** POST /control/release {"version": "4.14.0" or a digest, "behaviour": "good", "fromMinute": 1} makes a version behave. */
  control(request: SimRequest): Reply | undefined {
    if (request.path === '/releases')
      return json(
        RELEASED.map((service) => ({
          id: service.id,
          image: service.image,
          versions: versionsOf(service).map(({ version, digest, behaviour }) => ({
            version,
            digest,
            behaviour: this.scripts.get(digest)?.behaviour ?? behaviour,
          })),
        })),
      )
    if (request.path !== '/release' || request.method !== 'POST') return undefined
    const body: unknown = JSON.parse(request.body === '' ? '{}' : request.body)
    const { service, version, behaviour, fromMinute } = (isFields(body) ? body : {}) as Fields
    const known = BEHAVIOURS.find((one) => one === behaviour)
    const found = RELEASED.filter(({ id }) => service === undefined || id === service)
      .flatMap(versionsOf)
      .filter((one) => one.version === version || one.digest === version)
    if (!known || found.length === 0)
      return json({ error: 'give a known version and a behaviour', behaviours: BEHAVIOURS }, 400)
    const script = { behaviour: known, fromMinute: typeof fromMinute === 'number' ? fromMinute : FROM_MINUTE }
    for (const { digest } of found) this.scripts.set(digest, script)
    return json({ changed: found.length })
  }
}
