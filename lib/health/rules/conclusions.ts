import type { ServiceObservation } from '../model'
import type { Conclusion } from '../wire'
import {
  heartbeatLost,
  placeholderFrames,
  portUnreachable,
  stranded,
  telemetryLost,
} from './conclusions-fleet'
import { sourceOf, sourceTitle } from './plane-row'
import type { RatedInput, RatedWorld } from './rated'
import { listWords, plural } from './words'

/** conclusionsOf draws what several sources allow together, and names what they do not allow. */
export function conclusionsOf(input: RatedInput): readonly Conclusion[] {
  const found: Conclusion[] = []
  for (const conclude of ROWS) {
    const conclusion = conclude(input)
    if (conclusion) found.push(conclusion)
  }
  return found
}

const ROWS: readonly ((input: RatedInput) => Conclusion | undefined)[] = [
  creditExhausted,
  providerDegraded,
  heartbeatLost,
  portUnreachable,
  workersSilent,
  stranded,
  placeholderFrames,
  telemetryLost,
  alertsBlind,
  queueNeverSeen,
  imageDiffers,
]

function creditExhausted({ rated }: RatedInput): Conclusion | undefined {
  if (rated.credit.verdict.code !== 'account.credit-exhausted') return undefined
  const listed = [...rated.world.instances.values()].filter((it) => !it.gone)
  const stopped = listed.filter((it) => it.actual.kind === 'known' && it.actual.value === 'stopped')
  if (listed.length === 0 || stopped.length !== listed.length) return undefined
  return {
    id: 'account.credit-exhausted',
    rating: 'breach',
    sentence: `The credit is used up: it explains why all ${plural(listed.length, 'instance')} stopped.`,
    evidence: ['No credit is left', 'Every instance is stopped'],
    subjects: listed.map((it) => it.id),
  }
}

function providerDegraded({ rated, policy }: RatedInput): Conclusion | undefined {
  const vast = sourceOf(rated.world, 'vast')
  if (vast?.state !== 'silent') return undefined
  const probes = probesOf(rated)
  if (probes.known === 0) return undefined
  const share = (probes.ok / probes.known) * 100
  if (share < policy.conclusions.probesOkSharePercent) return undefined
  return {
    id: 'provider.degraded-for-us',
    rating: 'warning',
    sentence: "The provider's API is degraded for us; our own stack serves.",
    evidence: [
      `${vast.title}: ${vast.detail || 'no answer'}`,
      `${probes.ok} of ${probes.known} of our own probes answer`,
    ],
    notConcluded: 'The instances are down.',
    subjects: [vast.id],
  }
}

function workersSilent({ rated }: RatedInput): Conclusion | undefined {
  const running = [...rated.world.instances.values()].some(
    (it) => it.actual.kind === 'known' && it.actual.value === 'running',
  )
  if (!running) return undefined
  const queues = [...rated.queues]
    .filter(([, it]) => it.freshPollers === 0 && it.verdict.rating === 'breach')
    .filter(([, it]) => it.state === 'stalled' || it.state === 'no-workers')
    .map(([key]) => rated.world.queues.get(key)?.name ?? key)
  if (queues.length === 0) return undefined
  return {
    id: 'workers.wedged',
    rating: 'breach',
    sentence: `Workers of ${listWords(queues)} are dead or wedged: ask the supervisor or the agent.`,
    evidence: ['Instances run', 'Work waits', 'No poller has polled within its time'],
    notConcluded: 'The GPUs are broken.',
    subjects: queues,
  }
}

function alertsBlind({ rated }: RatedInput): Conclusion | undefined {
  const source = sourceOf(rated.world, 'prometheus')
  if (source?.state !== 'silent' && source?.state !== 'refused') return undefined
  return {
    id: 'telemetry.blind',
    rating: 'unknown',
    sentence: 'Which alerts would fire is not known.',
    evidence: [`${sourceTitle(rated.world, 'prometheus')}: ${source.detail || source.state}`],
    notConcluded: 'There are no alerts.',
    subjects: [source.id],
  }
}

function queueNeverSeen({ rated }: RatedInput): Conclusion | undefined {
  const names = [...rated.queues]
    .filter(([, it]) => it.state === 'never-seen')
    .map(([key]) => rated.world.queues.get(key)?.name ?? key)
  if (names.length === 0) return undefined
  return {
    id: 'queue.never-seen',
    rating: 'warning',
    sentence: `The configuration of ${listWords(names)} is suspect.`,
    evidence: ['No poller and no task was ever seen there'],
    notConcluded: names.length === 1 ? 'The queue is idle.' : 'The queues are idle.',
    subjects: names,
  }
}

function imageDiffers({ rated }: RatedInput): Conclusion | undefined {
  const differing = (rated.digests ?? []).filter(
    (it) => it.tagDigest !== undefined && it.runningDigest !== undefined && it.tagDigest !== it.runningDigest,
  )
  if (differing.length === 0) return undefined
  const tags = [...new Set(differing.map((it) => it.tag))]
  return {
    id: 'image.differs',
    rating: 'warning',
    sentence: `A rollout of ${listWords(tags)} is pending, or its state is not known.`,
    evidence: [`${plural(differing.length, 'instance')} run another digest than the tag names`],
    notConcluded: 'It is deployed.',
    subjects: differing.map((it) => it.instanceId),
  }
}

function probesOf(rated: RatedWorld): { readonly ok: number; readonly known: number } {
  let ok = 0
  let known = 0
  for (const { probe } of rated.world.instances.values()) {
    if (probe.kind === 'unknown') continue
    known += 1
    if (probe.value) ok += 1
  }
  for (const [id, service] of rated.world.services) {
    if (rated.services.get(id)?.state === 'unknown' || service.outcome.kind === 'unknown') continue
    known += 1
    if (answers(service)) ok += 1
  }
  return { ok, known }
}

function answers({ outcome }: ServiceObservation): boolean {
  return outcome.kind === 'known' && outcome.value.kind === 'ok'
}
