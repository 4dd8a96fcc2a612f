import { type Fields, fieldsOf } from '../../actions/executors/kubernetes-patches'
import type { Desired, Look } from '../deployer'
import { extraCopies, sharePercent } from '../share'
import { type KubernetesTarget, type Read, type Side, textOf, type Version } from './sides'

/** RESTARTED_BY is the annotation of a template that says which rollout restarted it. */
export const RESTARTED_BY = 'watchfloor.dev/restarted-by'

/** runs tells whether the words of an image name this version, by its digest or, where none is given, by its tag. */
export function runs(text: string, { image, digest, tag }: Version): boolean {
  if (text.includes(digest)) return true
  return !/@sha256:/.test(text.split(' ')[0] ?? '') && tag !== '' && text.startsWith(`${image}:${tag}`)
}

/** judged rates what was read against what is desired. */
export function judged(target: KubernetesTarget, read: Read, desired: Desired): Look {
  const { stable, canary, weight } = read
  const pods = [...stable.pods, ...(canary?.pods ?? [])]
  const ready = pods.filter(({ isReady }) => isReady)
  const freshPods = pods.filter(({ image }) => runs(image, target.fresh))
  const fresh = freshPods.filter(({ isReady }) => isReady)
  const isOldEverywhere =
    freshPods.length === 0 &&
    (weight?.percent ?? 0) === 0 &&
    runs(stable.image, target.stable) &&
    stable.isComplete &&
    stable.replicas > 0 &&
    stable.pods.every(({ image }) => runs(image, target.stable))
  const reached = isReached(target, read, desired)
  const next = reached ? undefined : nextOf(target, read, desired)
  return {
    kind: 'seen',
    reached,
    exposurePercent: exposedIn(target, read),
    achievablePercent: achievable(desired, stable.replicas, read),
    isOldEverywhere,
    ready: { fresh: freshPods.length, freshReady: fresh.length, all: pods.length },
    foreign: foreignIn(target, read, desired),
    failed: stable.failed ?? (canary && canary.replicas > 0 ? canary.failed : null),
    ...(next === undefined ? {} : { next }),
    detail: [
      `${fresh.length} of ${ready.length} ready pods run the new version`,
      ...(canary ? [`${canary.name} at ${canary.replicas}`] : []),
      ...(weight ? [weight.unusable?.detail ?? `${weight.name} gives it ${weight.percent} %`] : []),
    ].join(', '),
  }
}

/** By weight the canary’s part counts even while none of its pods is ready: those requests meet the new version, or nothing. */
function exposedIn(target: KubernetesTarget, { stable, canary, weight }: Read): number {
  const freshOf = ({ pods, image }: Side): number => {
    const ready = pods.filter(({ isReady }) => isReady)
    if (ready.length === 0) return runs(image, target.fresh) ? 1 : 0
    return ready.filter((pod) => runs(pod.image, target.fresh)).length / ready.length
  }
  if (canary && weight) {
    const percent = weight.percent * freshOf(canary) + (100 - weight.percent) * freshOf(stable)
    return Math.round(percent * 10) / 10
  }
  const ready = [...stable.pods, ...(canary?.pods ?? [])].filter(({ isReady }) => isReady)
  return sharePercent(ready.filter(({ image }) => runs(image, target.fresh)).length, ready.length)
}

function achievable(desired: Desired, stable: number, { canary, weight }: Read): number {
  if (desired.do !== 'expose') return desired.do === 'finish' ? 100 : 0
  if (desired.percent >= 100 || canary === undefined) return 100
  if (weight) return desired.percent
  const extra = extraCopies(stable, desired.percent)
  return sharePercent(extra, stable + extra)
}

/** copiesFor is how many pods the canary needs for a share. By weight it has as many as the stable one has for as many requests; more are left alone. */
export function copiesFor({ stable, canary, weight }: Read, percent: number): number {
  if (!weight) return extraCopies(stable.replicas, percent)
  return Math.max(canary?.replicas ?? 0, 1, Math.ceil((stable.replicas * percent) / 100))
}

/** isPrepared tells whether the canary could carry a share now: the new version, and enough of it. */
export function isPrepared(target: KubernetesTarget, read: Read, percent: number): boolean {
  const { canary } = read
  return (
    canary !== undefined &&
    canary.replicas === copiesFor(read, percent) &&
    canary.isComplete &&
    runs(canary.image, target.fresh) &&
    canary.pods.every(({ image }) => runs(image, target.fresh))
  )
}

/** The weight follows once the canary can carry it. */
function nextOf(target: KubernetesTarget, read: Read, desired: Desired): string | undefined {
  const { weight } = read
  if (desired.do !== 'expose' || desired.percent >= 100 || !weight) return undefined
  return isPrepared(target, read, desired.percent)
    ? `${weight.name} can give it ${desired.percent} %`
    : undefined
}

function isReached(target: KubernetesTarget, read: Read, desired: Desired): boolean {
  const { stable, canary, weight } = read
  const isUnweighted = (weight?.percent ?? 0) === 0
  const isEmpty =
    isUnweighted && (canary === undefined || (canary.replicas === 0 && canary.pods.length === 0))
  const isOn = (version: Version): boolean =>
    runs(stable.image, version) && stable.isComplete && stable.pods.every(({ image }) => runs(image, version))
  switch (desired.do) {
    case 'expose':
      if (desired.percent >= 100 || canary === undefined) return isOn(target.fresh)
      return isPrepared(target, read, desired.percent) && (!weight || weight.percent === desired.percent)
    case 'finish':
      return isEmpty && isOn(target.fresh)
    case 'route':
      return weight ? isUnweighted : isEmpty
    case 'isolate':
      return isEmpty
    case 'redeploy':
      return isEmpty && isOn(target.stable)
    case 'restart':
      return restartedBy(stable.object) === target.mark && stable.isComplete
    case 'zero':
      return isEmpty && stable.replicas === 0 && stable.pods.length === 0
  }
}

/** restartedBy is the rollout that restarted a Deployment last. */
export function restartedBy(object: Fields): string {
  const template = fieldsOf(fieldsOf(object.spec).template)
  return textOf(fieldsOf(fieldsOf(template.metadata).annotations)[RESTARTED_BY])
}

/** Whatever runs that is neither of the two versions was put there by somebody else. */
function foreignIn(
  target: KubernetesTarget,
  { stable, canary, weight }: Read,
  desired: Desired,
): string | null {
  if (desired.do !== 'expose' && desired.do !== 'finish') return null
  if (weight?.unusable !== undefined && desired.do === 'expose') return weight.unusable.detail
  // Weights only rise from step to step: a larger one than this step’s was set by somebody else.
  if (weight && desired.do === 'expose' && weight.percent > desired.percent)
    return `${weight.name} gives the canary ${weight.percent} %`
  if (stable.isPaused) return `${stable.name} was paused`
  const isStable = runs(stable.image, target.stable)
  const isFresh = runs(stable.image, target.fresh)
  if (!isStable && !isFresh) return `${stable.name} runs ${stable.image}`
  if (
    canary &&
    canary.replicas > 0 &&
    !runs(canary.image, target.fresh) &&
    !runs(canary.image, target.stable)
  )
    return `${canary.name} runs ${canary.image}`
  return null
}
