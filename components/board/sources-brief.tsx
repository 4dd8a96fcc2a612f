'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { SOURCE_RATING } from '@/components/shell/source-summary'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
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
    <Panel title="Sources" aside={<Link href="/settings/sources">all {sources.length}</Link>}>
      <ul className="grid grid-cols-2 gap-x-6 border-t pt-1 sm:grid-cols-3 lg:grid-cols-4">
        {connected.map((source) => (
          <li key={source.id}>
            <Link
              href={`/settings/sources#${source.id}`}
              title={source.detail}
              className="flex min-h-6 items-center gap-2 py-0.5 text-12 hover:text-ink pointer-coarse:min-h-11"
            >
              <StateMark mark={SOURCE_RATING[source.state]} className="size-2.5" />
              <span className="truncate text-ink-2">{source.title}</span>
              <span className="ml-auto whitespace-nowrap text-ink-3">
                {source.state === 'live' || source.okAt === 0 ? '' : `${source.state} `}
                <TimeAgo at={source.okAt} suffix="" never={`${source.state}, never read`} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
