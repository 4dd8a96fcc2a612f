import type { Reading } from '../sources/reading'
import type { Answer, SourceKind } from '../sources/source'
import type {
  GpuObservation,
  InstanceInside,
  InstanceObservation,
  ProbeOutcome,
  ProviderPage,
  QueueObservation,
  ServiceObservation,
} from './model'

/** ListedInstance is an instance as a provider's list gives it, before our own eyes are added. */
export type ListedInstance = Omit<InstanceObservation, 'agentAt' | 'gone'>

/** GpuSweep is one look at every GPU of a telemetry source; `missing` were seen before and are silent now. */
export type GpuSweep = {
  readonly at: Date
  readonly gpus: readonly GpuObservation[]
  readonly sampledAt: ReadonlyMap<string, Date>
  readonly missing: readonly {
    readonly instanceId: string
    readonly index: number
    readonly lastSeenAt: Date
  }[]
}

/** FleetStep is what one step of the provider's listing brought. */
export type FleetStep = {
  readonly instances: readonly ListedInstance[]
  readonly gone: readonly string[]
  /** waitMs is how long to wait before the next step: the provider's interval or a back-off. */
  readonly waitMs: number
  readonly answer: Answer<unknown> | undefined
  /** sweepMs is how long listing everything takes at the provider's pace; 0 before the first page. */
  readonly sweepMs: number
  readonly note: string
}

/** ProbeResult is one look at a service. */
export type ProbeResult = {
  readonly outcome: Reading<ProbeOutcome>
  readonly latencyMs: Reading<number>
  readonly parts: ServiceObservation['parts']
}

/** Port is a source with the pace of its polls and the words for its failure. */
type Port = {
  readonly id: string
  readonly kind: SourceKind
  readonly title: string
  readonly intervalMs: number
  readonly wayRound: string
}

/** FleetPort lists the rented instances page by page; it keeps its own cursor. */
export type FleetPort = Port & {
  readonly step: (now: Date) => Promise<FleetStep>
  /** hurry makes the next step due as soon as the provider's rate limit lets it; a back-off stays. */
  readonly hurry?: (now: Date) => void
}

/** CreditPort reads the account's money. */
export type CreditPort = Port & {
  readonly credit: () => Promise<Answer<{ readonly creditDollars: Reading<number> }>>
}

/** MetricsPort reads one number by expression; expressions are the catalogue's names. */
export type MetricsPort = Port & {
  readonly figures: (now: Date) => Promise<Answer<Readonly<Record<string, Reading<number>>>>>
}

/** GpuPort reads every GPU at once. */
export type GpuPort = Port & { readonly sweep: (now: Date) => Promise<Answer<GpuSweep>> }

/** QueuePort describes the configured queues. */
export type QueuePort = Port & {
  readonly queues: readonly { readonly name: string; readonly type: 'activity' | 'workflow' }[]
  readonly describe: (
    queue: { readonly name: string; readonly type: 'activity' | 'workflow' },
    now: Date,
  ) => Promise<Answer<QueueObservation>>
}

/** PagePort reads the vendor's status page. */
export type PagePort = Port & { readonly look: (now: Date) => Promise<Answer<ProviderPage>> }

/** ClusterPort looks at the team's own cluster; what it sees is triage's, here only whether it answers. */
export type ClusterPort = Port & { readonly look: () => Promise<Answer<unknown>> }

/** ServicePort probes the configured endpoints. */
export type ServicePort = Port & {
  readonly services: readonly Pick<ServiceObservation, 'id' | 'name' | 'kind' | 'url'>[]
  readonly probe: (
    service: Pick<ServiceObservation, 'id' | 'kind' | 'url'>,
    now: Date,
  ) => Promise<ProbeResult>
}

/** ReportPort parses an agent's report body; undefined problem means that it was understood. */
export type ReportPort = {
  readonly parse: (body: unknown, receivedAt: Date) => AgentLook | { readonly problem: string }
}

/** AgentLook is what the fleet needs of an agent's report. */
export type AgentLook = {
  readonly instanceId: string
  readonly receivedAt: Date
  readonly sampledAt: Date
  readonly gpus: readonly GpuObservation[]
  readonly inside?: InstanceInside
}

/** Ports is the watched world as this installation is configured; an absent port is a source that nobody connected. */
export type Ports = {
  readonly fleet?: FleetPort
  readonly credit?: CreditPort
  readonly metrics?: MetricsPort
  readonly gpus?: GpuPort
  readonly queues?: QueuePort
  readonly page?: PagePort
  readonly services?: ServicePort
  readonly cluster?: ClusterPort
  readonly reports: ReportPort
}
