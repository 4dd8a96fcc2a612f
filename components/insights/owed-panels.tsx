'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Link } from '@/components/ui/link'
import { spanText } from './insights-words'
import type { InsightsData } from './types'

/** PromisesPanel says how many promised updates were kept. */
export function PromisesPanel({ promises }: { readonly promises: InsightsData['promises'] }): ReactNode {
  const { kept, late, never, lateMedianMs } = promises
  const all = kept + late + never
  const title = 'Promises kept'
  if (all === 0) return <Panel title={title} face={{ kind: 'empty', sentence: 'No update was promised.' }} />
  return (
    <Panel title={title} note="an update to the same audience by the promised time">
      <p>
        <b className="text-20 font-semibold tabular-nums">{Math.round((kept / all) * 100)} %</b>{' '}
        <span className="text-ink-2">
          {kept} of {all} promised updates came in time
        </span>
      </p>
      <p className="text-12 text-ink-3">
        {late} late{lateMedianMs === null ? '' : `, half of them by more than ${spanText(lateMedianMs)}`};{' '}
        {never} never came.
      </p>
    </Panel>
  )
}

/** OwedPanel says which action items are overdue. */
export function OwedPanel({ owed }: { readonly owed: InsightsData['actionItems'] }): ReactNode {
  const title = 'Action items overdue'
  if (owed.open === 0)
    return <Panel title={title} face={{ kind: 'empty', sentence: 'No action item is open.' }} />
  return (
    <Panel
      title={title}
      aside={
        <Link href="/postmortems/actions?due=overdue" className="link">
          All of them
        </Link>
      }
    >
      <p>
        <b className={`text-20 font-semibold tabular-nums ${owed.overdue > 0 ? 'text-breach' : ''}`}>
          {owed.overdue}
        </b>{' '}
        <span className="text-ink-2">
          of {owed.open} open{owed.incomplete === 0 ? '' : `; ${owed.incomplete} incomplete`}
        </span>
      </p>
      <ul>
        {owed.oldest.map((item) => (
          <li key={item.number} className="flex min-w-0 gap-3 border-t py-1.5">
            <Link
              href={`/postmortems/actions?item=${item.number}`}
              className="min-w-0 flex-1 truncate hover:underline"
            >
              {item.title}
            </Link>
            <span className="text-12 whitespace-nowrap text-ink-3">
              {item.owner === null ? 'nobody' : `@${item.owner}`}, {item.days} d
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
