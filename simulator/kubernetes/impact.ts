import type { Scenario } from '../scenario'
import type { EffectLog } from '../world/effects'
import type { BadRevision } from './fates'
import { RIGHT_ENV } from './initial'
import type { PodRun } from './pod-run'

/** What the state of one deployment means for those who call it. */
export type Impact = {
  /** Whether any pod takes requests and answers them. */
  readonly answers: boolean
  /** Whether requests from outside reach the pods. */
  readonly reachable: boolean
  /** The provider's keys that the ready pods hold, one entry a pod. */
  readonly keys: readonly string[]
  /** Share of the ready pods that can reach the provider. */
  readonly providerShare: number
  /** Whether every ready pod finds the control plane. */
  readonly controlPlane: boolean
  readonly names: boolean
  readonly errors: readonly { readonly status: number; readonly share: number }[]
  readonly isSlow: boolean
  readonly fallback: boolean
  readonly queueMode: boolean
  readonly memoryPercent: number | undefined
}

type ImpactInput = {
  readonly pods: readonly PodRun[]
  readonly effects: EffectLog
  readonly atMs: number
  readonly badOf: (pod: PodRun) => BadRevision | undefined
}

export function impactOf({ pods, effects, atMs, badOf }: ImpactInput): Impact {
  const network = effects.active('cluster-network', atMs).map(({ event }) => event.kind)
  const ready = pods.filter((pod) => pod.ready && pod.deletedMs === undefined)
  const working = ready.filter((pod) => pod.fate !== 'wedged')
  const share = (holds: (pod: PodRun) => boolean): number =>
    working.length === 0 ? 0 : working.filter(holds).length / working.length
  const bad = working.map(badOf).filter((one) => one !== undefined)
  const cut = network.includes('dns') || network.includes('egress')
  return {
    answers: working.length > 0,
    reachable: !network.includes('ingress'),
    keys: working.map((pod) => pod.key ?? ''),
    providerShare: cut ? 0 : share((pod) => envOf(pod, 'VASTAI_API_URL') === RIGHT_ENV.VASTAI_API_URL),
    controlPlane: share((pod) => envOf(pod, 'TEMPORAL_ADDRESS') === RIGHT_ENV.TEMPORAL_ADDRESS) === 1,
    names: !network.includes('dns'),
    errors: bad
      .filter((event) => event.bad === 'errors')
      .map((event) => ({ status: event.status, share: event.share / working.length })),
    isSlow: bad.some((event) => event.bad === 'latency'),
    fallback: working.length > 0 && share((pod) => isTrue(envOf(pod, 'VASTAI_FALLBACK'))) === 1,
    queueMode: working.length > 0 && share((pod) => envOf(pod, 'RATE_LIMIT_MODE') === 'queue') === 1,
    memoryPercent: pods.some((pod) => pod.fate === 'oom') ? 97 : undefined,
  }
}

export function envOf({ template }: Pick<PodRun, 'template'>, name: string): string | undefined {
  return template.spec.containers[0]?.env?.find((entry) => entry.name === name)?.value
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1'
}

/** Whether the provider takes this key at this instant. */
export function isKeyGood(
  scenario: Scenario,
  effects: EffectLog,
  { key, atMs }: { readonly key: string; readonly atMs: number },
): boolean {
  const spec = scenario.world.keys.find((one) => one.token === key)
  if (spec === undefined) return false
  return !effects
    .active('key-revoked', atMs)
    .some(({ event }) => event.key === undefined || event.key === spec.name)
}
