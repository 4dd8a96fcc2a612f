/** SEVERITIES from the worst down. */
export const SEVERITIES = ['P1', 'P2', 'P3', 'P4'] as const

/** Severity says how bad it is for users: P1 complete outage, P2 degraded, P3 minor, P4 no user impact. */
export type Severity = (typeof SEVERITIES)[number]

/** STATUSES are the public phases in their usual order. */
export const STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const

/** Status is the public phase that a message tells. */
export type Status = (typeof STATUSES)[number]

/** AUDIENCES are who reads. */
export const AUDIENCES = ['internal', 'public', 'executive'] as const

/** Audience is who reads a message. */
export type Audience = (typeof AUDIENCES)[number]

/** KINDS are what a message is for. */
export const KINDS = ['update', 'correction', 'maintenance', 'deployment', 'rollback'] as const

/** Kind is what a message is for. */
export type Kind = (typeof KINDS)[number]

/** COMPONENT_STATES from the best to the worst; maintenance is planned and stands beside them. */
export const COMPONENT_STATES = [
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
] as const

/** ComponentState is how a public component is, in the words of the Statuspage format. */
export type ComponentState = (typeof COMPONENT_STATES)[number]

/**
 * Fact is one value with where and when it was read; `asOf` is an ISO instant, `value` null when nobody knows. Whether
 * the public may read it is said by the fact and by the catalogue: both must allow it.
 */
export type Fact = {
  readonly id: string
  readonly value: string | number | null
  readonly unit: string
  readonly asOf: string
  readonly source: string
  readonly ttlMs: number
  readonly isPublic: boolean
}

/** Facts are facts by their id in the catalogue. */
export type Facts = Readonly<Record<string, Fact>>

/** ComponentImpact is what a message says about one public component. */
export type ComponentImpact = {
  readonly componentId: string
  readonly name: string
  readonly from: ComponentState | 'unknown'
  readonly to: ComponentState
}

/** Message is what is told to one audience; until it is frozen its texts may carry chips, `{{fact_id}}`. */
export type Message = {
  readonly audience: Audience
  readonly kind: Kind
  readonly severity: Severity
  readonly status: Status
  readonly title: string
  readonly body: string
  /** nextUpdateAt is the ISO instant that is promised; null only when nothing more is to come. */
  readonly nextUpdateAt: string | null
  readonly components: readonly ComponentImpact[]
}

/** LEVELS are the weights of a finding: a block stops the message, a warning asks, a hint only says. */
export const LEVELS = ['block', 'warn', 'hint'] as const

/** Level is the weight of a finding. */
export type Level = (typeof LEVELS)[number]

/**
 * Finding is one fault of a message: `from` and `to` are offsets into its body (both 0 when it is about a field or the
 * title), `fix` is a text that may replace that range, null when only a person can tell.
 */
export type Finding = {
  readonly rule: string
  readonly level: Level
  /** isOverridable says that a second person may let a block pass with a reason. */
  readonly isOverridable: boolean
  readonly from: number
  readonly to: number
  readonly why: string
  readonly fix: string | null
}

/** IncidentState is what drafts and the linter read of an incident, a deployment or a maintenance; instants are ISO. */
export type IncidentState = {
  /** name as people say it, e.g. INC-0142. */
  readonly name: string
  readonly title: string
  readonly severity: Severity
  readonly status: Status
  readonly isDrill: boolean
  readonly visibility: 'restricted' | 'internal' | 'public'
  /** isSecurity marks an incident that goes to a public page only with the security approver. */
  readonly isSecurity: boolean
  readonly commander: string | null
  readonly startedAt: string
  readonly resolvedAt: string | null
  /** wasIdentified says that some update before has told status identified. */
  readonly wasIdentified: boolean
  /** workaround is what readers can do meanwhile; null when nothing is known. */
  readonly workaround: string | null
  /** firingAlerts counts linked alerts that fire still, hostsOut hosts out of service; null when nobody knows. */
  readonly firingAlerts: number | null
  readonly hostsOut: number | null
  /** postmortem is set when somebody owns one. */
  readonly postmortem: { readonly owner: string; readonly dueAt: string } | null
}

/** LastUpdate is the newest message of the same audience that went out before, as it went out. */
export type LastUpdate = {
  readonly severity: Severity
  readonly status: Status
  readonly title: string
  readonly body: string
  readonly publishedAt: string
  readonly nextUpdateAt: string | null
  readonly components: readonly ComponentImpact[]
}

/** Inventory is what stands in no public text: names and numbers of our own world, as they are now. */
export type Inventory = {
  readonly hosts: readonly string[]
  /** instances are ids of instances, machines and hosts at the provider. */
  readonly instances: readonly string[]
  /** people are names and handles. */
  readonly people: readonly string[]
  readonly customers: readonly string[]
  /** keys are names of secrets and, where the caller has them, their values. */
  readonly keys: readonly string[]
  /** providers are names of suppliers, e.g. Vast.ai. */
  readonly providers: readonly string[]
  /** codeNames are internal names of programs and projects. */
  readonly codeNames: readonly string[]
}

/** CHANNEL_FORMS are the forms that a text takes outside, each with limits of its own. */
export const CHANNEL_FORMS = [
  'slack-bot',
  'slack-webhook',
  'statuspage',
  'page',
  'mail',
  'pagerduty',
  'webhook',
] as const

/** ChannelForm is a form that a text takes outside. */
export type ChannelForm = (typeof CHANNEL_FORMS)[number]

/** LintPolicy is what the linter is told about this message beside its text; durations in minutes. */
export type LintPolicy = {
  /** channels are the forms that it goes out in; their limits count. */
  readonly channels: readonly ChannelForm[]
  /** cadenceMinutes is the longest time to the next update, by severity and status; null is on change. */
  readonly cadenceMinutes: Readonly<Record<Severity, Readonly<Record<Status, number | null>>>>
  /** allowedLinkHosts are hosts that a public text may link to; internalLinkHosts never. */
  readonly allowedLinkHosts: readonly string[]
  readonly internalLinkHosts: readonly string[]
  /** linkProblems says of listed links that were opened and did not answer 200 why, by the link. */
  readonly linkProblems?: Readonly<Record<string, string>>
  /** securityApproved says that the security approver has agreed to this text. */
  readonly securityApproved: boolean
  /** numbersNeedFacts is false only where no facts exist, as on the command line. */
  readonly numbersNeedFacts: boolean
}
