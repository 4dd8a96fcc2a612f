'use client'

import type { ReactNode } from 'react'
import { type Act, ItemButtons, Marks, SettledItem } from './checklist-item'
import type { ItemData } from './types'
import type { ShownList } from './with-held'

/** ChecklistBody is a list at work: one item at a time for read-do, all of them to confirm for do-confirm. */
export function ChecklistBody({
  list,
  act,
}: {
  readonly list: ShownList
  /** act is undefined for who may only read. */
  readonly act: Act | undefined
}): ReactNode {
  const next = list.items.find((item) => item.state === 'open')
  return (
    <ol aria-label={list.title}>
      {list.items.map((item, index) => {
        if (item.state !== 'open') return <SettledItem key={item.id} item={item} act={act} />
        const isNext = item.id === next?.id
        if (list.kind === 'read-do' && !isNext)
          return <LaterItem key={item.id} item={item} place={index + 1} />
        return <OpenItem key={item.id} item={item} place={index + 1} isNext={isNext} act={act} />
      })}
    </ol>
  )
}

function OpenItem({
  item,
  place,
  isNext,
  act,
}: {
  readonly item: ItemData
  readonly place: number
  readonly isNext: boolean
  readonly act: Act | undefined
}): ReactNode {
  return (
    <li
      aria-current={isNext ? 'step' : undefined}
      className={`grid grid-cols-[1.25rem_minmax(0,1fr)_auto] items-baseline gap-x-2 gap-y-1 border-t py-2 max-md:grid-cols-[1.25rem_minmax(0,1fr)] ${
        isNext ? '-ml-3 border-l-2 border-l-accent pl-2.5' : ''
      }`}
    >
      <span className="text-ink-3">{place}</span>
      <span className="min-w-0">
        <span className={isNext ? 'font-semibold text-pretty' : 'text-pretty'}>{item.text}</span>
        {item.hint === '' ? null : <span className="block text-12 text-pretty text-ink-3">{item.hint}</span>}
        <Marks item={item} />
      </span>
      {act === undefined ? null : <ItemButtons item={item} act={act} isNext={isNext} />}
    </li>
  )
}

function LaterItem({ item, place }: { readonly item: ItemData; readonly place: number }): ReactNode {
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2 border-t py-1.5 text-ink-3">
      <span>{place}</span>
      <span className="text-pretty">{item.text}</span>
    </li>
  )
}
