import { imageDigest } from '../world/images'

/** How a version behaves once people meet it. */
export const BEHAVIOURS = ['good', 'errors', 'slow', 'leak', 'flap', 'sick'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

export type Release = { readonly version: string; readonly digest: string; readonly behaviour: Behaviour }

export type ReleasedService = {
  readonly id: string
  readonly image: string
  readonly requestsPerMinute: number
  readonly stable: Release
  /** after are the versions that come next, each with what is wrong with it. */
  readonly after: readonly Release[]
}

const AFTER: readonly Behaviour[] = ['good', 'errors', 'slow']

/** The services that are deployed in the simulated world, with the stable version and those that come after it. */
export const RELEASED: readonly ReleasedService[] = [
  released('vastai-integration', 180, '4.12.0'),
  released('rag-mcp', 240, '1.8.2'),
  released('gpu-workers', 6, '1.8.0'),
]

function released(id: string, requestsPerMinute: number, version: string): ReleasedService {
  const image = `ghcr.io/example-team/${id}`
  const [major = '1', minor = '0'] = version.split('.')
  return {
    id,
    image,
    requestsPerMinute,
    stable: release(image, version, 'good'),
    after: AFTER.map((behaviour, index) =>
      release(image, `${major}.${Number(minor) + 1 + index}.0`, behaviour),
    ),
  }
}

function release(image: string, version: string, behaviour: Behaviour): Release {
  return { version, digest: imageDigest(`${image}:${version}`), behaviour }
}

/** Every version of a service. */
export function versionsOf({ stable, after }: ReleasedService): readonly Release[] {
  return [stable, ...after]
}
