import canonicalize from 'canonicalize'
import type { SectionKey } from './model'

/** Sealed is what an approval is of: everything that a reader of a postmortem sees. */
export type Sealed = {
  readonly title: string
  readonly severity: string
  readonly tags: unknown
  readonly record: unknown
  readonly corrections: unknown
  readonly sections: readonly { readonly key: SectionKey; readonly body: string }[]
}

/** sealText is a document as canonical JSON (RFC 8785): its SHA-256 is what an approval names. Empty sections count for nothing. */
export function sealText({ title, severity, tags, record, corrections, sections }: Sealed): string {
  const written = sections
    .filter(({ body }) => body !== '')
    .map(({ key, body }) => ({ key, body }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return canonicalize({ title, severity, tags, record, corrections, sections: written }) ?? ''
}
