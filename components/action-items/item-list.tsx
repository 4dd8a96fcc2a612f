'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { queryOf } from '@/lib/client/api'
import { ItemRow } from './item-row'
import type { ItemAsk } from './types'

const ItemDialog = later(() => import('./item-dialog').then((module) => module.ItemDialog))

/** ItemList is the action items of one postmortem, with the form to add one; it reads them itself. */
export function ItemList({
  postmortemId,
  mayWork,
}: {
  readonly postmortemId: string
  readonly mayWork: boolean
}): ReactNode {
  const query = useQuery(queryOf('action-items.ofPostmortem', { postmortemId }))
  const [ask, setAsk] = useState<ItemAsk>()
  const add = mayWork ? (
    <Button size="small" onClick={() => setAsk({ kind: 'add', home: { postmortemId } })}>
      Add an action item
    </Button>
  ) : undefined
  const title = 'Action items'
  if (query.isPending) return <Panel title={title} face={{ kind: 'loading', rows: 3 }} />
  if (query.isError)
    return <Panel title={title} face={failedFace(query, 'The action items could not be read.')} />
  const { items, nowMs } = query.data
  const open = items.filter(({ state }) => state === 'open').length
  const dialog = ask === undefined ? null : <ItemDialog ask={ask} onClose={() => setAsk(undefined)} />
  if (items.length === 0)
    return (
      <>
        <Panel title={title} face={{ kind: 'empty', sentence: 'Nothing was promised yet.', action: add }} />
        {dialog}
      </>
    )
  return (
    <>
      <Panel title={title} note={`${open} open of ${items.length}`} aside={add}>
        <ul>
          {items.map((item) => (
            <ItemRow
              key={item.id}
              item={item}
              nowMs={nowMs}
              isOpen={false}
              showsIncident={false}
              mayWork={mayWork}
              onAsk={setAsk}
            />
          ))}
        </ul>
      </Panel>
      {dialog}
    </>
  )
}
