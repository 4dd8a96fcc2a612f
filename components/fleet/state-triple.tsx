import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/time/time-ago'
import { StateMark } from '@/components/ui/state-mark'
import type { FleetView } from '@/lib/client/health-store'
import { fieldOf } from './loose'
import { dollarsText } from './reading'

const NOT_KNOWN = /^(unknown|offline|)$/

/** StateTriple sets side by side what we asked for, what the provider sees, and whether the contract holds the hardware. */
export function StateTriple({
  fleet,
  row,
  listed,
}: {
  readonly fleet: FleetView
  readonly row: number
  readonly listed: Readonly<Record<string, unknown>> | null | undefined
}): ReactNode {
  const at = fleet.gpus.instance[row] ?? 0
  const { instances } = fleet
  const statusText = fieldOf(listed, 'statusText')
  const vast = (
    <>
      Vast.ai · <TimeAgo at={instances.vastAt[at] ?? 0} never="never listed" />
    </>
  )
  return (
    <dl className="grid grid-cols-3 gap-4 py-2.5">
      <State name="Intended" value={instances.intended[at] ?? ''} note={vast} />
      <State name="Actual" value={instances.actual[at] ?? ''} note={vast} />
      <State
        name="Allocation"
        value={instances.allocation[at] ?? ''}
        note={dollarsText(instances.centsPerHour[at])}
      />
      {typeof statusText === 'string' && statusText !== '' ? (
        <div className="col-span-3 text-12">
          <dt className="sr-only">Status text</dt>
          <dd className="text-ink-2">“{statusText}”</dd>
        </div>
      ) : null}
    </dl>
  )
}

function State({
  name,
  value,
  note,
}: {
  readonly name: string
  readonly value: string
  readonly note: ReactNode
}): ReactNode {
  const isUnknown = NOT_KNOWN.test(value)
  return (
    <div className="min-w-0">
      <dt className="text-12 text-ink-3">{name}</dt>
      <dd className={isUnknown ? 'font-medium text-unknown' : 'font-medium'}>
        <span className="flex items-center gap-1.5">
          {isUnknown ? <StateMark mark="unknown" /> : null}
          {value === '' ? 'Unknown' : value.charAt(0).toUpperCase() + value.slice(1)}
        </span>
      </dd>
      <dd className="truncate text-12 text-ink-3">{note}</dd>
    </div>
  )
}
