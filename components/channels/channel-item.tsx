'use client'

import type { ReactNode } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { TestNow } from '@/components/state/test-now'
import { TimeAgo } from '@/components/time/time-ago'
import { Chip } from '@/components/ui/chip'
import { NextIcon } from '@/components/ui/icons'
import { StateWord } from '@/components/ui/state-word'
import { AskingMessages } from './asking-messages'
import { ChannelEditor } from './channel-editor'
import type { AskingEntry, ChannelEntry, ChannelKindEntry, ChannelMay } from './channel-entry'
import { ChannelPause } from './channel-pause'

/** ChannelItem is one channel: how it stands, what waits for a person, and its settings for those who may change them. */
export function ChannelItem({
  entry,
  kind,
  asking,
  may,
}: {
  readonly entry: ChannelEntry
  readonly kind: ChannelKindEntry | undefined
  readonly asking: readonly AskingEntry[]
  readonly may: ChannelMay
}): ReactNode {
  return (
    <details
      id={entry.id}
      open={entry.paused !== null || entry.asking > 0 || undefined}
      className="group scroll-mt-4 border-t"
    >
      <summary className="grid list-none grid-cols-[1rem_minmax(0,1fr)] gap-x-3 py-3 hover:bg-raise sm:grid-cols-[1rem_minmax(0,1fr)_auto] [&::-webkit-details-marker]:hidden">
        <NextIcon className="mt-1 size-3.5 text-ink-3 transition-transform group-open:rotate-90" />
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-2">
            <b className="text-14 font-semibold">{entry.name}</b>
            {entry.audiences.map((audience) => (
              <Chip key={audience}>{audience}</Chip>
            ))}
            {entry.drills ? <Chip tone="drill">drills too</Chip> : null}
          </span>
          <span className="block text-ink-2">{entry.title}</span>
        </span>
        <span className="col-start-2 grid content-start sm:col-start-3 sm:justify-items-end">
          <ChannelState entry={entry} />
          <span className="text-12 text-ink-3">
            {entry.deliveredAt === null ? (
              'nothing sent yet'
            ) : (
              <>
                delivered <TimeAgo at={secondsOf(entry.deliveredAt)} />
                {entry.seenAt === null ? null : (
                  <>
                    {' · '}seen <TimeAgo at={secondsOf(entry.seenAt)} />
                  </>
                )}
              </>
            )}
          </span>
        </span>
      </summary>
      <div className="grid gap-4 pb-6 sm:pl-7">
        <ChannelPause entry={entry} mayPause={may.pause} />
        {entry.trouble === '' || entry.paused !== null ? null : (
          <p className="border-l-2 border-line-2 pl-3">
            <span className="font-medium">Last trouble: </span>
            {entry.trouble}
          </p>
        )}
        <AskingMessages messages={asking} />
        {may.configure && entry.origin === 'environment' ? (
          <p className="text-12 text-ink-3">
            Its settings come from the environment. What is saved here wins over them.
          </p>
        ) : null}
        {may.configure && kind !== undefined ? (
          <ChannelEditor key={entry.version} kind={kind} entry={entry} mayTest={may.test} />
        ) : (
          <div className="grid gap-3">
            <p className="text-12 text-ink-3">An administrator sets up and changes channels.</p>
            {may.test ? (
              <div className="flex flex-wrap">
                <TestNow
                  label="Send a test"
                  busyLabel="Sending"
                  test={() => runCommand('channels.test', { id: entry.id })}
                />
              </div>
            ) : null}
          </div>
        )}
      </div>
    </details>
  )
}

function ChannelState({ entry }: { readonly entry: ChannelEntry }): ReactNode {
  if (entry.paused !== null)
    return <StateWord rating="breach" word={`stands still, ${entry.waiting} waiting`} />
  if (entry.asking > 0) return <StateWord rating="warning" word={`${entry.asking} to decide`} />
  if (entry.waiting > 0) return <StateWord rating="unknown" word={`${entry.waiting} on the way`} />
  return <StateWord rating="clear" word="ready" />
}

function secondsOf(iso: string): number {
  return Date.parse(iso) / 1_000
}
