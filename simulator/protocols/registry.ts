import type { Reply, SimRequest } from '../reply'
import { manifestOf, sha256 } from '../world/images'
import type { World } from '../world/world'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const HOST = 'ghcr.io'
const AHEAD = 3

type Kept = { readonly text: string; readonly type: string }

/** An OCI registry: the images of the cluster and the versions before and after them; tags are written and manifests deleted. */
export class RegistryStore {
  readonly #manifests = new Map<string, Kept>()
  readonly #tags = new Map<string, string>()

  constructor(world: World) {
    for (const image of imagesOf(world)) this.#keep(image)
  }

  handle(request: SimRequest): Reply {
    if (request.path === '/v2/' || request.path === '/v2') return answer(200, '{}', 'application/json')
    const match = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(request.path)
    const [, repository, reference] = match ?? []
    if (repository === undefined || reference === undefined) return failure(404, 'NAME_UNKNOWN')
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return this.#read(repository, reference, request.method === 'HEAD')
      case 'PUT':
        return this.#write(repository, reference, request)
      case 'DELETE':
        return this.#delete(repository, reference)
      default:
        return failure(405, 'UNSUPPORTED')
    }
  }

  #keep(image: string): void {
    const colon = image.lastIndexOf(':')
    const repository = image.slice(HOST.length + 1, colon)
    const text = manifestOf(image)
    this.#manifests.set(`${repository}@${sha256(text)}`, { text, type: MANIFEST })
    this.#tags.set(`${repository}:${image.slice(colon + 1)}`, sha256(text))
  }

  #read(repository: string, reference: string, isHead: boolean): Reply {
    const digest = reference.startsWith('sha256:') ? reference : this.#tags.get(`${repository}:${reference}`)
    const kept = this.#manifests.get(`${repository}@${digest}`)
    if (!kept || digest === undefined) return failure(404, 'MANIFEST_UNKNOWN')
    return {
      status: 200,
      type: kept.type,
      body: isHead ? '' : kept.text,
      headers: { 'docker-content-digest': digest },
    }
  }

  #write(repository: string, tag: string, request: SimRequest): Reply {
    const digest = sha256(request.body)
    const type = request.headers['content-type'] ?? MANIFEST
    this.#manifests.set(`${repository}@${digest}`, { text: request.body, type })
    if (!tag.startsWith('sha256:')) this.#tags.set(`${repository}:${tag}`, digest)
    return { status: 201, type: 'text/plain', body: '', headers: { 'docker-content-digest': digest } }
  }

  #delete(repository: string, digest: string): Reply {
    const isThere = this.#manifests.delete(`${repository}@${digest}`)
    return isThere ? answer(202, '', 'text/plain') : failure(404, 'MANIFEST_UNKNOWN')
  }
}

/** Every image that the cluster runs or ran, the next versions of each, and the image of the rented instances. */
function imagesOf(world: World): readonly string[] {
  const { services, kubernetes } = world.scenario.world
  const own = [kubernetes.deployment, ...services, 'gpu-workers']
  return own.flatMap((name) => {
    const [major, minor] = name === kubernetes.deployment ? [4, 12] : [1, 8]
    return Array.from({ length: AHEAD + 10 }, (_, at) => minor - 9 + at)
      .filter((one) => one >= 0)
      .flatMap((one) => [`${major}.${one}.0`, `${major}.${one}.2`])
      .map((version) => `${HOST}/example-team/${name}:${version}`)
  })
}

function answer(status: number, body: string, type: string): Reply {
  return { status, type, body }
}

function failure(status: number, code: string): Reply {
  return answer(
    status,
    JSON.stringify({ errors: [{ code, message: 'the simulated registry has none' }] }),
    'application/json',
  )
}
