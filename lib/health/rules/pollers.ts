import type { World } from '../model'
import type { HealthPolicy } from '../policy'
import { usable } from './evidence'

/**
 * pollersByInstance counts the fresh Temporal pollers of each instance, by finding its id as a word in the poller's identity.
 * Undefined when no list is readable or no identity names an instance: then nothing is known of any instance's workers.
 */
export function pollersByInstance(input: {
  readonly world: World
  readonly policy: HealthPolicy
  readonly now: Date
}): ReadonlyMap<string, number> | undefined {
  const { world, policy } = input
  const nowMs = input.now.getTime()
  const maxAgeMs = policy.freshness.temporalMaxAgeSeconds * 1000
  const freshMs = policy.queue.freshPollerSeconds * 1000
  const counts = new Map<string, number>()
  for (const queue of world.queues.values()) {
    for (const poller of usable(queue.pollers, nowMs, maxAgeMs) ?? []) {
      const instanceId = instanceIn(poller.identity, world.instances)
      if (instanceId === undefined) continue
      const fresh = nowMs - poller.lastAt.getTime() <= freshMs ? 1 : 0
      counts.set(instanceId, (counts.get(instanceId) ?? 0) + fresh)
    }
  }
  return counts.size === 0 ? undefined : counts
}

const WORD = /[A-Za-z0-9]+/g

function instanceIn(identity: string, instances: World['instances']): string | undefined {
  if (instances.has(identity)) return identity
  return identity.match(WORD)?.find((word) => instances.has(word) && word.length >= 4)
}
