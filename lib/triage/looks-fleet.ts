import type { InstanceObservation, Verdict } from '../health/model'
import { timeOf, usable } from '../health/rules/evidence'
import { sourceOf } from '../health/rules/plane-row'
import { countLook, noLook, whyOfSource } from './look'
import type { Look, Looks, Subject } from './model'
import type { Sight } from './sight'

type Judged = { readonly id: string; readonly instance: InstanceObservation; readonly verdict: Verdict }

const BY_CODE = {
  'instances.stranded': 'instance.stranded',
  'instances.outbid': 'instance.outbid',
  'instances.contract': 'instance.contract-ended',
  'instances.exited': 'instance.container-exited',
  'instances.disk-full': 'instance.disk-full',
  'instances.flapping': 'instance.flapping',
  'instances.image-pull': 'infra.image-pull',
} as const

const NAMES = [
  ...Object.keys(BY_CODE),
  'fleet.stopped-unwanted',
  'hosts.status-lost',
  'hosts.dead',
  'hosts.alive',
  'hosts.lost',
]

/** fleetLooks are the looks at hosts and instances: the provider's words against our own eyes. */
export function fleetLooks(sight: Sight): Looks {
  const judged = judgedInstances(sight)
  const vast = sourceOf(sight.rated.world, 'vast')
  if (judged.length === 0 && vast?.state !== 'live') {
    return Object.fromEntries(
      NAMES.map((name) => [name, noLook(name, whyOfSource(vast), vast?.detail ?? '')]),
    )
  }
  const hidden = judged.filter(({ verdict }) => isUnread(verdict)).map(subject)
  const count = (name: string, is: (one: Judged) => boolean, more: readonly Subject[] = hidden): Look =>
    countLook(name, { yes: judged.filter(is).map(subject), hidden: more, of: judged.length }, sight.nowMs)
  const away = judged.filter((one) => isAway(one, sight)).map(subject)
  return {
    ...Object.fromEntries(
      Object.entries(BY_CODE).map(([name, code]) => [
        name,
        count(name, ({ verdict }) => verdict.code === code),
      ]),
    ),
    // While the status is away nobody knows yet whether it comes back.
    'instances.flapping': count(
      'instances.flapping',
      (one) => one.verdict.code === 'instance.flapping' && !isAway(one, sight),
      [...hidden, ...away],
    ),
    'fleet.stopped-unwanted': count('fleet.stopped-unwanted', (one) => isStoppedUnwanted(one, sight)),
    ...hostLooks(sight, judged, hidden),
  }
}

/** judgedInstances are the listed instances that are not gone, with their verdicts. */
export function judgedInstances({ rated }: Sight): readonly Judged[] {
  return [...rated.world.instances.values()].flatMap((instance) => {
    const verdict = rated.instances.get(instance.id)
    return verdict && !instance.gone ? [{ id: instance.id, instance, verdict }] : []
  })
}

function subject({ id }: { readonly id: string }): Subject {
  return `instance:${id}`
}

function isUnread(verdict: Verdict): boolean {
  return /^instance\.(unread|stale|not-evaluated|status-unrecognised)$/.test(verdict.code)
}

function word(sight: Sight, one: Judged, key: 'actual' | 'intended' | 'allocation'): string | undefined {
  return usable(one.instance[key], sight.nowMs, sight.policy.freshness.vastMaxAgeSeconds * 1000)
}

function isAway(one: Judged, sight: Sight): boolean {
  return one.verdict.code === 'instance.flapping' && word(sight, one, 'actual') !== 'running'
}

function isStoppedUnwanted(one: Judged, sight: Sight): boolean {
  const actual = word(sight, one, 'actual')
  return word(sight, one, 'intended') === 'running' && (actual === 'stopped' || actual === 'exited')
}

const STATUS_LOST: ReadonlySet<string> = new Set(['host.offline', 'host.no-heartbeat', 'host.heartbeat-only'])

function hostLooks(sight: Sight, judged: readonly Judged[], hidden: readonly Subject[]): Looks {
  const lost = judged.filter(
    (one) => STATUS_LOST.has(one.verdict.code) && word(sight, one, 'intended') === 'running',
  )
  const alive = lost.filter((one) => isSeenSince(one, sight))
  const unseen = lost.filter((one) => !alive.includes(one))
  const dead = unseen.filter((one) => isDead(one, sight))
  const unproven = unseen.filter((one) => !dead.includes(one)).map(subject)
  const at = sight.nowMs
  const among = lost.length
  const hosts = (these: readonly Judged[]): readonly Subject[] =>
    these.map(({ instance }) => `host:${instance.hostId}`)
  const unread = judged.filter(({ verdict }) => isUnread(verdict))
  const open = [...unproven, ...hidden]
  return {
    'hosts.status-lost': countLook(
      'hosts.status-lost',
      { yes: lost.map(subject), hidden, of: judged.length },
      at,
    ),
    'hosts.alive': countLook('hosts.alive', { yes: alive.map(subject), hidden: open, of: among }, at),
    'hosts.dead': countLook('hosts.dead', { yes: dead.map(subject), hidden: open, of: among }, at),
    'hosts.lost': {
      ...countLook('hosts.lost', { yes: hosts(unseen), hidden: hosts(unread) }, at),
      ...withInstances(unseen),
    },
  }
}

const SEEN_MARGIN_MS = 20_000

// What was seen before the status was lost, or just after, is no sign of life since.
function isSeenSince({ id, instance }: Judged, sight: Sight): boolean {
  const { rated, memory } = sight
  const sinceMs = (memory.lost[id] ?? sight.nowMs) + SEEN_MARGIN_MS
  if ((instance.agentAt?.getTime() ?? 0) > sinceMs) return true
  if (telemetrySeenAt(id, rated) > sinceMs) return true
  return pollsOf(id, sight).some((atMs) => atMs > sinceMs)
}

// People look for the machines, so the evidence names instances beside their hosts.
function withInstances(lost: readonly Judged[]): { readonly subjects: readonly Subject[] } {
  return {
    subjects: [...new Set(lost.map(({ instance }) => `host:${instance.hostId}`)), ...lost.map(subject)].slice(
      0,
      200,
    ),
  }
}

const AGENT_SILENT_MS = 60_000

/**
 * Our own look fails when a probe says so, or when two independent ways in which the instance was seen alive before have
 * gone silent while their sources answer. One silent way alone may be the way's own fault.
 */
function isDead({ id, instance }: Judged, sight: Sight): boolean {
  if (instance.probe.kind === 'known' && !instance.probe.value) return true
  const ways = [agentSilent(instance, sight), telemetrySilent(id, sight), pollersSilent(id, sight)]
  return ways.filter(Boolean).length >= 2
}

function agentSilent({ agentAt }: InstanceObservation, { nowMs }: Sight): boolean {
  return agentAt !== undefined && nowMs - agentAt.getTime() > AGENT_SILENT_MS
}

function telemetrySilent(id: string, { rated, policy, nowMs }: Sight): boolean {
  if (sourceOf(rated.world, 'dcgm')?.state !== 'live') return false
  const seen = telemetrySeenAt(id, rated)
  return seen > 0 && nowMs - seen > policy.freshness.dcgmMaxAgeSeconds * 1000
}

function telemetrySeenAt(id: string, { world }: Sight['rated']): number {
  let seen = 0
  for (let index = 0; ; index += 1) {
    const gpu = world.gpus.get(`${id}/${index}`)
    if (!gpu) return seen
    if (gpu.source === 'dcgm') seen = Math.max(seen, timeOf(gpu.tempC))
  }
}

/** polledBy tells whether an instance is remembered to have polled a queue whose name ends so. */
export function polledBy(id: string, ending: string, { memory }: Sight): boolean {
  return [...(memory.polled.get(id)?.keys() ?? [])].some((queue) => queue.endsWith(ending))
}

/** polledInstances are the instances that are remembered to have polled anything. */
export function polledInstances({ memory }: Sight): ReadonlySet<string> {
  return new Set(memory.polled.keys())
}

function pollsOf(id: string, { memory }: Sight): readonly number[] {
  return [...(memory.polled.get(id)?.values() ?? [])]
}

/** pollersSilent tells that an instance polled before and no poller of it is fresh now, while Temporal answers. */
export function pollersSilent(id: string, sight: Sight): boolean {
  const { rated, policy, nowMs } = sight
  if (sourceOf(rated.world, 'temporal')?.state !== 'live') return false
  const polls = pollsOf(id, sight)
  const freshMs = policy.queue.freshPollerSeconds * 1000
  return polls.length > 0 && polls.every((atMs) => nowMs - atMs > freshMs)
}

/** freshPolls counts the queues that an instance polls freshly, of those whose name ends so; undefined when Temporal can't be read. */
export function freshPolls(id: string, ending: string, sight: Sight): number | undefined {
  const { rated, policy, nowMs, memory } = sight
  const maxAgeMs = policy.freshness.temporalMaxAgeSeconds * 1000
  const readable = [...rated.world.queues.values()].some(
    (queue) => queue.name.endsWith(ending) && usable(queue.pollers, nowMs, maxAgeMs) !== undefined,
  )
  if (!readable) return undefined
  const freshMs = policy.queue.freshPollerSeconds * 1000
  const polls = [...(memory.polled.get(id) ?? [])]
  return polls.filter(([queue, atMs]) => queue.endsWith(ending) && nowMs - atMs <= freshMs).length
}
