import type { Conclusion } from '../wire'
import { isUnread } from './aggregate'
import { isInService } from './in-service'
import { sourceTitle } from './plane-row'
import type { RatedInput, RatedWorld } from './rated'
import { plural } from './words'

/** heartbeatLost holds when the provider calls instances offline or unknown while our own look finds them alive. */
export function heartbeatLost({ rated }: RatedInput): Conclusion | undefined {
  const ids = withCode(rated, 'host.heartbeat-only')
  if (ids.length === 0) return undefined
  return {
    id: 'host.heartbeat-only',
    rating: 'warning',
    sentence: `The provider has lost the heartbeat of ${plural(ids.length, 'instance')}; ${ids.length === 1 ? 'it works' : 'they work'}.`,
    evidence: ['The provider lists them offline or unknown', 'Our own look finds them alive'],
    notConcluded: 'Their GPUs are lost.',
    subjects: ids,
  }
}

/** portUnreachable holds when our probe of a running instance fails while its workers or cards report. */
export function portUnreachable({ rated }: RatedInput): Conclusion | undefined {
  const ids = withCode(rated, 'instance.port-unreachable')
  if (ids.length === 0) return undefined
  return {
    id: 'instance.port-unreachable',
    rating: 'warning',
    sentence: `The way to ${plural(ids.length, 'instance')} is broken (network or port); the workers live.`,
    evidence: ['The provider says running', 'Our probe fails', 'Their workers or GPUs report'],
    notConcluded: 'The workers are down.',
    subjects: ids,
  }
}

/** stranded holds when an instance waits for its GPU past its time and the market was seen to offer none on that machine. */
export function stranded({ rated }: RatedInput): Conclusion | undefined {
  const { offers } = rated
  if (!offers) return undefined
  const ids = withCode(rated, 'instance.stranded').filter((id) => {
    const machineId = rated.world.instances.get(id)?.machineId
    return machineId !== undefined && offers.get(machineId) === 0
  })
  if (ids.length === 0) return undefined
  return {
    id: 'instance.stranded',
    rating: 'breach',
    sentence: `${plural(ids.length, 'instance')} stranded: rent a replacement.`,
    evidence: ['Intended to run', 'Not allocated for longer than policy', 'No offer for the machine'],
    notConcluded: 'They will start soon.',
    subjects: ids,
  }
}

/** placeholderFrames says that all-zero telemetry tells nothing of the cards that show it. */
export function placeholderFrames({ rated }: RatedInput): Conclusion | undefined {
  const cards: string[] = []
  rated.world.gpus.forEach(({ tempC }, key) => {
    if (tempC.kind === 'unknown' && tempC.why === 'sentinel') cards.push(key)
  })
  if (cards.length === 0) return undefined
  return {
    id: 'telemetry.placeholder',
    rating: 'unknown',
    sentence: `Nothing follows from the all-zero frame of ${plural(cards.length, 'GPU')}.`,
    evidence: ['A temperature of zero is a placeholder, not a value'],
    notConcluded: 'The cards are cold or idle.',
    subjects: cards,
  }
}

/** telemetryLost names instances all of whose cards in service have gone silent at their telemetry source. */
export function telemetryLost({ rated }: RatedInput): Conclusion | undefined {
  const silent = new Map<string, boolean>()
  rated.world.gpus.forEach((gpu, key) => {
    const verdict = rated.gpus.get(key)
    if (gpu.source !== 'dcgm' || !verdict || !isInService(verdict)) return
    const lost = isUnread(verdict.rating) && isLost(gpu.tempC)
    silent.set(gpu.instanceId, lost && (silent.get(gpu.instanceId) ?? true))
  })
  const ids = [...silent].filter(([, lost]) => lost).map(([id]) => id)
  if (ids.length === 0) return undefined
  return {
    id: 'telemetry.lost',
    rating: 'unknown',
    sentence: `GPU telemetry of ${plural(ids.length, 'instance')} is lost.`,
    evidence: [`${sourceTitle(rated.world, 'dcgm')} has no fresh value for any of their cards`],
    notConcluded: 'The GPUs are healthy, or have failed.',
    subjects: ids,
  }
}

function isLost(tempC: { readonly kind: string; readonly why?: string }): boolean {
  return tempC.kind === 'known' || LOST.has(tempC.why ?? '')
}

const LOST: ReadonlySet<string> = new Set([
  'source_unreachable',
  'stale',
  'field_absent',
  'source_error',
  'never_observed',
])

function withCode(rated: RatedWorld, code: string): readonly string[] {
  const ids: string[] = []
  for (const [id, verdict] of rated.instances) if (verdict.code === code) ids.push(id)
  return ids
}
