import type { ReactNode } from 'react'
import { StateWord } from '@/components/ui/state-word'
import type { Verdict } from '@/lib/health/model'

/** RentalVerdict adds what is found on the rental as a whole; nothing while that is clear. */
export function RentalVerdict({
  verdict,
  action,
}: {
  readonly verdict: Verdict
  readonly action: string | undefined
}): ReactNode {
  if (verdict.rating === 'clear' || verdict.reason === '') return null
  return (
    <div className="grid gap-1 pt-2.5">
      <p className="flex items-baseline gap-2">
        <StateWord rating={verdict.rating} />
        <span>The rental: {verdict.reason}</span>
      </p>
      {action ? <p className="text-ink-2">{action}</p> : null}
    </div>
  )
}
