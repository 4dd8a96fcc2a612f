import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { STATE_WORDS, type State } from '@/lib/migrations/model'
import type { MigrationData } from './types'

/** RecordPanel is everything that happened, newest first. */
export function RecordPanel({ data }: { readonly data: MigrationData }): ReactNode {
  return (
    <Panel title="Record" note="newest first">
      <ol className="grid grid-cols-1 border-t">
        {data.events.map((event) => (
          <li key={event.seq} className="grid grid-cols-1 gap-x-3 border-b py-1.5 sm:grid-cols-[7rem_1fr]">
            <Instant at={event.atMs / 1000} />
            <span className="min-w-0 break-words">
              {event.words}
              <span className="block text-12 text-ink-2">
                @{event.by} · {STATE_WORDS[event.state as State] ?? event.state} · {event.percent} %
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
