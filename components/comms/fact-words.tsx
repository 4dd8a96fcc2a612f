import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/time/time-ago'
import { type Mark, StateMark } from '@/components/ui/state-mark'
import type { FactFace, FactState } from '@/lib/comms/fact-text'

const MARKS: Readonly<Partial<Record<FactState, Mark>>> = {
  stale: 'stale',
  unknown: 'unknown',
  internal: 'blocks',
  nameless: 'blocks',
}

/** FACT_EDGES are the border and, where it is no plain reading, the colour of a fact by its state. */
export const FACT_EDGES: Readonly<Record<FactState, string>> = {
  fresh: 'border-line-2',
  chosen: 'border-line-2',
  stale: 'border-stale text-stale',
  unknown: 'border-dashed border-unknown text-unknown',
  internal: 'border-dashed border-breach text-breach',
  nameless: 'border-dashed border-breach text-breach',
}

/** FactWords says of a fact its name, its value, and how old or what is wrong with it. */
export function FactWords({ face }: { readonly face: FactFace }): ReactNode {
  const { label, value, state } = face
  const mark = MARKS[state]
  return (
    <>
      {mark === undefined ? null : <StateMark mark={mark} className="size-3" />}
      <span className={mark === undefined ? 'whitespace-nowrap text-ink-2' : 'whitespace-nowrap'}>
        {label}
      </span>
      <span className="truncate font-medium">{value ?? (state === 'nameless' ? '' : 'unknown')}</span>
      <span className={mark === undefined ? 'whitespace-nowrap text-ink-3' : 'whitespace-nowrap'}>
        <Standing face={face} />
      </span>
    </>
  )
}

function Standing({ face: { state, readAtMs } }: { readonly face: FactFace }): ReactNode {
  switch (state) {
    case 'fresh':
      return <TimeAgo at={(readAtMs ?? 0) / 1000} suffix="" />
    case 'stale':
      return readAtMs === null ? (
        'read at no known time'
      ) : (
        <>
          too old, <TimeAgo at={readAtMs / 1000} suffix="" />
        </>
      )
    case 'chosen':
      return 'as chosen'
    case 'unknown':
      return 'no reading'
    case 'internal':
      return 'not for customers'
    case 'nameless':
      return 'no such fact'
    default:
      return state satisfies never
  }
}
