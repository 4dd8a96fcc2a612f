import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { StateMark } from '@/components/ui/state-mark'
import { RATINGS } from '@/lib/health/model'
import type { InstanceDetail } from './gpu-identity'
import { secondsOf } from './loose'

/** GpuEvents is how ratings on this instance changed in the last day, newest first. */
export function GpuEvents({ events }: { readonly events: InstanceDetail['events'] }): ReactNode {
  return (
    <section aria-label="Events of the last day">
      <h3 className="pb-1.5 text-12 font-medium text-ink-2">Events of the last day</h3>
      {events.length === 0 ? (
        <p>No rating has changed.</p>
      ) : (
        <ul>
          {events.map((event) => (
            <li
              key={event.id}
              className="grid grid-cols-[4.5rem_12px_minmax(0,1fr)] items-baseline gap-x-2.5 border-t py-1"
            >
              <Instant at={secondsOf(event.at)} />
              <StateMark mark={RATINGS.find((rating) => rating === event.after) ?? 'unknown'} />
              <span>
                {subjectWords(event.subject)}
                {event.before} → {event.after}
                {event.reason === '' ? '' : `: ${event.reason}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function subjectWords(subject: string): string {
  const index = /\/(\d+)$/.exec(subject)?.[1]
  return index === undefined ? '' : `GPU ${index} `
}
