'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { StateMark } from '@/components/ui/state-mark'
import { dueWords } from '@/lib/action-items/model'
import { KIND_WORDS, missingText, STATE_WORDS } from './item-words'
import type { ItemAsk, ItemData } from './types'

/** ItemRow is one action item: what it is meant to do, who owes it by when, when it is done, and what can be done about it. */
export function ItemRow({
  item,
  nowMs,
  isOpen,
  showsIncident,
  mayWork,
  onAsk,
}: {
  readonly item: ItemData
  readonly nowMs: number
  /** isOpen says that its history is shown beside the list. */
  readonly isOpen: boolean
  readonly showsIncident: boolean
  readonly mayWork: boolean
  readonly onAsk: (ask: ItemAsk) => void
}): ReactNode {
  const isOver = item.state !== 'open'
  return (
    <li
      data-item-row
      className={`grid grid-cols-1 gap-x-4 gap-y-1 border-t py-2.5 md:grid-cols-[4.5rem_minmax(0,1fr)_9rem_auto] ${isOpen ? 'bg-raise' : ''}`}
    >
      <span className="text-ink-2">{item.kind === null ? 'No kind' : KIND_WORDS[item.kind]}</span>
      <div className="grid min-w-0 gap-0.5">
        <p className="min-w-0 break-words">
          <Link
            href={`/postmortems/actions?item=${item.number}${isOver ? `&state=${item.state}` : ''}`}
            className="font-medium hover:underline"
          >
            {item.title}
          </Link>{' '}
          <span className="font-mono text-12 text-ink-3">{item.name}</span>
        </p>
        <DoneWhen item={item} />
        <p className="flex flex-wrap gap-x-3 text-12 text-ink-3">
          {showsIncident && item.incident !== null ? (
            <Link
              href={`/incidents/${item.incident.name}`}
              className="inline-flex items-center gap-1.5 hover:underline"
            >
              <SeverityMark
                severity={item.incident.isDrill ? 'drill' : (item.incident.severity as 'P1')}
                bare
                className="size-2.5"
              />
              {item.incident.name}
            </Link>
          ) : null}
          {item.issue === null ? null : (
            <a href={item.issue.url} target="_blank" rel="noreferrer noopener" className="link break-all">
              {item.issue.label}
            </a>
          )}
        </p>
      </div>
      <div className="md:text-right">
        <p className={item.isOrphan ? 'text-warn' : undefined}>
          {item.owner === null ? <span className="text-unknown">nobody</span> : `@${item.owner}`}
          {item.isOrphan ? ', account disabled' : ''}
        </p>
        <Due item={item} nowMs={nowMs} />
      </div>
      {mayWork ? <Deeds item={item} onAsk={onAsk} /> : <span />}
    </li>
  )
}

function DoneWhen({ item }: { readonly item: ItemData }): ReactNode {
  if (item.state !== 'open')
    return (
      <p className="text-12 break-words text-ink-2">
        {STATE_WORDS[item.state]} by @{item.doneBy}: {item.evidence}
      </p>
    )
  return (
    <>
      {item.doneWhen === '' ? null : (
        <p className="text-12 break-words text-ink-2">Done when: {item.doneWhen}</p>
      )}
      {item.missing.length === 0 ? null : (
        <p className="flex items-center gap-1.5 text-12 text-warn">
          <StateMark mark="warning" className="size-3 shrink-0" />
          It does not say {missingText(item.missing)}
        </p>
      )}
    </>
  )
}

function Due({ item, nowMs }: { readonly item: ItemData; readonly nowMs: number }): ReactNode {
  if (item.dueOn === null) return <p className="text-12 text-unknown">no date</p>
  if (item.state !== 'open') return <p className="font-mono text-12 text-ink-3">{item.dueOn}</p>
  return (
    <p className={`text-12 ${item.isOverdue ? 'font-medium text-breach' : 'text-ink-3'}`}>
      <time dateTime={item.dueOn} title={item.dueOn}>
        {item.isOverdue ? '! ' : ''}
        {dueWords(item.dueOn, nowMs)}
      </time>
    </p>
  )
}

function Deeds({
  item,
  onAsk,
}: {
  readonly item: ItemData
  readonly onAsk: (ask: ItemAsk) => void
}): ReactNode {
  if (item.state !== 'open')
    return (
      <div className="flex items-start justify-end">
        <Button
          size="small"
          onClick={() => onAsk({ kind: 'reopen', item })}
          aria-label={`Open ${item.name} again`}
        >
          Open again
        </Button>
      </div>
    )
  return (
    <div className="flex flex-wrap items-start gap-2 md:justify-end">
      <Button
        size="small"
        onClick={() => onAsk({ kind: 'finish', item })}
        aria-label={`Mark ${item.name} done`}
      >
        Done
      </Button>
      <Button size="small" onClick={() => onAsk({ kind: 'change', item })} aria-label={`Change ${item.name}`}>
        Change
      </Button>
      <Button
        size="small"
        variant="quiet"
        onClick={() => onAsk({ kind: 'drop', item })}
        aria-label={`Drop ${item.name}`}
      >
        Drop
      </Button>
    </div>
  )
}
