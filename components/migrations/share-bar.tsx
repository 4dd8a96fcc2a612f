import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { MigrationData } from './types'

/** ShareBar shows how much of the traffic the new side has, among the steps it goes through. */
export function ShareBar({ data }: { readonly data: MigrationData }): ReactNode {
  const { percent } = data.flag
  return (
    <div className="grid grid-cols-1 gap-1">
      <p className="text-13">
        <b className="font-mono font-semibold">{percent} %</b> new side,{' '}
        <span className="font-mono">{100 - percent} %</span> old side
      </p>
      <svg
        aria-hidden="true"
        viewBox="0 0 100 2"
        preserveAspectRatio="none"
        className="h-2 w-full rounded-1 border text-accent"
      >
        <rect width={percent} height="2" fill="currentColor" />
      </svg>
      <ol aria-label="Steps" className="flex flex-wrap gap-2 text-12">
        {[0, ...data.steps].map((step) => (
          <li
            key={step}
            aria-current={step === percent ? 'step' : undefined}
            className={clsx(
              'rounded-1 border px-1.5 font-mono',
              step === percent
                ? 'border-accent text-ink'
                : step < percent
                  ? 'text-ink-2'
                  : 'border-dashed text-ink-3',
            )}
          >
            {step} %
          </li>
        ))}
      </ol>
    </div>
  )
}
