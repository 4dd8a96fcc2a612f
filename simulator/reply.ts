export type SimRequest = {
  readonly method: string
  /** Path inside the source, beginning with a slash. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** The body's own bytes, for callers that do not write text. */
  readonly bytes?: Buffer
  readonly remote: string
}

/** An open answer: what is written reaches the caller at once. */
export type Sink = {
  write(text: string): void
  end(): void
  onClose(callback: () => void): void
}

export type Reply = {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** The connection is closed without an answer. */
  readonly close?: boolean
  readonly delayMs?: number
  /** The answer goes on after its head, until one of both sides ends it; the body is not used. */
  readonly stream?: (sink: Sink) => void
}

/** The instant a source answers for: a stale source stays at an earlier one. */
export type Instant = { readonly offsetMs: number; readonly timeMs: number }

export function json(body: unknown, status = 200): Reply {
  return { status, type: 'application/json', body: JSON.stringify(body) }
}

export function text(body: string, status = 200): Reply {
  return { status, type: 'text/plain; charset=utf-8', body }
}

export function html(body: string, status = 200): Reply {
  return { status, type: 'text/html; charset=utf-8', body }
}

export const CLOSED: Reply = { status: 0, type: '', body: '', close: true }
