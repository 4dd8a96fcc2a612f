'use client'

import type { ReactNode } from 'react'
import { TileSwatch } from '@/components/fleet/tile-swatch'
import { Panel } from '@/components/state/panel'
import { SourceAge } from '@/components/state/source-age'
import { Link } from '@/components/ui/link'
import { LinkButton } from '@/components/ui/link-button'
import { RATING_TEXT, RATING_WORDS } from '@/components/ui/rating'
import { Skeleton } from '@/components/ui/skeleton'
import type { Rating } from '@/lib/health/model'
import type { FleetCounts } from './fleet-counts'
import { StripCanvas } from './strip-canvas'

const ORDER: readonly Rating[] = ['breach', 'warning', 'unknown', 'stale', 'clear']
const OUT_HREF = '/fleet?rating=out'
const ROW = 'flex min-h-6 items-center gap-2 rounded-1 hover:bg-raise pointer-coarse:min-h-11'
const SOURCES = { dcgm: 'DCGM', agent: 'Agent', vast: 'Vast.ai' } as const

function n(value: number): string {
  return value.toLocaleString('en-US')
}

/** FleetStrip is every GPU as a tile and the same counts in words. */
export function FleetStrip({ counts }: { readonly counts: FleetCounts | undefined }): ReactNode {
  if (counts === undefined) {
    return (
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[12.5rem_minmax(0,1fr)] short:min-h-49">
        <Panel title="Fleet" face={{ kind: 'loading', rows: 4 }} />
        <Skeleton className="h-36" />
      </div>
    )
  }
  if (counts.total === 0) return <EmptyFleet />
  const words = ORDER.map((rating) => `${n(counts.gpus[rating])} ${rating}`)
  if (counts.gpus.outOfService > 0) words.push(`${n(counts.gpus.outOfService)} out of service`)
  const label = `${n(counts.total)} GPUs: ${words.join(', ')}`
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[12.5rem_minmax(0,1fr)] short:min-h-49">
      <Panel
        title="Fleet"
        aside={
          counts.lastSource === undefined ? undefined : (
            <SourceAge source={SOURCES[counts.lastSource]} at={counts.lastAt} />
          )
        }
      >
        <p className="text-24 font-medium">
          {n(counts.total)}{' '}
          <span className="text-13 font-normal tracking-normal text-ink-2">
            {counts.total === 1 ? 'GPU' : 'GPUs'} on {n(counts.hosts)} {counts.hosts === 1 ? 'host' : 'hosts'}
          </span>
        </p>
        <ul className="mt-1 grid grid-cols-2 gap-x-6 text-12 leading-5 lg:grid-cols-1">
          {ORDER.map((rating) => (
            <li key={rating}>
              <Link href={`/fleet?rating=${rating}`} className={ROW}>
                <TileSwatch rating={rating} />
                {RATING_WORDS[rating]}
                <span
                  className={`ml-auto font-mono font-medium ${
                    counts.gpus[rating] === 0 || rating === 'clear' ? 'text-ink-2' : RATING_TEXT[rating]
                  }`}
                >
                  {n(counts.gpus[rating])}
                </span>
              </Link>
            </li>
          ))}
          <li>
            <Link href={OUT_HREF} className={ROW} title="Stopped as intended, not there yet, or gone">
              <span className="size-2.5 text-center leading-2.5 text-ink-3" aria-hidden="true">
                –
              </span>
              Out of service
              <span className="ml-auto font-mono font-medium text-ink-2">{n(counts.gpus.outOfService)}</span>
            </Link>
          </li>
        </ul>
      </Panel>
      <StripCanvas label={label} />
    </div>
  )
}

function EmptyFleet(): ReactNode {
  return (
    <Panel
      title="Fleet"
      face={{
        kind: 'empty',
        sentence: 'No source has told of any GPU yet. Connect Vast.ai first: it lists what you rent.',
        action: (
          <LinkButton href="/settings/sources" size="small">
            Connect a source
          </LinkButton>
        ),
      }}
    />
  )
}
