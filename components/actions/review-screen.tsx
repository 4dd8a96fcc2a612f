'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { queryOf } from '@/lib/client/api'
import { ActionHost } from './action-host'
import { CopyLine } from './copy-line'
import { openAction } from './opened'
import type { Unreviewed } from './types'

const REFRESH_MS = 30_000
const TITLE = 'Waiting for a review'

/** ReviewScreen lists dangerous actions that went without a second person and that nobody else has looked at since. */
export function ReviewScreen(): ReactNode {
  return (
    <div className="grid max-w-3xl gap-8">
      <div>
        <h2 className="text-16">Glass that was broken</h2>
        <p className="max-w-2xl pt-1 text-ink-2">
          A dangerous action needs a second person. Where nobody could be had, its plan was freed with a
          reason; somebody else reviews that here.
        </p>
      </div>
      <Reviews />
    </div>
  )
}

function Reviews(): ReactNode {
  const query = useQuery({ ...queryOf('actions.toReview', {}), refetchInterval: REFRESH_MS })
  if (query.data === undefined) {
    if (query.error === null) return <Panel title={TITLE} face={{ kind: 'loading', rows: 3 }} />
    const retry = (): void => void query.refetch()
    return <Panel title={TITLE} face={{ kind: 'failed', sentence: 'The list could not be read.', retry }} />
  }
  const { runs } = query.data
  return (
    <>
      {runs.length === 0 ? (
        <Panel
          title={TITLE}
          face={{ kind: 'empty', sentence: 'Nothing waits: every broken glass was reviewed.' }}
        />
      ) : (
        <Panel title={TITLE} aside={`${runs.length}`}>
          <ul aria-label={TITLE} className="grid">
            {runs.map((run) => (
              <Entry key={run.id} run={run} onOpen={() => openAction({ kind: 'run', id: run.id })} />
            ))}
          </ul>
        </Panel>
      )}
      <ActionHost incidentId="" />
    </>
  )
}

function Entry({ run, onOpen }: { readonly run: Unreviewed; readonly onOpen: () => void }): ReactNode {
  return (
    <li className="grid gap-2 border-t py-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">{run.title}</span>
        <span className="text-12 text-ink-3">
          @{run.by}, <TimeAgo at={Math.floor(run.preparedAtMs / 1000)} /> · {run.stateWords}
        </span>
      </p>
      <p className="text-pretty">“{run.reason}”</p>
      <CopyLine text={run.command} what={run.title} />
      <Button size="small" className="justify-self-start" onClick={onOpen}>
        {run.mayReview ? 'Look at it and review' : 'Look at it'}
      </Button>
    </li>
  )
}
