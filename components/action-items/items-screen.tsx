'use client'

import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { type ReactNode, useMemo, useState } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { failedFace } from '@/components/state/failed-face'
import { PageSteps } from '@/components/state/page-steps'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { queryOf } from '@/lib/client/api'
import { ItemFilters } from './item-filters'
import { ItemRow } from './item-row'
import { askedOf, isNarrowed, withParam } from './items-address'
import type { ItemAsk, ItemsAsked, ItemsData } from './types'

const ItemDialog = later(() => import('./item-dialog').then((module) => module.ItemDialog))
const ItemDrawer = later(() => import('./item-drawer').then((module) => module.ItemDrawer))
const BurnDown = later(() => import('./burn-down').then((module) => module.BurnDown))

/** ItemsScreen is every action item across incidents: what is owed, by whom, until when, and whether it gets less. */
export function ItemsScreen({
  initial,
  initialAsked,
  mayWork,
}: {
  readonly initial: ItemsData
  /** initialAsked is what the server read. */
  readonly initialAsked: ItemsAsked
  readonly mayWork: boolean
}): ReactNode {
  const params = useSearchParams()
  const plain = new URLSearchParams(params)
  const asked = askedOf(plain)
  const isFirst = JSON.stringify(asked) === JSON.stringify(initialAsked)
  const query = useQuery({
    ...queryOf('action-items.list', asked),
    placeholderData: keepPreviousData,
    ...(isFirst ? { initialData: initial, initialDataUpdatedAt: initial.nowMs } : {}),
  })
  const [ask, setAsk] = useState<ItemAsk>()
  const actions = useMemo(
    () =>
      mayWork
        ? [
            {
              id: 'action-items.add',
              title: 'Add an action item',
              group: 'On this page',
              keys: 'N',
              run: () => setAsk({ kind: 'add', home: undefined }),
            } satisfies Action,
          ]
        : [],
    [mayWork],
  )
  useActions(actions)
  const counts = query.data?.counts ?? initial.counts
  const open = Number(params.get('item'))
  const set = (name: string, value: string): void =>
    window.history.pushState(null, '', withParam(plain, name, value))
  return (
    <div className="grid grid-cols-1 gap-6 px-4 pt-5 pb-12 md:px-6">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <h1 className="text-20 font-normal text-ink-2">
          <span className="sr-only">Action items: </span>
          {counts.open} open
          {counts.overdue === 0 ? null : (
            <>
              , <b className="font-semibold text-breach">{counts.overdue} overdue</b>
            </>
          )}
          {counts.incomplete === 0 ? null : (
            <>
              , <b className="font-semibold text-warn">{counts.incomplete} incomplete</b>
            </>
          )}
        </h1>
        {mayWork ? (
          <Button className="ml-auto" keys="N" onClick={() => setAsk({ kind: 'add', home: undefined })}>
            Add an action item
          </Button>
        ) : null}
      </header>
      <ItemFilters asked={asked} params={plain} onSet={set} />
      <Items query={query} asked={asked} open={open} mayWork={mayWork} onAsk={setAsk} onSet={set} />
      <BurnDown />
      {ask === undefined ? null : <ItemDialog ask={ask} onClose={() => setAsk(undefined)} />}
      {Number.isInteger(open) && open > 0 ? (
        <ItemDrawer number={open} mayWork={mayWork} onAsk={setAsk} onClose={() => set('item', '')} />
      ) : null}
    </div>
  )
}

function Items({
  query,
  asked,
  open,
  mayWork,
  onAsk,
  onSet,
}: {
  readonly query: UseQueryResult<ItemsData>
  readonly asked: ItemsAsked
  readonly open: number
  readonly mayWork: boolean
  readonly onAsk: (ask: ItemAsk) => void
  readonly onSet: (name: string, value: string) => void
}): ReactNode {
  const title = 'Items'
  if (query.data === undefined)
    return query.isError ? (
      <Panel title={title} face={failedFace(query, 'The action items could not be read.')} />
    ) : (
      <Panel title={title} face={{ kind: 'loading', rows: 6 }} />
    )
  const { items, matching, pageSize, nowMs } = query.data
  if (items.length === 0)
    return (
      <Panel
        title={title}
        face={{
          kind: 'empty',
          sentence: isNarrowed(asked) ? 'Nothing fits this filter.' : 'Nothing is owed.',
        }}
      />
    )
  return (
    <Panel title={title} note={`${matching}${asked.state === 'open' ? ', next due first' : ''}`}>
      <ul>
        {items.map((item) => (
          <ItemRow
            key={item.id}
            item={item}
            nowMs={nowMs}
            isOpen={item.number === open}
            showsIncident
            mayWork={mayWork}
            onAsk={onAsk}
          />
        ))}
      </ul>
      <PageSteps
        page={asked.page ?? 1}
        matching={matching}
        pageSize={pageSize}
        words={['Earlier', 'Later']}
        onPage={(next) => onSet('page', next)}
      />
    </Panel>
  )
}
