import type { temporal } from '@temporalio/proto'
import { type FieldContext, known, unknown } from '../parse'
import type { Reading } from '../reading'
import type { QueueType, TemporalPoller, TemporalQueue } from './types'

type Description = temporal.api.workflowservice.v1.IDescribeTaskQueueResponse
type Duration = { readonly seconds?: unknown; readonly nanos?: number | null } | null | undefined

const NO_STATS = 'the server reports no queue statistics; they need Temporal 1.28 or newer'

/** parseQueue reads a description; statistics that an old server leaves out are `not_supported`, present ones with zeros are zero. */
export function parseQueue(
  queue: { readonly name: string; readonly type: QueueType },
  description: Description,
  frame: FieldContext,
): TemporalQueue {
  const stats = description.stats ?? undefined
  const pollers = pollersOf(description, frame)
  const read = (number: number | undefined, unit: string, field: string): Reading<number> => {
    if (!stats) return unknown(frame, 'not_supported', NO_STATS)
    if (number !== undefined) return known(frame, number, unit)
    frame.drift.push(`${frame.source}.${field}`)
    return unknown(frame, 'schema_mismatch', field)
  }
  const backlog = read(wholeOf(stats?.approximateBacklogCount ?? 0), 'tasks', 'approximateBacklogCount')
  const addPerSecond = read(rateOf(stats?.tasksAddRate), '/s', 'tasksAddRate')
  return {
    name: queue.name,
    type: queue.type,
    backlog,
    oldestSeconds: read(secondsOf(stats?.approximateBacklogAge), 's', 'approximateBacklogAge'),
    addPerSecond,
    dispatchPerSecond: read(rateOf(stats?.tasksDispatchRate), '/s', 'tasksDispatchRate'),
    pollers: known(frame, pollers, ''),
    rateLimited: stats
      ? known(frame, stats.rateLimitingActive === true, '')
      : unknown(frame, 'not_supported', NO_STATS),
    everSeen:
      pollers.length > 0 ||
      (backlog.kind === 'known' && backlog.value > 0) ||
      (addPerSecond.kind === 'known' && addPerSecond.value > 0),
    observedAt: frame.at,
  }
}

function pollersOf(description: Description, frame: FieldContext): readonly TemporalPoller[] {
  return (description.pollers ?? []).flatMap((poller) => {
    const seconds = secondsOf(poller.lastAccessTime)
    if (seconds === undefined || seconds <= 0) {
      frame.drift.push(`${frame.source}.lastAccessTime`)
      return []
    }
    return [{ identity: (poller.identity ?? '').slice(0, 200), lastAt: new Date(seconds * 1000) }]
  })
}

/** 64-bit integers arrive as Long objects, as numbers when small, or as text. */
function wholeOf(value: unknown): number | undefined {
  const number =
    typeof value === 'object' && value !== null && 'toNumber' in value && typeof value.toNumber === 'function'
      ? Number(value.toNumber())
      : Number(value)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

function rateOf(value: number | null | undefined): number | undefined {
  const number = value ?? 0
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

function secondsOf(duration: Duration): number | undefined {
  if (duration === null || duration === undefined) return 0
  const whole = wholeOf(duration.seconds ?? 0)
  return whole === undefined ? undefined : whole + (duration.nanos ?? 0) / 1e9
}
