import type { QueueRow } from '@/lib/health/wire'

/** queueKey names a queue in addresses: `type/name`. */
export function queueKey(queue: Pick<QueueRow, 'name' | 'type'>): string {
  return `${queue.type}/${queue.name}`
}

/** queueHref is the address that shows a queue open. */
export function queueHref(queue: Pick<QueueRow, 'name' | 'type'>): string {
  return `/queues?queue=${encodeURIComponent(queueKey(queue))}`
}
