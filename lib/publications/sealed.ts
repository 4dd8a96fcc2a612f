import canonicalize from 'canonicalize'

/** Sealed is what an approval is of: nothing else of a message reaches anybody. */
export type Sealed = {
  readonly audience: string
  readonly kind: string
  readonly severity: string
  readonly status: string
  readonly title: string
  readonly body: string
  readonly nextUpdateAt: string | null
  readonly components: readonly {
    readonly componentId: string
    readonly from: string
    readonly to: string
  }[]
  readonly facts: Readonly<
    Record<
      string,
      {
        readonly value: string | number | null
        readonly unit: string
        readonly asOf: string
        readonly source: string
      }
    >
  >
  readonly channelIds: readonly string[]
  readonly corrects: string | null
}

/** sealedText is the canonical JSON (RFC 8785) whose SHA-256 is a message's hash: the order of keys and channels counts for nothing. */
export function sealedText(sealed: Sealed): string {
  const { components, channelIds, facts } = sealed
  const text = canonicalize({
    audience: sealed.audience,
    kind: sealed.kind,
    severity: sealed.severity,
    status: sealed.status,
    title: sealed.title,
    body: sealed.body,
    nextUpdateAt: sealed.nextUpdateAt,
    components: components
      .map(({ componentId, from, to }) => ({ componentId, from, to }))
      .sort((a, b) => (a.componentId < b.componentId ? -1 : 1)),
    facts: Object.fromEntries(
      Object.entries(facts).map(([id, { value, unit, asOf, source }]) => [id, { value, unit, asOf, source }]),
    ),
    channelIds: [...channelIds].sort(),
    corrects: sealed.corrects,
  })
  return text ?? ''
}
