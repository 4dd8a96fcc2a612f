'use client'

import type { ReactNode } from 'react'
import { SOURCE_RATING } from '@/components/shell/source-summary'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Link } from '@/components/ui/link'
import { LinkButton } from '@/components/ui/link-button'
import { StateMark } from '@/components/ui/state-mark'
import { useBoard } from '@/lib/client/health-store'

/** SourcesBrief is each connected source with its state and age, in one glance. */
export function SourcesBrief(): ReactNode {
  const sources = useBoard((board) => board.sources)
  if (sources === undefined) return <Panel title="Sources" face={{ kind: 'loading', rows: 2 }} />
  const connected = sources.filter((source) => source.state !== 'off')
  if (connected.length === 0) {
    return (
      <Panel
        title="Sources"
        face={{
          kind: 'empty',
          sentence: 'Nothing is connected, so nothing can be known.',
          action: (
            <LinkButton href="/settings/sources" size="small">
              Connect a source
            </LinkButton>
          ),
        }}
      />
    )
  }
  return (
    <section aria-label="Sources" className="border-t pt-2 text-12">
      <ul className="flex flex-wrap gap-x-5">
        <li className="flex items-center gap-2">
          <h2 className="text-13 leading-4">Sources</h2>
          <Link
            href="/settings/sources"
            className="flex min-h-6 min-w-6 items-center text-ink-3 hover:text-ink"
          >
            all {sources.length}
          </Link>
        </li>
        {connected.map((source) => (
          <li key={source.id}>
            <Link
              href={`/settings/sources#${source.id}`}
              title={source.detail}
              className="flex min-h-6 items-center gap-1.5 whitespace-nowrap hover:text-ink pointer-coarse:min-h-11"
            >
              <StateMark mark={SOURCE_RATING[source.state]} className="size-2.5" />
              <span className="truncate text-ink-2">{source.title}</span>
              <span className="text-ink-3">
                {source.state === 'live' || source.okAt === 0 ? '' : `${source.state} `}
                <TimeAgo at={source.okAt} suffix="" never={`${source.state}, never read`} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
