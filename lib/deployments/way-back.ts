import type { ImageLook, PlaceLook, Seen } from './looks'
import type { Plan, ServiceDefinition } from './model'

/** Rehearsal is a way back that was tried and timed. */
export type Rehearsal = {
  readonly fromDigest: string
  readonly toDigest: string
  readonly isWarm: boolean
  readonly seconds: number
  readonly atMs: number
  readonly by: string
  readonly link: string
}

/** WayBack is how long the way back will take, how that is known, and whether it fits. */
export type WayBack = {
  readonly seconds: number | undefined
  readonly budgetSeconds: number
  readonly isWithin: boolean
  /** basis: measured in a rehearsal, computed from the image's size, or not known. */
  readonly basis: 'rehearsed' | 'computed' | 'unknown'
  readonly words: string
  readonly rehearsal: Rehearsal | undefined
  /** warm is what keeping the old version warm would make of it; undefined when it is kept already. */
  readonly warm: { readonly seconds: number; readonly usd: number | undefined } | undefined
  readonly facts: readonly { readonly state: 'yes' | 'no' | 'unknown'; readonly words: string }[]
}

const DAY_MS = 86_400_000

/** wayBackOf predicts the way back: a rehearsal of this very image counts before the computed time. Rules D-WAY. */
export function wayBackOf(input: {
  readonly plan: Plan
  readonly service: ServiceDefinition
  readonly image: Seen<ImageLook>
  readonly place: Seen<PlaceLook>
  readonly rehearsals: readonly Rehearsal[]
  readonly plannedMinutes: number
  readonly nowMs: number
}): WayBack {
  const { plan, service, image, nowMs } = input
  const { rollback } = service
  const isWarm = plan.rollback.keepWarm
  const fresh = input.rehearsals
    .filter((it) => it.toDigest === plan.rollback.digest && it.isWarm === isWarm)
    .filter((it) => nowMs - it.atMs < rollback.rehearsalDays * DAY_MS)
    .sort((a, b) => b.atMs - a.atMs)
  const rehearsal = fresh[0]
  const computed = isWarm ? rollback.switchSeconds : coldSeconds(service, image)
  const seconds = rehearsal?.seconds ?? computed
  const basis = rehearsal ? 'rehearsed' : computed === undefined ? 'unknown' : 'computed'
  const units = input.place.kind === 'known' ? input.place.value.units : undefined
  const hours = (input.plannedMinutes * 60 + rollback.budgetSeconds) / 3_600
  const usd =
    rollback.warmUsdPerHour === undefined || units === undefined
      ? undefined
      : rollback.warmUsdPerHour * units * hours
  return {
    seconds,
    budgetSeconds: rollback.budgetSeconds,
    isWithin: seconds !== undefined && seconds <= rollback.budgetSeconds,
    basis,
    words: wordsOf({ seconds, budget: rollback.budgetSeconds, isWarm, image }),
    rehearsal,
    warm: isWarm ? undefined : { seconds: rollback.switchSeconds, usd },
    facts: factsOf(input),
  }
}

function coldSeconds(service: ServiceDefinition, image: Seen<ImageLook>): number | undefined {
  if (image.kind === 'unknown' || !image.value.isThere || image.value.sizeMb === undefined) return undefined
  const { pullMbPerSecond, startSeconds, switchSeconds } = service.rollback
  return Math.round(image.value.sizeMb / pullMbPerSecond + startSeconds + switchSeconds)
}

function wordsOf(input: {
  readonly seconds: number | undefined
  readonly budget: number
  readonly isWarm: boolean
  readonly image: Seen<ImageLook>
}): string {
  const { seconds, budget, isWarm, image } = input
  if (seconds === undefined)
    return image.kind === 'unknown' ? `not known: ${image.why}` : 'not known: the image tells no size'
  const size = image.kind === 'known' && !isWarm ? image.value.sizeMb : undefined
  const pull = size === undefined ? '' : `; ${(size / 1_000).toFixed(1)} GB is pulled again`
  return seconds > budget
    ? `${spell(seconds)}, and the limit is ${spell(budget)}${pull}`
    : `${spell(seconds)} of ${spell(budget)}${pull}`
}

function spell(seconds: number): string {
  return `${Math.floor(seconds / 60)} m ${String(Math.round(seconds % 60)).padStart(2, '0')} s`
}

function factsOf(input: Parameters<typeof wayBackOf>[0]): WayBack['facts'] {
  const { plan, image, place } = input
  const irreversible = plan.migrations.filter((it) => !it.isReversible).map(({ id }) => id)
  const warm = place.kind === 'known' ? place.value.warmUnits : undefined
  const units = place.kind === 'known' ? place.value.units : undefined
  return [
    image.kind === 'unknown'
      ? { state: 'unknown', words: `the registry: ${image.why}` }
      : {
          state: image.value.isThere ? 'yes' : 'no',
          words: `image ${plan.rollback.digest.slice(7, 15)} ${image.value.isThere ? 'is in the registry' : 'is gone from the registry'}`,
        },
    irreversible.length === 0
      ? { state: 'yes', words: 'the schema fits both versions' }
      : { state: 'no', words: `image only: ${irreversible.join(', ')} can’t be taken back` },
    plan.rollback.keepWarm
      ? { state: 'yes', words: 'the old version is kept warm until the bake ends' }
      : warm === undefined
        ? { state: 'unknown', words: 'nobody can tell whether the old image still lies on its hosts' }
        : { state: warm === units ? 'yes' : 'no', words: `old image on ${warm} of ${units} hosts` },
  ]
}
