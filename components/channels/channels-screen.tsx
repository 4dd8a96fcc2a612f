'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { queryOf } from '@/lib/client/api'
import { ChannelEditor } from './channel-editor'
import type { ChannelKindEntry, ChannelMay } from './channel-entry'
import { ChannelItem } from './channel-item'

/** ChannelsScreen lists the ways in which people are told, how each stands, and what waits for a person's word. */
export function ChannelsScreen({ may }: { readonly may: ChannelMay }): ReactNode {
  const list = useQuery(queryOf('channels.list', {}))
  const notices = useQuery(queryOf('channels.notices', {}))
  useOpenFromAddress(list.isSuccess)
  if (list.isPending) return <Panel title="Channels" face={{ kind: 'loading', rows: 5 }} />
  if (list.isError)
    return (
      <Panel
        title="Channels"
        face={{
          kind: 'failed',
          sentence: 'The list of channels could not be read.',
          detail: list.error.message,
          retry: () => void list.refetch(),
        }}
      />
    )
  const { channels, kinds } = list.data
  const asking = notices.data?.asking ?? []
  return (
    <section aria-labelledby="channels-title" className="max-w-5xl">
      <h2 id="channels-title" className="text-16">
        {channels.length === 0 ? 'Nobody is told anything yet' : 'Where people are told'}
      </h2>
      <p className="max-w-2xl pt-1 pb-4 text-ink-2">
        Each message goes out once and in order. Delivered is what the other side accepted; seen is what was
        read back from there.
      </p>
      <div className="border-b">
        {channels.map((entry) => (
          <ChannelItem
            key={entry.id}
            entry={entry}
            kind={kinds.find(({ kind }) => kind === entry.kind)}
            asking={asking.filter(({ channelId }) => channelId === entry.id)}
            may={may}
          />
        ))}
      </div>
      {may.configure ? <NewChannel kinds={kinds} may={may} /> : null}
    </section>
  )
}

function NewChannel({
  kinds,
  may,
}: {
  readonly kinds: readonly ChannelKindEntry[]
  readonly may: ChannelMay
}): ReactNode {
  const [chosen, choose] = useState<ChannelKindEntry | undefined>(undefined)
  return (
    <section aria-labelledby="channel-new" className="grid gap-3 pt-8">
      <h3 id="channel-new" className="text-14 font-semibold">
        Add a channel
      </h3>
      <ul className="grid gap-2">
        {kinds.map((kind) => (
          <li key={kind.kind} className="flex flex-wrap items-baseline gap-x-3">
            <Button
              variant={chosen?.kind === kind.kind ? 'primary' : 'quiet'}
              aria-pressed={chosen?.kind === kind.kind}
              onClick={() => choose(kind)}
            >
              {kind.title}
            </Button>
            <span className="min-w-0 flex-1 basis-64 text-ink-2">{kind.gives}</span>
          </li>
        ))}
      </ul>
      {chosen === undefined ? null : (
        <ChannelEditor key={chosen.kind} kind={chosen} mayTest={may.test} onSaved={() => choose(undefined)} />
      )}
    </section>
  )
}

/** The address names the channel to open; it may change while the page stays. */
function useOpenFromAddress(isReady: boolean): void {
  useEffect(() => {
    if (!isReady) return
    function open(): void {
      const found = document.getElementById(decodeURIComponent(window.location.hash.slice(1)))
      if (!(found instanceof HTMLDetailsElement)) return
      found.open = true
      found.scrollIntoView({ block: 'start' })
    }
    open()
    window.addEventListener('hashchange', open)
    return () => window.removeEventListener('hashchange', open)
  }, [isReady])
}
