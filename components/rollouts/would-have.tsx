'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSettled } from '@/components/runbooks/use-settled'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Link } from '@/components/ui/link'
import { Select } from '@/components/ui/select'
import { ProblemError, queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { SIGNAL_WORDS } from '@/lib/rollouts/model'
import { boundRange, holdRange, type Range } from '@/lib/rollouts/slider'
import { spanWords } from '@/lib/rollouts/span'

type Answer = Wire<QueryResult<'rollouts.would-have'>>
type Asked = {
  readonly service: string
  readonly trigger?: string
  readonly breachAbove?: number
  readonly holdSeconds?: number
}

const SETTLE_MS = 150

/** WouldHave tries a trigger's numbers on what is stored: where it would have gone back, and where it would have been wrong. */
export function WouldHave({ services }: { readonly services: readonly string[] }): ReactNode {
  const [asked, setAsked] = useState<Asked>({ service: services[0] ?? '' })
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    ...queryOf('rollouts.would-have', useSettled(asked, SETTLE_MS)),
    placeholderData: keepPreviousData,
  })
  const isOld = isFetching || isPlaceholderData
  return (
    <div className="grid grid-cols-1 gap-4">
      <Numbers services={services} asked={asked} answer={data} onAsk={setAsked} />
      {error instanceof ProblemError ? (
        <p role="alert" className="text-13 break-words text-breach">
          {error.problem.detail ?? error.problem.title}
        </p>
      ) : null}
      {data ? (
        <div className={isOld ? 'opacity-60' : ''} aria-busy={isOld}>
          <Told answer={data} />
        </div>
      ) : null}
    </div>
  )
}

function Numbers({
  services,
  asked,
  answer,
  onAsk,
}: {
  readonly services: readonly string[]
  readonly asked: Asked
  readonly answer: Answer | undefined
  readonly onAsk: (asked: Asked) => void
}): ReactNode {
  const { service } = asked
  return (
    <div className="grid grid-cols-1 items-start gap-4 sm:grid-cols-2 lg:grid-cols-4">
      <Field label="Service">
        {(control) => (
          <Select {...control} value={service} onChange={(event) => onAsk({ service: event.target.value })}>
            {services.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Trigger">
        {(control) => (
          <Select
            {...control}
            value={asked.trigger ?? answer?.trigger ?? ''}
            onChange={(event) => onAsk({ service, trigger: event.target.value })}
          >
            {(answer?.triggers ?? []).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        )}
      </Field>
      {answer ? <Sliders asked={asked} answer={answer} onAsk={onAsk} /> : null}
    </div>
  )
}

function Sliders({
  asked,
  answer: { shipped, signal, isLessWorse },
  onAsk,
}: {
  readonly asked: Asked
  readonly answer: Answer
  readonly onAsk: (asked: Asked) => void
}): ReactNode {
  const bound = asked.breachAbove ?? shipped.breachAbove
  const hold = asked.holdSeconds ?? shipped.holdSeconds
  const { name, unit } = SIGNAL_WORDS[signal]
  const isMoved = asked.breachAbove !== undefined || asked.holdSeconds !== undefined
  return (
    <>
      {bound === null || shipped.breachAbove === null || isLessWorse ? null : (
        <Slider
          label={`${name} above ${bound} ${unit}`.trim()}
          hint={`${shipped.breachAbove} ${unit} counts now`}
          range={boundRange(shipped.breachAbove)}
          value={bound}
          onMove={(breachAbove) => onAsk({ ...asked, breachAbove })}
        />
      )}
      <Slider
        label={`Observed for ${spanWords(hold * 1_000)}`}
        hint={`${spanWords(shipped.holdSeconds * 1_000)} counts now`}
        range={holdRange(shipped.holdSeconds)}
        value={hold}
        onMove={(holdSeconds) => onAsk({ ...asked, holdSeconds })}
      />
      {isMoved ? (
        <Button
          size="small"
          className="justify-self-start"
          onClick={() =>
            onAsk({ service: asked.service, ...(asked.trigger ? { trigger: asked.trigger } : {}) })
          }
        >
          Back to what counts
        </Button>
      ) : null}
    </>
  )
}

function Slider({
  label,
  hint,
  range,
  value,
  onMove,
}: {
  readonly label: string
  readonly hint: string
  readonly range: Range
  readonly value: number
  readonly onMove: (value: number) => void
}): ReactNode {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <input
          {...control}
          type="range"
          className="h-8 w-full min-w-0 accent-current pointer-coarse:min-h-11"
          {...range}
          value={value}
          onChange={(event) => onMove(Number(event.target.value))}
        />
      )}
    </Field>
  )
}

function Told({ answer }: { readonly answer: Answer }): ReactNode {
  const { stretches, fired, missed, falseAlarms, mode, ticks } = answer
  if (stretches.length === 0)
    return (
      <p className="text-13 text-ink-3">
        Nothing of this service is stored for the last 30 days. Its next deployment leaves its figures here.
      </p>
    )
  const deployments = stretches.filter(({ outcome }) => outcome !== 'quiet').length
  return (
    <div className="grid grid-cols-1 gap-2">
      <p className="text-13 break-words" aria-live="polite">
        Would have {mode === 'hold' ? 'held' : 'rolled back'} {fired} times in {deployments} deployments of 30
        days: {falseAlarms} in vain, and {missed} that went back it would have let pass. {ticks} ticks judged.
      </p>
      <ul className="divide-y divide-line border-y border-line text-13">
        {stretches.map(({ name, outcome, startedMs, firedMs, isRight }) => (
          <li key={name} className="flex flex-wrap gap-x-3 py-1.5">
            {outcome === 'quiet' ? (
              <span>between deployments</span>
            ) : (
              <Link className="font-mono underline" href={`/deployments/${name}/rollout`}>
                {name}
              </Link>
            )}
            <span>{outcome === 'quiet' ? '' : outcome.replaceAll('_', ' ')}</span>
            <span className={isRight ? 'text-ink-2' : 'text-breach'}>
              {firedMs === null ? (
                isRight ? (
                  'stays still'
                ) : (
                  'stays still: missed'
                )
              ) : (
                <>
                  at <Instant at={firedMs / 1_000} seconds />
                  {outcome === 'quiet' ? '' : `, ${spanWords(firedMs - startedMs)} after its start`}
                  {isRight ? '' : ': in vain'}
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
