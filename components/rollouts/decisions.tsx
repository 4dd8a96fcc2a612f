'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { queryOf } from '@/lib/client/api'
import type { RolloutData } from './types'

type Decision = RolloutData['decisions'][number]

/** Decisions is the record of every judgement, newest first, each with its rules and a way to judge it once more. */
export function Decisions({
  number,
  data,
}: {
  readonly number: number
  readonly data: RolloutData
}): ReactNode {
  return (
    <section aria-label="Decisions" className="grid grid-cols-1 gap-2 border-t border-line pt-3">
      <h2 className="text-13 font-medium">Decisions</h2>
      {data.decisions.length === 0 ? (
        <p className="text-13 text-ink-3">Nothing was decided yet.</p>
      ) : (
        <ol className="divide-y divide-line border-y border-line">
          {data.decisions.map((decision) => (
            <DecisionRow key={decision.seq} number={number} decision={decision} />
          ))}
        </ol>
      )}
    </section>
  )
}

function DecisionRow({
  number,
  decision,
}: {
  readonly number: number
  readonly decision: Decision
}): ReactNode {
  const [isAsked, setAsked] = useState(false)
  return (
    <li className="grid grid-cols-1 gap-1 py-2 text-13">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-ink-3">
          <Instant at={decision.atMs / 1_000} seconds />
        </span>
        <span className="min-w-0 flex-1 break-words">{decision.sentence}</span>
        <span className="font-mono text-12 text-ink-3">
          {decision.by} · {decision.hash}
        </span>
        <Button size="small" onClick={() => setAsked(true)}>
          Re-compute
        </Button>
      </p>
      {isAsked ? <Again number={number} seq={decision.seq} /> : null}
      {decision.trace.length === 0 ? null : (
        <details className="text-12 text-ink-2">
          <summary className="cursor-pointer text-ink-3">{decision.trace.length} rules were asked</summary>
          <ul className="grid grid-cols-1 gap-0.5 pt-1">
            {decision.trace.map((line) => (
              <li key={`${line.rule}-${line.name}`} className="break-words">
                <span className="font-mono">{line.rule}</span> {line.name}: {line.seen}, wanted {line.wanted}:{' '}
                {line.result}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  )
}

function Again({ number, seq }: { readonly number: number; readonly seq: number }): ReactNode {
  const { data, isError } = useQuery(queryOf('rollouts.recompute', { number, seq }))
  if (isError) return <p role="alert">It could not be computed now.</p>
  if (!data) return <p className="text-ink-3">Computing…</p>
  return (
    <p role="status" className="break-words">
      {data.isSame && data.isSameHash
        ? 'The same inputs give the same decision.'
        : `It differs now: ${data.sentence}${data.isSameHash ? '' : ' The stored inputs are not those of the hash.'}`}
    </p>
  )
}
