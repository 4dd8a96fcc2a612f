import type { AddressRule } from './ssrf'

/** HttpFailureWhy is the part of the reasons for an unknown that a call itself can have. */
export type HttpFailureWhy =
  | 'source_unreachable'
  | 'source_refused'
  | 'rate_limited'
  | 'source_error'
  | 'schema_mismatch'
  | 'not_evaluated'

/** HttpCause is what stopped a call that got no usable answer; `blocked` is our own address policy, `aborted` our own signal. */
export type HttpCause = 'dns' | 'refused' | 'timeout' | 'tls' | 'reset' | 'blocked' | 'aborted'

/** HttpFailure is a call without a usable answer; `detail` (≤ 200) and `body` (≤ 2,000) are redacted. */
export type HttpFailure = {
  readonly ok: false
  readonly why: HttpFailureWhy
  readonly detail: string
  readonly cause?: HttpCause
  readonly status?: number
  /** retryAfterMs is what the source asked for, clamped to 5 min. */
  readonly retryAfterMs?: number
  readonly body?: string
}

/** HttpReply is an answer; `json` is parsed when it was expected, `text` is the decoded body otherwise. */
export type HttpReply = {
  readonly status: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly contentType: string
  readonly text: string
  readonly json: unknown
  readonly sizeBytes: number
}

/** HttpAnswer is what a call comes to; the client never throws for what the outside does. */
export type HttpAnswer =
  | {
      readonly ok: true
      readonly value: HttpReply
      readonly latencyMs: number
      readonly drift: readonly string[]
    }
  | HttpFailure

/** HttpRequest is one call; `deadlineMs` covers all of it, redirects and body included. */
export type HttpRequest = {
  readonly url: string
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly deadlineMs: number
  /** connectMs bounds name lookup, TCP and TLS; default 2,000. */
  readonly connectMs?: number
  /** maxBytes caps the decoded body; default 10 MiB. A larger answer is cut off and counts as unreadable. */
  readonly maxBytes?: number
  /** cutAtMax keeps the first maxBytes instead of failing. */
  readonly cutAtMax?: boolean
  readonly signal?: AbortSignal
  /** read may make the JSON value of a large text by itself; what it leaves undefined is parsed. */
  readonly read?: (text: string) => unknown
  readonly expect?: 'json' | 'text'
  /** redirects to follow, at most 3; default 0. Each is checked again and credentials are dropped across origins. */
  readonly redirects?: number
  /** accept returns answers with these statuses (or `any`) as replies instead of failures; default 2xx. */
  readonly accept?: 'any' | readonly number[]
}

/** HttpLookup resolves a name to all of its addresses; an empty list or a throw means that it has none. */
export type HttpLookup = (
  hostname: string,
) => Promise<readonly { readonly address: string; readonly family: 4 | 6 }[]>

/** HttpConfig names the private targets that may be called; `lookup` replaces DNS in tests. */
export type HttpConfig = {
  readonly allow: readonly AddressRule[]
  readonly lookup?: HttpLookup
  readonly userAgent?: string
  /** ca are the PEM certificates to trust instead of the system's, for a server with an authority of its own. */
  readonly ca?: string
}

/** Http is the only way to the outside. */
export type Http = {
  readonly request: (request: HttpRequest) => Promise<HttpAnswer>
  /** allow replaces the private targets that may be called from the next request on. */
  readonly allow: (rules: readonly AddressRule[]) => void
  readonly close: () => Promise<void>
}
