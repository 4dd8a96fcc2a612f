import { byUrgency } from '@/components/ui/rating'
import type { QueueRow } from '@/lib/health/wire'

/** worstQueues gives the `count` queues in the worst rating, in the order of the list, so they change places rarely. */
export function worstQueues(queues: readonly QueueRow[], count: number): readonly QueueRow[] {
  const chosen = new Set([...queues].sort((a, b) => byUrgency(a.rating, b.rating)).slice(0, count))
  return queues.filter((queue) => chosen.has(queue))
}
