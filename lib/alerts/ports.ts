import type { Answer } from '../sources/source'

/** ListedAlert is an alert that the alert source holds now, as it wrote it. */
export type ListedAlert = {
  readonly fingerprint: string
  readonly labels: Readonly<Record<string, unknown>>
  readonly annotations: Readonly<Record<string, unknown>>
  readonly startsAt: string
  readonly generatorUrl: string
  readonly state: 'active' | 'suppressed' | 'unprocessed' | 'unknown'
  readonly silencedBy: readonly string[]
  readonly inhibitedBy: readonly string[]
}

/** ListedSilence says who asked for quiet, about what, until when and why. */
export type ListedSilence = {
  readonly id: string
  readonly state: string
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

/** RuleAlert is an alert as the metrics server itself evaluates it. */
export type RuleAlert = {
  readonly name: string
  readonly state: 'firing' | 'pending' | 'unknown'
  readonly labels: Readonly<Record<string, string>>
}

/** AlertPorts are the alert sources that this installation reads beside what is delivered to it. */
export type AlertPorts = {
  readonly alertmanager?: {
    readonly alerts: () => Promise<Answer<readonly ListedAlert[]>>
    readonly silences: () => Promise<Answer<readonly ListedSilence[]>>
    readonly startedAt: () => Promise<Answer<Date>>
  }
  readonly prometheus?: { readonly alerts: () => Promise<Answer<readonly RuleAlert[]>> }
}
