'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateWord } from '@/components/ui/state-word'
import { queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { faceOf } from './face-of'
import { useSending } from './use-sending'

type Page = Wire<QueryResult<'status.page'>>

const seconds = (text: string | null): number => (text === null ? 0 : Date.parse(text) / 1000)

const FRESHNESS = {
  fresh: { rating: 'clear', word: 'Confirmed' },
  late: { rating: 'stale', word: 'Not confirmed' },
  lost: { rating: 'unknown', word: 'Contact lost' },
} as const

/** PagePanel shows what the page says of itself, changes its name and address, and ends what an emergency left open. */
export function PagePanel({
  mayManage,
  mayEnd,
}: {
  readonly mayManage: boolean
  readonly mayEnd: boolean
}): ReactNode {
  const page = useQuery(queryOf('status.page', {}))
  const face = faceOf(page, 'The page could not be read.')
  if (face) return <Panel title="Page" face={face} />
  const { data } = page
  if (!data) return null
  const { rating, word } = FRESHNESS[data.freshness]
  return (
    <Panel
      title="Page"
      aside={
        <a href="/status" className="link" target="_blank" rel="noreferrer">
          Open the page
        </a>
      }
    >
      <p className="flex flex-wrap items-baseline gap-x-3 pb-4 text-ink-2">
        <StateWord rating={rating} word={word} />
        <span>
          <TimeAgo at={seconds(data.confirmedAt)} never="never yet" />, change {data.sequence}
        </span>
      </p>
      {mayManage ? <PageForm key={data.version} page={data} /> : <p className="text-ink-2">{data.name}</p>}
      {data.open
        .filter(({ isOfConsole }) => !isOfConsole)
        .map((one) => (
          <Notice key={one.id} notice={one} mayEnd={mayEnd} />
        ))}
    </Panel>
  )
}

function PageForm({ page }: { readonly page: Page }): ReactNode {
  const { send, isBusy, fault } = useSending()
  const [name, setName] = useState(page.name)
  const [url, setUrl] = useState(page.url ?? '')
  const [timeZone, setTimeZone] = useState(page.timeZone)
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    const input = { name, url: url.trim() === '' ? null : url.trim(), timeZone: timeZone.trim() }
    await send('status.configurePage', { ...input, version: page.version })
  }
  return (
    <form
      onSubmit={(event) => void save(event)}
      className="grid gap-3 sm:grid-cols-[14rem_1fr_12rem_auto] sm:items-start"
    >
      <Field label="Name" {...(fault ? { error: fault } : {})}>
        {(control) => (
          <Input {...control} value={name} required onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field label="Address" hint={`Empty: ${page.address}`}>
        {(control) => (
          <Input
            {...control}
            value={url}
            type="url"
            placeholder="https://status.example.com"
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <Field label="Time zone beside UTC" hint="Europe/Berlin, Etc/UTC">
        {(control) => (
          <Input
            {...control}
            value={timeZone}
            required
            onChange={(event) => setTimeZone(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" busy={isBusy} className="sm:mt-5">
        Save
      </Button>
    </form>
  )
}

function Notice({
  notice,
  mayEnd,
}: {
  readonly notice: Page['open'][number]
  readonly mayEnd: boolean
}): ReactNode {
  const { send, isBusy, fault } = useSending()
  const [body, setBody] = useState('')
  async function end(event: FormEvent): Promise<void> {
    event.preventDefault()
    await send('status.endNotice', { id: notice.id, body })
  }
  return (
    <form onSubmit={(event) => void end(event)} className="mt-4 grid gap-2 border-t pt-3">
      <p>
        <b className="font-semibold">{notice.name}</b>{' '}
        <span className="text-ink-2">
          is open on the page since <Instant at={seconds(notice.startedAt)} />; it was published without the
          console.
        </span>
      </p>
      {mayEnd ? (
        <div className="flex flex-wrap items-start gap-2">
          <Field
            label="How it ended, for the public"
            className="min-w-64 flex-1"
            {...(fault ? { error: fault } : {})}
          >
            {(control) => (
              <Input
                {...control}
                value={body}
                required
                minLength={10}
                onChange={(event) => setBody(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" busy={isBusy} className="mt-5">
            Resolve on the page
          </Button>
        </div>
      ) : null}
    </form>
  )
}
