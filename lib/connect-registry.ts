import { imageNameOf, type Registry } from './deployers/deployer'
import { openRegistry } from './deployers/oci/registry'
import type { ImageLook, Seen } from './deployments/looks'
import type { Clock } from './platform/clock'
import type { Env } from './platform/env'
import type { Http } from './platform/http-types'

type Known = { readonly registry: Registry; readonly repository: string }

const MEGABYTE = 1_000_000
const SOURCE = 'registry'

/** registryUrl is where the images of a host are asked for: the configured registry, or the host that the image names. */
export function registryUrl(image: string, env: Env): string | undefined {
  const name = imageNameOf(image)
  return name === undefined ? undefined : (env.REGISTRY_URL ?? `https://${name.registry}`)
}

/** Images answers what the registry of an image says of a digest or a tag. */
export type Images = {
  readonly look: (image: string, digest: string, now: Date) => Promise<Seen<ImageLook>>
  readonly digestOf: (image: string, tag: string, now: Date) => Promise<Seen<string | undefined>>
}

/** imagesIn opens the registries that images name; the size of an image is the sum of its layers. */
export function imagesIn(around: { readonly env: Env; readonly http: Http; readonly clock: Clock }): Images {
  const { env, http, clock } = around
  const registries = new Map<string, Registry>()
  const sizes = new Map<string, number>()

  function find(image: string): Known | undefined {
    const name = imageNameOf(image)
    const url = registryUrl(image, env)
    if (name === undefined || url === undefined) return undefined
    const known =
      registries.get(url) ??
      openRegistry({
        url,
        http,
        clock,
        ...(env.REGISTRY_USER ? { user: env.REGISTRY_USER } : {}),
        ...(env.REGISTRY_PASSWORD ? { password: env.REGISTRY_PASSWORD } : {}),
      })
    registries.set(url, known)
    return { registry: known, repository: name.repository }
  }

  async function sizeOf({ registry, repository }: Known, digest: string): Promise<number | undefined> {
    const kept = sizes.get(digest)
    if (kept !== undefined) return kept
    const got = await registry.bytes(repository, digest)
    if (got.kind !== 'bytes') return undefined
    const manifest = JSON.parse(got.text) as Manifest
    const child = manifest.manifests?.find((it) => it.platform?.architecture === 'amd64')?.digest
    if (child !== undefined) return sizeOf({ registry, repository }, child)
    if (!manifest.layers) return undefined
    const size = manifest.layers.reduce((sum, layer) => sum + (layer.size ?? 0), 0) / MEGABYTE
    sizes.set(digest, size)
    return size
  }

  return {
    look: async (image, digest, now) => {
      const atMs = now.getTime()
      const at = find(image)
      if (!at) return { kind: 'unknown', why: `${image} names no registry`, source: SOURCE, atMs }
      const look = await at.registry.look(at.repository, digest)
      if (look.kind === 'unknown' || look.kind === 'hidden')
        return { kind: 'unknown', why: look.detail, source: SOURCE, atMs }
      if (look.kind === 'absent')
        return { kind: 'known', value: { isThere: false, detail: look.detail }, source: SOURCE, atMs }
      const sizeMb = await sizeOf(at, digest).catch(() => undefined)
      return { kind: 'known', value: { isThere: true, detail: '', sizeMb }, source: SOURCE, atMs }
    },
    digestOf: async (image, tag, now) => {
      const atMs = now.getTime()
      const at = find(image)
      if (!at) return { kind: 'unknown', why: `${image} names no registry`, source: SOURCE, atMs }
      const look = await at.registry.look(at.repository, tag)
      if (look.kind === 'manifest') return { kind: 'known', value: look.digest, source: SOURCE, atMs }
      if (look.kind === 'absent') return { kind: 'known', value: undefined, source: SOURCE, atMs }
      return { kind: 'unknown', why: look.detail, source: SOURCE, atMs }
    },
  }
}

type Manifest = {
  readonly layers?: readonly { readonly size?: number }[]
  readonly manifests?: readonly {
    readonly digest?: string
    readonly platform?: { readonly architecture?: string }
  }[]
}
