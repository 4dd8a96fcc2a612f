'use client'

import type { ReactNode } from 'react'
import { Duration } from '@/components/time/duration'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { StateMark } from '@/components/ui/state-mark'
import { useServerNow } from '@/lib/client/health-store'

export type Face =
  | { readonly kind: 'ready' }
  | { readonly kind: 'loading'; readonly rows?: number }
  | {
      readonly kind: 'failed'
      readonly sentence: string
      readonly detail?: string
      readonly retry?: () => void
    }
  | { readonly kind: 'empty'; readonly sentence: ReactNode; readonly action?: ReactNode }
  | {
      readonly kind: 'unknown'
      readonly subject: string
      /** sinceAt and lastAt are epoch seconds; 0 = never. */
      readonly sinceAt: number
      readonly lastAt?: number
      readonly why?: string
      readonly wayRound?: string
    }
  | { readonly kind: 'stale'; readonly subject: string; readonly sinceAt: number }

/** PanelFace says what a panel can't show, why, and what to do instead. */
export function PanelFace({ face }: { readonly face: Face }): ReactNode {
  switch (face.kind) {
    case 'ready':
      return null
    case 'loading':
      return <LoadingFace rows={face.rows ?? 3} />
    case 'failed':
      return (
        <div role="alert" className="grid gap-2 border-t py-3">
          <p className="flex items-start gap-2">
            <StateMark mark="breach" className="mt-1 size-3" />
            <span>
              <b className="font-medium">{face.sentence}</b>
              {face.detail === undefined ? null : <span className="block text-ink-2">{face.detail}</span>}
            </span>
          </p>
          {face.retry === undefined ? null : (
            <Button size="small" className="justify-self-start" onClick={face.retry}>
              Try again
            </Button>
          )}
        </div>
      )
    case 'empty':
      return (
        <div className="grid justify-items-start gap-2 border-t py-3 text-ink-2">
          <p>{face.sentence}</p>
          {face.action}
        </div>
      )
    case 'unknown':
      return <UnknownFace face={face} />
    case 'stale':
      return (
        <p className="flex items-center gap-2 border-t py-1.5 text-stale">
          <StateMark mark="stale" />
          <span>
            No reading from {face.subject} for <SinceDuration at={face.sinceAt} />. What follows is the last
            known state.
          </span>
        </p>
      )
  }
}

function LoadingFace({ rows }: { readonly rows: number }): ReactNode {
  return (
    <div className="grid gap-3 border-t py-3">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} className="h-4 w-full" />
      ))}
    </div>
  )
}

function UnknownFace({ face }: { readonly face: Extract<Face, { kind: 'unknown' }> }): ReactNode {
  return (
    <div className="hatch border-t p-3">
      <div className="grid gap-1 bg-bg p-3">
        <p className="flex items-start gap-2">
          <StateMark mark="unknown" className="mt-1 size-3" />
          <span>
            {face.sinceAt === 0 ? (
              <>No reading from {face.subject} yet. </>
            ) : (
              <>
                No reading from {face.subject} for <SinceDuration at={face.sinceAt} />.{' '}
              </>
            )}
            This is <b className="font-semibold">unknown</b>, not healthy.
            {face.lastAt ? (
              <>
                {' '}
                Last good <Instant at={face.lastAt} />.
              </>
            ) : null}
          </span>
        </p>
        {face.why === undefined ? null : <p className="pl-5 text-ink-2">{face.why}</p>}
        {face.wayRound === undefined ? null : <p className="pl-5 text-ink-2">Instead: {face.wayRound}</p>}
      </div>
    </div>
  )
}

function SinceDuration({ at }: { readonly at: number }): ReactNode {
  const now = useServerNow()
  return now === 0 ? <Instant at={at} /> : <Duration seconds={now / 1000 - at} />
}
