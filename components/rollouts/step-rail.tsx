import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { StateMark } from '@/components/ui/state-mark'
import { spanWords } from '@/lib/rollouts/span'
import type { View } from './types'

type Step = View['steps'][number]

/** StepRail is the whole way in order: each step with when it was, what it showed, and what it waits for. */
export function StepRail({ view }: { readonly view: View }): ReactNode {
  return (
    <ol
      aria-label="Steps"
      className="grid grid-cols-1 border-y border-line sm:auto-cols-fr sm:grid-flow-col sm:divide-x sm:divide-line"
    >
      {view.steps.map((step, index) => (
        <li
          key={`${step.kind}-${step.percent}`}
          aria-current={index === view.at ? 'step' : undefined}
          className={clsx(
            'grid min-w-0 grid-cols-1 content-start gap-0.5 px-2 py-2 text-13',
            index === view.at ? 'border-t-2 border-accent' : 'border-t-2 border-transparent',
          )}
        >
          <span className="flex items-center gap-2 font-medium">
            <StepMark step={step} isNow={index === view.at} />
            <span className="break-words">{step.name}</span>
            {step.observedMs === null || step.kind === 'finish' ? (
              <span className="font-normal text-ink-3">
                {step.minutes > 0 ? spanWords(step.minutes * 60_000) : ''}
              </span>
            ) : (
              <span className="font-normal text-ink-3">
                <Instant at={step.observedMs / 1_000} />
              </span>
            )}
          </span>
          <span className="text-12 break-words text-ink-3">
            {step.words}
            {step.detail === '' ? '' : `: ${step.detail}`}
          </span>
        </li>
      ))}
    </ol>
  )
}

function StepMark({ step, isNow }: { readonly step: Step; readonly isNow: boolean }): ReactNode {
  switch (step.state) {
    case 'passed':
      return <StateMark mark="clear" />
    case 'failed':
      return <StateMark mark="breach" />
    case 'holding':
    case 'inconclusive':
      return <StateMark mark="warning" />
    case 'unknown':
      return <StateMark mark="unknown" />
    case 'aborted':
      return <StateMark mark="false" />
    default:
      return (
        <span
          aria-hidden="true"
          className={clsx(
            'size-2.5 rounded-full border',
            isNow ? 'border-accent bg-accent' : 'border-line-2',
          )}
        />
      )
  }
}
