import type { Effect, EffectLog, EffectOf } from '../world/effects'
import type { Fate, PodRun } from './pod-run'

/** What a deployment looked like when a trouble began, so that its cure can be told. */
export type Seen = { readonly hash: string; readonly memoryBytes: number }

export type BadRevision = EffectOf<'rollout'>['event']

type FateInput = {
  readonly effects: EffectLog
  readonly atMs: number
  readonly pod: PodRun
  /** The place of the pod among those of its deployment, from 0. */
  readonly rank: number
  readonly main: string
  readonly seen: (effect: Effect) => Seen | undefined
  readonly bad: BadRevision | undefined
  readonly isSecretMissing: boolean
  readonly hasKey: boolean
  /** Whether the registry has the image and lets the cluster have it. */
  readonly isImageKnown: boolean
}

const STATE_FATES = {
  CrashLoopBackOff: 'crash',
  OOMKilled: 'oom',
  ImagePullBackOff: 'image',
  Pending: 'pending',
  NotReady: 'not-ready',
  Wedged: 'wedged',
  Running: 'run',
} as const satisfies Record<EffectOf<'pods'>['event']['state'], Fate>

const BAD_FATES = {
  crash: 'crash',
  oom: 'oom',
  image: 'image',
  'not-ready': 'not-ready',
  errors: 'run',
  latency: 'run',
} as const satisfies Record<NonNullable<BadRevision['bad']>, Fate>

export function fateOf(input: FateInput): Fate {
  const { effects, atMs, pod, main, bad } = input
  const isStuck = effects
    .active('deployment-stuck', atMs)
    .some(({ event, fromMs }) => (event.deployment ?? main) === pod.deployment && pod.createdMs >= fromMs)
  if (isStuck) return 'pending'
  if (bad?.bad === 'image' || !input.isImageKnown) return 'image'
  if (input.isSecretMissing && pod.current === undefined) return 'config'
  const told = effects.active('pods', atMs).filter((effect) => meets(effect, input))
  const fate = told.map(({ event }) => STATE_FATES[event.state]).findLast((one) => one !== 'run')
  // A container that runs has its image already: the trouble shows once it has ended.
  if (fate === 'image' && pod.current !== undefined) return 'crash'
  if (fate === 'pending' && pod.node !== undefined) return 'evict'
  if (fate !== undefined) return fate
  if (bad?.bad !== undefined && BAD_FATES[bad.bad] !== 'run') return BAD_FATES[bad.bad]
  return input.hasKey ? 'run' : 'crash'
}

function meets({ event, fromMs, ...rest }: EffectOf<'pods'>, input: FateInput): boolean {
  const { pod, rank, main } = input
  if ((event.deployment ?? main) !== pod.deployment || rank < event.ready) return false
  if (event.cure === 'none') return true
  if (event.cure === 'restart') return pod.createdMs < fromMs
  const seen = input.seen({ event, fromMs, ...rest })
  if (seen === undefined) return true
  if (event.cure === 'rollback') return pod.hash === seen.hash
  return memoryBytesOf(pod) <= seen.memoryBytes
}

export function memoryBytesOf({ template }: Pick<PodRun, 'template'>): number {
  const text = template.spec.containers[0]?.resources?.limits?.memory ?? '512Mi'
  const match = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|k|M|G)?$/.exec(text)
  const factors: Readonly<Record<string, number>> = {
    Ki: 1024,
    Mi: 1024 ** 2,
    Gi: 1024 ** 3,
    k: 1000,
    M: 1000 ** 2,
    G: 1000 ** 3,
  }
  return Number(match?.[1] ?? 512) * (factors[match?.[2] ?? ''] ?? 1)
}
