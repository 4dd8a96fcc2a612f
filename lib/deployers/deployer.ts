/** Digest is the name of an image by its content: `sha256:` and 64 hex digits. */
export type Digest = string

/** DIGEST is what a digest looks like. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/

/** ImageName is a reference taken apart: which registry, which repository, and the tag or digest after it. */
export type ImageName = {
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  readonly digest?: Digest
}

const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** imageNameOf takes `ghcr.io/team/service:canary@sha256:…` apart; undefined when it is no full reference. */
export function imageNameOf(reference: string): ImageName | undefined {
  const [named = '', digest, more] = reference.split('@')
  if (more !== undefined || (digest !== undefined && !DIGEST.test(digest))) return undefined
  const slash = named.indexOf('/')
  const registry = named.slice(0, slash)
  // Without a dot, a port or this one name the first part is a folder of Docker Hub, not a host.
  if (slash < 1 || !(/[.:]/.test(registry) || registry === 'localhost')) return undefined
  const rest = named.slice(slash + 1)
  const colon = rest.lastIndexOf(':')
  const repository = colon < 0 ? rest : rest.slice(0, colon)
  const tag = colon < 0 ? undefined : rest.slice(colon + 1)
  if (!REPOSITORY.test(repository) || (tag !== undefined && !TAG.test(tag))) return undefined
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** NotKnown is an answer nobody has: what was asked is neither there nor absent until somebody looks again. */
export type NotKnown = { readonly kind: 'unknown'; readonly detail: string }

/** Refused is a definite no of the other side: nothing was changed. */
export type Refused = {
  readonly kind: 'refused'
  readonly why: 'forbidden' | 'invalid' | 'conflict' | 'limited' | 'unreachable' | 'not-possible' | 'absent'
  readonly detail: string
}

/** ManifestLook is what a registry says of a tag or a digest; `hidden` is a private image that our key may not see. */
export type ManifestLook =
  | {
      readonly kind: 'manifest'
      readonly digest: Digest
      readonly mediaType: string
      /** isIndex tells an image of several architectures. */
      readonly isIndex: boolean
      readonly sizeBytes: number
    }
  | { readonly kind: 'absent'; readonly detail: string }
  | { readonly kind: 'hidden'; readonly detail: string }
  | NotKnown

/** ManifestBytes is a manifest with its exact text, checked against its digest. */
export type ManifestBytes =
  | {
      readonly kind: 'bytes'
      readonly digest: Digest
      readonly mediaType: string
      readonly text: string
    }
  | Exclude<ManifestLook, { kind: 'manifest' }>

/** Put is what came of writing a tag. */
export type Put = { readonly kind: 'done'; readonly digest: Digest | undefined } | Refused | NotKnown

/** Registry is one OCI registry: tags and manifests are read, and a tag is set to bytes that are there already. */
export type Registry = {
  /** look asks what a tag or digest names now; it never reads layers. */
  readonly look: (repository: string, reference: string) => Promise<ManifestLook>
  readonly bytes: (repository: string, reference: string) => Promise<ManifestBytes>
  readonly put: (
    repository: string,
    tag: string,
    manifest: { readonly mediaType: string; readonly text: string },
  ) => Promise<Put>
}

/** Reach says how a target splits its traffic: by weights, by the number of copies, or not at all. */
export type Reach = 'weights' | 'replicas' | 'machines' | 'all-at-once'

/** Desired is what a target should come to; each is reached by looking, never by having been asked. */
export type Desired =
  | { readonly do: 'expose'; readonly percent: number }
  /** finish ends a rollout that held: the new version is the stable one, and what was added for it is taken away. */
  | { readonly do: 'finish' }
  /** The five rungs of the way back, from the mildest. */
  | { readonly do: 'route' | 'isolate' | 'redeploy' | 'restart' | 'zero' }

/** Look is a target as it stands, judged against what is desired. */
export type Look =
  | {
      readonly kind: 'seen'
      readonly reached: boolean
      /** exposurePercent is the share of what serves that runs the new version; achievablePercent what the desired one comes to here. */
      readonly exposurePercent: number
      readonly achievablePercent: number
      /** isOldEverywhere: nothing new serves, and the recorded stable version is ready everywhere. */
      readonly isOldEverywhere: boolean
      readonly ready: { readonly fresh: number; readonly freshReady: number; readonly all: number }
      /** foreign names what somebody else changed in what we steer; null when nothing. */
      readonly foreign: string | null
      /** failed is the target's own word that it will not get there; null while it may. */
      readonly failed: string | null
      /** next says which request is due now that the one before had its effect; absent while nothing is. */
      readonly next?: string
      readonly detail: string
    }
  | NotKnown

/** Applied is what came of one change; only a look tells whether it had its effect. */
export type Applied = { readonly kind: 'sent'; readonly detail: string } | Refused | NotKnown

/** Deployer steers one target between two versions. Nothing throws for what the outside does, and only `apply` changes anything. */
export type Deployer = {
  readonly reach: Reach
  /** rungs are those that mean something for this target, in order. */
  readonly rungs: readonly Exclude<Desired['do'], 'expose' | 'finish'>[]
  /** settleMs is how long a request that nobody answered may still take effect. */
  readonly settleMs: number
  readonly look: (desired: Desired) => Promise<Look>
  /** apply looks first and sends only what is missing, under a condition where the provider knows one. */
  readonly apply: (desired: Desired) => Promise<Applied>
}
