'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { StateMark } from '@/components/ui/state-mark'
import { isInTarget } from '@/lib/actions/model'
import { CopyLine } from './copy-line'
import { RunDecide } from './run-decide'
import { RunTrail } from './run-trail'
import { Text } from './text'
import type { RunData } from './types'
import { markOf, prettyBody, valueText } from './words'

/** RunBody is one run: where it stands, what may be said about it, exactly what is sent, and what came of it. */
export function RunBody({
  run,
  onOpenRun,
}: {
  readonly run: RunData
  readonly onOpenRun: (id: string) => void
}): ReactNode {
  return (
    <div className="grid gap-5">
      <Standing run={run} />
      <RunDecide run={run} onOpenRun={onOpenRun} />
      {run.output === '' ? null : (
        <Part title="What it brought">
          <Text text={run.output} label="Output" />
        </Part>
      )}
      <Part title="Exactly this">
        {run.command === '' ? null : <CopyLine text={run.command} what={run.title} />}
        {run.requests.map((request) => (
          <details key={`${request.method} ${request.path} ${request.body}`} className="min-w-0">
            <summary className="cursor-pointer py-1 font-mono text-12 break-all text-ink-2">
              {request.method} {request.path}
            </summary>
            {request.contentType === '' ? null : (
              <p className="py-1 font-mono text-12 text-ink-3">{request.contentType}</p>
            )}
            {request.body === '' ? null : <Text text={prettyBody(request.body)} label="Body" />}
          </details>
        ))}
      </Part>
      <dl className="grid gap-x-3 gap-y-2 sm:grid-cols-[7rem_minmax(0,1fr)]">
        <Fact name="On">{run.subject}</Fact>
        <Fact name="There before">
          {Object.entries(run.before)
            .map(([name, value]) => `${name}: ${valueText(value)}`)
            .join(' · ')}
        </Fact>
        <Fact name="Dry run">{run.dryRun}</Fact>
        <Fact name="Kept first">{keptFirst(run)}</Fact>
        <Fact name="What it does">{run.effect}</Fact>
        <Fact name="Seen by">{run.probe}</Fact>
        <Fact name="Way back">
          {run.isManual ? '' : run.canUndo ? 'Can be prepared from here.' : 'None from here.'}
        </Fact>
        <Fact name="Agreed">
          {run.approval === null ? null : (
            <>
              @{run.approval.handle}, <Instant at={Math.floor(run.approval.atMs / 1000)} seconds />
            </>
          )}
        </Fact>
        <Fact name="Glass broken">
          {run.breakGlass === null ? null : (
            <>
              @{run.breakGlass.handle}: {run.breakGlass.reason}
            </>
          )}
        </Fact>
        <Fact name="Review">
          {run.breakGlass === null
            ? null
            : run.breakGlass.review === null
              ? 'Waits for somebody else.'
              : `@${run.breakGlass.review.handle}: ${run.breakGlass.review.note}`}
        </Fact>
      </dl>
      <RunTrail run={run} />
    </div>
  )
}

function keptFirst(run: RunData): string {
  if (run.risk === 'look' || run.isManual || run.evidence.length > 0 || run.sentAtMs !== null) return ''
  return `States and logs of ${run.subject}, before anything is sent. What can’t be read is named.`
}

function Standing({ run }: { readonly run: RunData }): ReactNode {
  const isOpen = run.state === 'planned' || run.state === 'waiting' || run.state === 'ready'
  return (
    <div className="grid gap-1">
      <p role="status" className="flex items-center gap-2 text-16 font-medium">
        <StateMark mark={markOf(run.state)} className="size-4" />
        {run.stateWords}
      </p>
      {run.outcome === '' ? null : (
        <p className="text-pretty break-words whitespace-pre-wrap">{run.outcome}</p>
      )}
      {run.state === 'unknown' ? (
        <p className="text-pretty text-ink-2">
          Nobody knows yet whether it was done. What is looked at until that is clear: {run.probe}
        </p>
      ) : null}
      {isInTarget(run.state) && run.state !== 'reached' ? (
        <p className="text-pretty text-ink-2">Looked at until its effect is seen: {run.probe}</p>
      ) : null}
      {isOpen ? (
        <p className="text-12 text-ink-3">
          The plan holds until <Instant at={Math.floor(run.expiresAtMs / 1000)} />.
        </p>
      ) : null}
      {run.isDrill ? <p className="text-12 text-drill">A drill: nothing real is changed.</p> : null}
    </div>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section aria-label={title} className="grid gap-2">
      <h3 className="text-13">{title}</h3>
      {children}
    </section>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  if (children === '' || children === null) return null
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 text-pretty break-words whitespace-pre-wrap">{children}</dd>
    </>
  )
}
