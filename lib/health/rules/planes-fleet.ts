import type { QueueObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import type { PlaneRow } from '../wire'
import { isUnread, NOTHING_TO_JUDGE, worse, worst } from './aggregate'
import { timeOf } from './evidence'
import { isInService } from './in-service'
import { planeRow, sourceOf, tallyOf, unreadFigure } from './plane-row'
import type { RatedInput, RatedWorld } from './rated'
import { capital, countWords, durationWords, plural } from './words'

const HOST_TROUBLE: ReadonlySet<string> = new Set([
  'host.offline',
  'host.heartbeat-only',
  'instance.unreachable',
  'instance.port-unreachable',
  'instance.stranded',
  'instance.provisioning-slow',
  'instance.rebooting-long',
])

/** hostPlane counts the hosts that reach us; one lost host warns, several break. */
export function hostPlane({ rated, policy }: RatedInput): PlaneRow {
  const { world } = rated
  const hosts = new Map<string, Verdict>()
  let atMs = 0
  for (const [id, verdict] of rated.instances) {
    const instance = world.instances.get(id)
    if (!instance) continue
    atMs = Math.max(atMs, instance.observedAt.getTime())
    if (!isInService(verdict)) continue
    const host = instance.machineId || instance.hostId
    const known = hosts.get(host)
    const judged = hostVerdict(verdict)
    if (!known || worse(judged.rating, known.rating) > 0) hosts.set(host, judged)
  }
  const tally = tallyOf(hosts.values())
  const reach = tally.clear + tally.warning
  const noun = tally.total === 1 ? 'host' : 'hosts'
  const figure =
    tally.total === 0
      ? atMs > 0
        ? 'no instance in service'
        : 'not read yet'
      : `${countWords(reach)} of ${countWords(tally.total)} ${noun} reach`
  const verdict = scaled({
    member: worst(hosts.values()),
    isBreach: tally.breach >= policy.planes.hostsBreachCount,
    reason: `${plural(tally.breach, 'host')} out of reach`,
  })
  return planeRow({ id: 'host', verdict, figure, atMs, kind: 'vast', world })
}

const REACHES: Verdict = { rating: 'clear', code: 'host.clear', reason: 'Every host reaches us' }

// What fails inside a container or a contract is another plane's: the host that runs it is reached.
function hostVerdict(verdict: Verdict): Verdict {
  if (isUnread(verdict.rating) || HOST_TROUBLE.has(verdict.code)) return verdict
  return REACHES
}

/** gpuPlane speaks for the cards in service: fresh XIDs first, then how many are in breach, warn or are unread. */
export function gpuPlane({ rated, policy, now }: RatedInput): PlaneRow {
  const { world } = rated
  const from = now.getTime() - policy.planes.xidWindowMinutes * 60_000
  const serving: Verdict[] = []
  let atMs = 0
  let xids = 0
  rated.gpus.forEach((verdict, key) => {
    if (!isInService(verdict)) return
    serving.push(verdict)
    const gpu = world.gpus.get(key)
    if (!gpu) return
    atMs = Math.max(atMs, timeOf(gpu.tempC), timeOf(gpu.marginC))
    if (gpu.xidSince && gpu.xidSince.getTime() >= from) xids += 1
  })
  const tally = tallyOf(serving)
  const share = tally.total === 0 ? 0 : (tally.breach / tally.total) * 100
  const verdict = scaled({
    member: worst(serving),
    isBreach: tally.breach > 0 && share >= policy.planes.gpusBreachSharePercent,
    reason: `${countWords(tally.breach)} of ${plural(tally.total, 'GPU')} in breach`,
  })
  const figure = gpuFigure(tally, xids, policy)
  const kind = sourceOf(world, 'dcgm', 'agent', 'vast')?.kind ?? 'dcgm'
  return planeRow({ id: 'gpu', verdict, figure, atMs, kind, world })
}

function gpuFigure(tally: ReturnType<typeof tallyOf>, xids: number, policy: HealthPolicy): string {
  const { total, breach, warning, unknown, stale } = tally
  if (total === 0) return 'no GPU in service'
  if (xids > 0) return `${countWords(xids)} XID in ${policy.planes.xidWindowMinutes} min`
  if (breach > 0) return `${countWords(breach)} of ${countWords(total)} in breach`
  if (warning > 0) return `${countWords(warning)} of ${countWords(total)} warn`
  if (unknown + stale > 0) return `${countWords(unknown + stale)} of ${countWords(total)} unread`
  return `${countWords(total)} within limits`
}

// A few members in breach warn for the plane; the members' own rows stay in breach.
function scaled(input: {
  readonly member: Verdict
  readonly isBreach: boolean
  readonly reason: string
}): Verdict {
  const { member, isBreach, reason } = input
  if (member.rating !== 'breach') return member
  return { rating: isBreach ? 'breach' : 'warning', code: member.code, reason: `${reason}: ${member.reason}` }
}

/** queuePlane speaks with its worst queue. */
export function queuePlane({ rated, policy }: RatedInput): PlaneRow {
  const { world } = rated
  let worstKey = ''
  let verdict: Verdict = NOTHING_TO_JUDGE
  let atMs = 0
  for (const [key, rating] of rated.queues) {
    const queue = world.queues.get(key)
    if (!queue) continue
    atMs = Math.max(atMs, timeOf(queue.backlog))
    const louder = worse(rating.verdict.rating, verdict.rating)
    const tied = louder === 0 && oldestOf(queue) > oldestOf(world.queues.get(worstKey))
    if (worstKey === '' || louder > 0 || tied) {
      worstKey = key
      verdict = rating.verdict
    }
  }
  const figure = queueFigure({ queue: world.queues.get(worstKey), rated, worstKey, policy, atMs })
  const named =
    worstKey === '' ? verdict : { ...verdict, reason: `${nameOf(rated, worstKey)}: ${verdict.reason}` }
  return planeRow({ id: 'queue', verdict: named, figure, atMs, kind: 'temporal', world })
}

function oldestOf(queue: QueueObservation | undefined): number {
  return queue?.oldestSeconds.kind === 'known' ? queue.oldestSeconds.value : -1
}

function nameOf(rated: RatedWorld, key: string): string {
  return rated.world.queues.get(key)?.name ?? key
}

function queueFigure(input: {
  readonly queue: QueueObservation | undefined
  readonly rated: RatedWorld
  readonly worstKey: string
  readonly policy: HealthPolicy
  readonly atMs: number
}): string {
  const { queue, rated, worstKey, policy, atMs } = input
  const rating = rated.queues.get(worstKey)
  if (!queue || !rating) return 'no queue configured'
  const oldest = oldestOf(queue)
  const { oldestWarnSeconds, oldestBreachSeconds } = policy.queue
  switch (rating.state) {
    case 'unknown':
      return unreadFigure(atMs)
    case 'never-seen':
      return 'a queue never seen'
    case 'no-workers':
      return 'no worker polls'
    case 'stalled':
      return 'stalled, no worker polls'
    case 'throttled':
      return 'held back by a rate limit'
    case 'backlogged': {
      if (oldest <= oldestWarnSeconds) return `growing for ${durationWords(policy.queue.growthHoldSeconds)}`
      const limit = rating.verdict.rating === 'breach' ? oldestBreachSeconds : oldestWarnSeconds
      return `oldest ${durationWords(oldest)} > ${durationWords(limit)}`
    }
    case 'idle':
      return 'nothing waits'
    case 'busy':
      return oldest < 0
        ? 'age not read'
        : `oldest ${durationWords(oldest)} of ${durationWords(oldestWarnSeconds)}`
    default: {
      const left: never = rating.state
      return capital(String(left))
    }
  }
}
