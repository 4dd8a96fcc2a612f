'use client'

import { type ReactNode, useState } from 'react'
import { TimeAgo } from '@/components/time/time-ago'
import { type Mark, StateMark } from '@/components/ui/state-mark'
import { Cell } from './cells'
import type { Asking, PageData } from './types'
import { countWords } from './words'

type ItemData = PageData['items'][number]

const MARKS: Readonly<Record<ItemData['state'], Mark>> = {
  passed: 'clear',
  waived: 'false',
  failed: 'blocks',
  unknown: 'unknown',
  open: 'blocks',
  stale: 'stale',
}

const FEW = 7

/** ChecksCell is the checklist with the evidence of each item: its link, who, how old; what is met folds away. */
export function ChecksCell({
  page,
  mayTell,
  mayWaive,
  onAsk,
}: {
  readonly page: PageData
  readonly mayTell: boolean
  readonly mayWaive: boolean
  readonly onAsk: (asking: Asking) => void
}): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const met = page.items.filter(({ state }) => state === 'passed' || state === 'waived')
  const rest = page.items.filter((it) => !met.includes(it))
  const shown = isOpen ? [...rest, ...met] : [...rest, ...met.slice(0, Math.max(0, FEW - rest.length))]
  const hidden = page.items.length - shown.length
  return (
    <Cell title="Checks" aside={`${met.length} of ${page.items.length} met`}>
      {page.items.length === 0 ? <p className="text-13 text-ink-2">Staging asks for no checklist.</p> : null}
      <ul className="grid gap-1.5 text-13">
        {shown.map((item) => (
          <ItemLine key={item.id} item={item} mayTell={mayTell} mayWaive={mayWaive} onAsk={onAsk} />
        ))}
      </ul>
      {hidden > 0 || isOpen ? (
        <button type="button" className="link pt-2 text-12" onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'fewer' : `${countWords(hidden, 'more', 'more')}, all met`}
        </button>
      ) : null}
    </Cell>
  )
}

function ItemLine({
  item,
  mayTell,
  mayWaive,
  onAsk,
}: {
  readonly item: ItemData
  readonly mayTell: boolean
  readonly mayWaive: boolean
  readonly onAsk: (asking: Asking) => void
}): ReactNode {
  const isMet = item.state === 'passed' || item.state === 'waived'
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <StateMark mark={MARKS[item.state]} className={isMet ? 'size-3 text-ok' : 'size-3'} />
      <span className="min-w-0 flex-1 basis-40 break-words">
        {item.title}
        <span className="sr-only">: {item.state}</span>
      </span>
      {item.link === '' ? (
        <span className="min-w-0 text-12 break-words text-ink-2">{item.words}</span>
      ) : (
        <a href={item.link} className="link min-w-0 text-12 break-words">
          {item.words}
        </a>
      )}
      <span className="text-12 text-ink-3">
        {item.teller === '' ? '' : item.teller === 'probe' ? 'probe' : `@${item.teller}`}{' '}
        {item.atMs === undefined ? null : <TimeAgo at={item.atMs / 1000} suffix="" />}
      </span>
      {isMet ? null : (
        <span className="flex basis-full justify-end gap-2 text-12">
          {mayTell && item.by === 'person' ? (
            <button type="button" className="link" onClick={() => onAsk({ kind: 'tell', item: item.id })}>
              show it
            </button>
          ) : null}
          {mayWaive ? (
            <button type="button" className="link" onClick={() => onAsk({ kind: 'waive', item: item.id })}>
              waive
            </button>
          ) : null}
        </span>
      )}
    </li>
  )
}
