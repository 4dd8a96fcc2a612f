import clsx from 'clsx'
import type { ReactNode } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import type { View } from './types'

type Trigger = View['triggers'][number]

const PHASES: Readonly<
  Record<
    Trigger['phase'],
    { readonly word: string; readonly mark: 'clear' | 'warning' | 'breach' | 'unknown' }
  >
> = {
  inactive: { word: 'Inactive', mark: 'clear' },
  pending: { word: 'Pending', mark: 'warning' },
  indeterminate: { word: 'Evidence lost', mark: 'unknown' },
  firing: { word: 'Firing', mark: 'breach' },
}

const MODES: Readonly<Record<Trigger['mode'], string>> = {
  rollback: 'rolls back',
  hold: 'holds the next step',
  observe: 'is only written down',
}

/** Triggers lists what would act and how much of it was observed; a pending one stands first. */
export function Triggers({ view }: { readonly view: View }): ReactNode {
  const order: readonly Trigger['phase'][] = ['firing', 'pending', 'indeterminate', 'inactive']
  const sorted = [...view.triggers].sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase))
  return (
    <section aria-label="Triggers" className="grid min-w-0 grid-cols-1 content-start">
      <h2 className="flex flex-wrap justify-between gap-x-4 pb-2 text-13 font-medium">
        <span>
          Triggers{' '}
          <span className="font-normal text-ink-3">
            15 s ticks, newest right; only an observed breach counts
          </span>
        </span>
        <span className="font-mono text-12 font-normal text-ink-3">policy {view.policyVersion}</span>
      </h2>
      <ul className="divide-y divide-line border-y border-line">
        {sorted.map((trigger) => (
          <TriggerRow key={trigger.id} trigger={trigger} />
        ))}
      </ul>
    </section>
  )
}

function TriggerRow({ trigger }: { readonly trigger: Trigger }): ReactNode {
  const phase = PHASES[trigger.phase]
  const share = trigger.holdSeconds === 0 ? 0 : Math.min(1, trigger.creditedSeconds / trigger.holdSeconds)
  const isHot = trigger.phase === 'pending' || trigger.phase === 'firing'
  return (
    <li className={clsx('grid grid-cols-1 gap-1 py-2', isHot && 'bg-breach-tint px-2')}>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-13">
        <span className="font-medium break-words">
          {trigger.name} <span className="font-mono text-12 font-normal text-ink-3">{trigger.rule}</span>
        </span>
        <span className="flex items-center gap-1.5">
          <StateMark mark={phase.mark} /> {phase.word}
          <span className="text-12 text-ink-3">{MODES[trigger.mode]}</span>
        </span>
      </p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Strip ticks={trigger.ticks} />
        <p className="min-w-0 text-12 break-words text-ink-2">
          <span className={isHot ? 'font-medium text-ink' : ''}>{trigger.words}</span>
          {trigger.more === '' || !isHot ? '' : `. ${trigger.more}`}
        </p>
      </div>
      {isHot ? (
        <div aria-hidden="true" className="h-0.5 bg-line-2">
          <div className="h-full bg-breach" style={{ width: `${share * 100}%` }} />
        </div>
      ) : null}
    </li>
  )
}

/** Full is a breach, half marginal, a sliver good; hatched was not seen, and never counts as good. */
function Strip({ ticks }: { readonly ticks: Trigger['ticks'] }): ReactNode {
  return (
    <svg viewBox="0 0 240 16" className="h-4 w-60 max-w-full" aria-hidden="true">
      {ticks.map((verdict, index) => {
        const x = (24 - ticks.length + index) * 10
        const key = `${index}-${verdict}`
        switch (verdict) {
          case 'breach':
            return <rect key={key} x={x} y={0} width={8} height={16} className="fill-breach" />
          case 'marginal':
            return <rect key={key} x={x} y={7} width={8} height={9} className="fill-warn" />
          case 'ok':
            return <rect key={key} x={x} y={13} width={8} height={3} className="fill-ok" />
          default:
            return (
              <rect
                key={key}
                x={x + 0.5}
                y={0.5}
                width={7}
                height={15}
                fill="url(#hatch)"
                className="stroke-line-2"
              />
            )
        }
      })}
    </svg>
  )
}
