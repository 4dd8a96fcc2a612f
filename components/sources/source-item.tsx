'use client'

import type { ReactNode } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { SOURCE_RATING } from '@/components/shell/source-summary'
import { TestNow } from '@/components/state/test-now'
import { TimeAgo } from '@/components/time/time-ago'
import { Chip } from '@/components/ui/chip'
import { NextIcon } from '@/components/ui/icons'
import { StateWord } from '@/components/ui/state-word'
import type { SourceRow } from '@/lib/health/wire'
import { SourceEditor } from './source-editor'
import type { SourceEntry } from './source-entry'

/** SourceItem is one source: what it gives, how it is now, and its settings for those who may change them. */
export function SourceItem({
  entry,
  rows,
  isNext,
  mayConfigure,
  mayTest,
}: {
  readonly entry: SourceEntry
  readonly rows: readonly SourceRow[]
  readonly isNext: boolean
  readonly mayConfigure: boolean
  readonly mayTest: boolean
}): ReactNode {
  return (
    <details id={entry.id} open={isNext || undefined} className="group scroll-mt-4 border-t">
      <summary className="grid list-none grid-cols-[1rem_minmax(0,1fr)] gap-x-3 py-3 hover:bg-raise sm:grid-cols-[1rem_minmax(0,1fr)_minmax(21rem,auto)] [&::-webkit-details-marker]:hidden">
        <NextIcon className="mt-1 size-3.5 text-ink-3 transition-transform group-open:rotate-90" />
        <span className="min-w-0">
          <span className="flex items-center gap-2">
            <b className="text-14 font-semibold">{entry.title}</b>
            {isNext ? <Chip tone="accent">connect next</Chip> : null}
          </span>
          <span className="block text-ink-2">{entry.gives}</span>
        </span>
        <span className="col-start-2 grid content-start sm:col-start-3 sm:justify-items-end">
          {entry.connected ? (
            rows.map((row) => <SourceState key={row.id} row={row} named={rows.length > 1} />)
          ) : (
            <span className="text-ink-3">not connected</span>
          )}
          {entry.connected && rows.length === 0 ? (
            <span className="text-ink-3">saved, waiting for its first reading</span>
          ) : null}
        </span>
      </summary>
      <div className="grid gap-4 pb-6 sm:pl-7">
        {rows.map((row) => (
          <Trouble key={row.id} row={row} />
        ))}
        {mayConfigure && entry.origin === 'environment' ? (
          <p className="text-12 text-ink-3">
            Its settings come from the environment. What is saved here wins over them.
          </p>
        ) : null}
        {mayConfigure ? (
          <SourceEditor key={entry.version} entry={entry} mayTest={mayTest} />
        ) : (
          <ReadOnly entry={entry} mayTest={mayTest} />
        )}
      </div>
    </details>
  )
}

function SourceState({ row, named }: { readonly row: SourceRow; readonly named: boolean }): ReactNode {
  return (
    <span className="flex h-5 items-baseline gap-3">
      {named ? <span className="text-12 text-ink-3">{row.title}</span> : null}
      <StateWord rating={SOURCE_RATING[row.state]} word={row.state} />
      <span className="text-12 text-ink-3">
        <TimeAgo at={row.okAt} never="never read" />
        {row.latencyMs === undefined ? '' : ` · ${row.latencyMs} ms`}
      </span>
    </span>
  )
}

function Trouble({ row }: { readonly row: SourceRow }): ReactNode {
  if (row.state === 'live' || row.detail === '') return null
  return (
    <p className="border-l-2 border-line-2 pl-3">
      <span className="font-medium">{row.title}: </span>
      {row.detail}
      {row.failures > 0 ? `, ${row.failures} ${row.failures === 1 ? 'miss' : 'misses'} in a row` : ''}.
      {row.wayRound === undefined ? null : <span className="block text-ink-2">Instead: {row.wayRound}</span>}
    </p>
  )
}

function ReadOnly({ entry, mayTest }: { readonly entry: SourceEntry; readonly mayTest: boolean }): ReactNode {
  return (
    <div className="grid gap-3">
      {entry.settings === null ? null : (
        <dl className="grid max-w-2xl grid-cols-[auto_minmax(0,1fr)] gap-x-6">
          {Object.entries(entry.settings)
            .filter(([, value]) => typeof value !== 'object')
            .map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-ink-3">{name}</dt>
                <dd className="truncate font-mono">{String(value)}</dd>
              </div>
            ))}
        </dl>
      )}
      <p className="text-12 text-ink-3">An administrator connects and changes sources.</p>
      {mayTest && entry.connected ? (
        <div className="flex flex-wrap">
          <TestNow
            label="Test now"
            busyLabel="Testing"
            test={() => runCommand('sources.test', { id: entry.id })}
          />
        </div>
      ) : null}
    </div>
  )
}
