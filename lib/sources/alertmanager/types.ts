import type { Answer, CallOptions, TestVerdict } from '../source'

/** ListedAlert is an alert that Alertmanager holds now; its texts are as sent, not yet fit to be stored. */
export type ListedAlert = {
  readonly fingerprint: string
  readonly labels: Readonly<Record<string, unknown>>
  readonly annotations: Readonly<Record<string, unknown>>
  /** startsAt is RFC 3339 text: the same instant, to the millisecond, as in the webhook. */
  readonly startsAt: string
  readonly generatorUrl: string
  readonly state: 'active' | 'suppressed' | 'unprocessed' | 'unknown'
  readonly silencedBy: readonly string[]
  readonly inhibitedBy: readonly string[]
}

/** ListedSilence says who asked for quiet, about what, until when and why. */
export type ListedSilence = {
  readonly id: string
  readonly state: 'active' | 'pending' | 'expired' | 'unknown'
  readonly createdBy: string
  readonly comment: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly matchers: readonly {
    readonly name: string
    readonly value: string
    readonly isRegex: boolean
    readonly isEqual: boolean
  }[]
}

/** AlertmanagerConfig points the adapter at one Alertmanager; `receiver` is a regular expression of receiver names. */
export type AlertmanagerConfig = {
  readonly baseUrl: string
  readonly token?: string
  readonly receiver?: string
}

/** Alertmanager reads one Alertmanager over its API v2; it changes nothing there. */
export type Alertmanager = {
  readonly alerts: (options?: CallOptions) => Promise<Answer<readonly ListedAlert[]>>
  readonly silences: (options?: CallOptions) => Promise<Answer<readonly ListedSilence[]>>
  /** startedAt answers since when it runs: shortly after a restart its list is not complete. */
  readonly startedAt: (options?: CallOptions) => Promise<Answer<Date>>
  readonly test: () => Promise<TestVerdict>
}
