import type { Digest, NotKnown, Refused, Registry } from '../deployer'

/** Promotion sets one tag to bytes: `from`, if one is named, must still be `digest`, and `to` must still be `before`. */
export type Promotion = {
  readonly repository: string
  /** from is the tag that was watched; null for a way back, where the digest alone is known. */
  readonly from: string | null
  readonly to: string
  readonly digest: Digest
  /** before is what `to` named when it was decided; null when the tag did not exist. */
  readonly before: Digest | null
}

/** Promoted is what came of it; `already` is a tag that named these bytes before anything was sent. */
export type Promoted =
  | { readonly kind: 'done' | 'already'; readonly digest: Digest; readonly isIndex: boolean }
  | { readonly kind: 'foreign'; readonly tag: string; readonly found: Digest | null; readonly detail: string }
  | Refused
  | NotKnown

/**
 * promote sets the tag to the same bytes: the digest is verified before and after. A tag that somebody moved meanwhile is
 * `foreign` and nothing is written; the protocol has no conditional write, so the look comes right before it.
 */
export async function promote(registry: Registry, promotion: Promotion): Promise<Promoted> {
  const { repository, digest, to } = promotion
  const start = await tagNow(registry, repository, to)
  if (typeof start === 'object' && start !== null) return start
  const isThere = await sourceOf(registry, promotion)
  if (isThere.kind !== 'bytes') return isThere
  if (start === digest) return { kind: 'already', digest, isIndex: isThere.isIndex }
  if (start !== promotion.before) return foreign(to, start, promotion.before)
  const put = await registry.put(repository, to, isThere)
  if (put.kind === 'refused') return put
  return verified(registry, promotion, isThere.isIndex)
}

/** The tag decides what came of an unknown write; only its own digest is an answer. */
async function verified(registry: Registry, promotion: Promotion, isIndex: boolean): Promise<Promoted> {
  const { repository, to, digest } = promotion
  const now = await tagNow(registry, repository, to)
  if (typeof now === 'object' && now !== null) return now
  if (now === digest) return { kind: 'done', digest, isIndex }
  if (now === promotion.before)
    return { kind: 'unknown', detail: `${to} still names what it named before; the write may be under way` }
  return foreign(to, now, digest)
}

async function sourceOf(
  registry: Registry,
  { repository, from, digest }: Promotion,
): Promise<
  | { readonly kind: 'bytes'; readonly mediaType: string; readonly text: string; readonly isIndex: boolean }
  | Promoted
> {
  if (from !== null) {
    const named = await tagNow(registry, repository, from)
    if (typeof named === 'object' && named !== null) return named
    if (named !== digest) return foreign(from, named, digest)
  }
  const head = await registry.look(repository, digest)
  const got = await registry.bytes(repository, digest)
  if (got.kind === 'bytes')
    return {
      kind: 'bytes',
      mediaType: got.mediaType,
      text: got.text,
      isIndex: head.kind === 'manifest' && head.isIndex,
    }
  if (got.kind === 'absent') return { kind: 'refused', why: 'absent', detail: got.detail }
  if (got.kind === 'hidden') return { kind: 'refused', why: 'forbidden', detail: got.detail }
  return got
}

async function tagNow(
  registry: Registry,
  repository: string,
  reference: string,
): Promise<Digest | null | Refused | NotKnown> {
  const look = await registry.look(repository, reference)
  switch (look.kind) {
    case 'manifest':
      return look.digest
    case 'absent':
      return null
    case 'hidden':
      return { kind: 'refused', why: 'forbidden', detail: look.detail }
    case 'unknown':
      return look
  }
}

function foreign(tag: string, found: Digest | null, expected: Digest | null): Promoted {
  return {
    kind: 'foreign',
    tag,
    found,
    detail: `${tag} names ${found ?? 'nothing'}, and ${expected ?? 'nothing'} was expected: somebody else moved it`,
  }
}
