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
