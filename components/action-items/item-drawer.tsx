'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { Link } from '@/components/ui/link'
import { dueWords } from '@/lib/action-items/model'
import { stepWords } from '@/lib/action-items/words'
import { queryOf } from '@/lib/client/api'
import { KIND_WORDS, missingText, STATE_WORDS } from './item-words'
import type { ItemAsk, ItemDetail } from './types'

const FIELD_WORDS: Readonly<Record<string, string>> = {
  title: 'Title',
  kind: 'Kind',
  owner: 'Owner',
  dueOn: 'Due date',
  doneWhen: 'Done when',
  externalUrl: 'Issue',
  state: 'State',
  why: 'Why',
}

const MAIL_WORDS: Readonly<Record<string, string>> = {
  queued: 'waits for a mail server',
  sending: 'on its way',
  retry: 'tried again soon',
  sent: 'mail sent',
  unknown: 'may have arrived',
  failed: 'mail refused',
  skipped: 'no longer needed',
}

/** ItemDrawer shows one action item with its history and who was reminded when. */
export function ItemDrawer({
  number,
  mayWork,
  onAsk,
  onClose,
}: {
  readonly number: number
  readonly mayWork: boolean
  readonly onAsk: (ask: ItemAsk) => void
  readonly onClose: () => void
}): ReactNode {
  const query = useQuery({ ...queryOf('action-items.one', { number }), retry: false })
  const item = query.data
  return (
    <Drawer
      open
      onClose={onClose}
      title={item?.title ?? 'Action item'}
      subtitle={item === undefined ? undefined : `${item.name} · ${STATE_WORDS[item.state]}`}
    >
      {item === undefined ? (
        query.isError ? (
          <Panel title="Item" face={failedFace(query, 'This item could not be read.')} />
        ) : (
          <Panel title="Item" face={{ kind: 'loading', rows: 5 }} />
        )
      ) : (
        <div className="grid grid-cols-1 gap-6">
          <Says item={item} />
          {mayWork ? <Deeds item={item} onAsk={onAsk} /> : null}
          <Nags item={item} />
          <History item={item} />
        </div>
      )}
    </Drawer>
  )
}

function Says({ item }: { readonly item: ItemDetail }): ReactNode {
  const lines: readonly (readonly [string, ReactNode])[] = [
    ['Kind', item.kind === null ? 'not said' : KIND_WORDS[item.kind]],
    ['Owner', item.owner === null ? 'nobody' : `@${item.owner}${item.isOrphan ? ', account disabled' : ''}`],
    [
      'Due',
      item.dueOn === null
        ? 'no date'
        : `${item.dueOn}${item.state === 'open' ? `, ${dueWords(item.dueOn, item.nowMs)}` : ''}`,
    ],
    ['Done when', item.doneWhen === '' ? 'not said' : item.doneWhen],
    ...(item.state === 'open' ? [] : [[item.state === 'done' ? 'Evidence' : 'Why', item.evidence] as const]),
    ...(item.issue === null
      ? []
      : [
          [
            'Issue',
            <a key="issue" href={item.issue.url} target="_blank" rel="noreferrer noopener" className="link">
              {item.issue.label}
            </a>,
          ] as const,
        ]),
    ...(item.incident === null
      ? []
      : [
          [
            'From',
            <Link key="incident" href={`/incidents/${item.incident.name}`} className="link">
              {item.incident.name}: {item.incident.title}
            </Link>,
          ] as const,
        ]),
  ]
  return (
    <div className="grid gap-3">
      <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {lines.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {item.state === 'open' && item.missing.length > 0 ? (
        <p className="text-warn">It does not say {missingText(item.missing)}.</p>
      ) : null}
    </div>
  )
}

function Deeds({
  item,
  onAsk,
}: {
  readonly item: ItemDetail
  readonly onAsk: (ask: ItemAsk) => void
}): ReactNode {
  if (item.state !== 'open')
    return (
      <div>
        <Button onClick={() => onAsk({ kind: 'reopen', item })}>Open again</Button>
      </div>
    )
  return (
    <div className="flex flex-wrap gap-2">
      <Button variant="primary" onClick={() => onAsk({ kind: 'finish', item })}>
        Mark done
      </Button>
      <Button onClick={() => onAsk({ kind: 'change', item })}>Change</Button>
      <Button variant="quiet" onClick={() => onAsk({ kind: 'drop', item })}>
        Drop
      </Button>
    </div>
  )
}

function Nags({ item }: { readonly item: ItemDetail }): ReactNode {
  if (item.nags.length === 0)
    return <Panel title="Reminders" face={{ kind: 'empty', sentence: 'Nobody was reminded yet.' }} />
  return (
    <Panel title="Reminders" note="two days before, on the day, then weekly">
      <ul>
        {item.nags.map((nag) => (
          <li key={`${nag.step} ${nag.atMs}`} className="border-t py-1.5">
            <Instant at={nag.atMs / 1_000} /> {stepWords(nag.step)}
            <span className="block text-12 text-ink-3">
              {nag.mails.length === 0
                ? 'nobody could be reached'
                : nag.mails
                    .map(({ handle, state }) => `@${handle}: ${MAIL_WORDS[state] ?? state}`)
                    .join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function History({ item }: { readonly item: ItemDetail }): ReactNode {
  return (
    <Panel title="History">
      <ol>
        {item.history.toReversed().map(({ seq, atMs, by, fields }) => (
          <li key={seq} className="border-t py-1.5">
            <Instant at={atMs / 1_000} /> @{by}
            {seq === 1 ? ' wrote it down' : null}
            {Object.entries(fields).map(([field, { from, to }]) => (
              <span key={field} className="block text-12 break-words text-ink-2">
                {FIELD_WORDS[field] ?? field}: {from === '' ? 'nothing' : from} → {to === '' ? 'nothing' : to}
              </span>
            ))}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
