import clsx from 'clsx'
import type { ReactNode } from 'react'
import { SeverityMark } from '@/components/ui/severity-mark'
import type { CauseData } from './types'

const STATE_LOOKS: Readonly<Record<CauseData['state'], string>> = {
  certain: 'border-ink text-ink',
  likely: 'border-edge text-ink',
  possible: 'border-dashed border-unknown text-unknown',
  excluded: 'border-line-2 text-ink-3',
}

/** CauseList ranks what may be the cause; what another cause explains stands under it. */
export function CauseList({
  causes,
  chosen,
  onChoose,
}: {
  readonly causes: readonly CauseData[]
  readonly chosen: string | undefined
  readonly onChoose: (leaf: string) => void
}): ReactNode {
  return (
    <ol aria-label="Causes, in order" className="grid">
      {causes.map((cause) => (
        <li key={cause.leaf}>
          <button
            type="button"
            aria-pressed={cause.leaf === chosen}
            className={clsx(
              'grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3 border-t py-2 pr-2 text-left hover:bg-raise',
              cause.explainedBy === null ? 'pl-2' : 'pl-8',
              cause.leaf === chosen && 'bg-accent-tint',
            )}
            onClick={() => onChoose(cause.leaf)}
          >
            <SeverityMark severity={cause.severity} />
            <span className="min-w-0">
              <span className="font-medium text-pretty">{cause.title}</span>
              <span className="block text-12 text-pretty text-ink-3">
                {cause.explainedBy === null ? '' : 'follows from the one above · '}
                {cause.why}
              </span>
            </span>
            <span className={clsx('rounded-1 border px-1.5 text-12', STATE_LOOKS[cause.state])}>
              {cause.state}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
