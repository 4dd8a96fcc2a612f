import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { fieldOf, looseNumber, secondsOf } from './loose'

/** GpuSpend is what this rental costs, whole and per card. */
export function GpuSpend({
  listed,
  gpus,
}: {
  readonly listed: Readonly<Record<string, unknown>> | null
  readonly gpus: number
}): ReactNode {
  const total = looseNumber(fieldOf(listed, 'dollarsPerHour'))
  const storage = looseNumber(fieldOf(listed, 'storageDollarsPerHour')).value
  const endsAt = secondsOf(fieldOf(listed, 'endsAt'))
  return (
    <section aria-label="Spend">
      <h3 className="pb-1.5 text-12 font-medium text-ink-2">Spend</h3>
      {total.value === undefined ? (
        <p className="text-unknown">Price: {total.why}.</p>
      ) : (
        <p>
          <b className="font-mono font-medium">${total.value.toFixed(2)}</b> an hour
          {gpus > 1 ? `, $${(total.value / gpus).toFixed(2)} a card` : ''}
          {storage === undefined ? '' : `, of it $${storage.toFixed(3)} for the disk`}
          {fieldOf(listed, 'interruptible') === true ? '. Interruptible: another bid can take it.' : '.'}
        </p>
      )}
      {endsAt > 0 ? (
        <p className="text-12 text-ink-2">
          The contract ends <Instant at={endsAt} />.
        </p>
      ) : null}
    </section>
  )
}
