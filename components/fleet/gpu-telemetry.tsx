import type { ReactNode } from 'react'
import { SourceAge } from '@/components/state/source-age'
import { LimitScale } from '@/components/ui/limit-scale'
import type { Fact } from './gpu-facts'

/** GpuTelemetry is each value against its limit with its source and age; what nobody measures is named in one line. */
export function GpuTelemetry({
  facts,
  lost,
}: {
  readonly facts: readonly Fact[]
  readonly lost: string | undefined
}): ReactNode {
  const shown = facts.filter((fact) => fact.value !== null || fact.isLive)
  const missing = facts.filter((fact) => !shown.includes(fact))
  return (
    <section aria-label="Telemetry against limits">
      <h3 className="pb-1.5 text-12 font-medium text-ink-2">Telemetry against limits</h3>
      {lost === undefined ? null : <p className="pb-1.5 text-12 text-unknown">Prometheus: {lost}</p>}
      <ul>
        {shown.map((fact) => (
          <FactLine key={fact.name} fact={fact} />
        ))}
      </ul>
      {missing.length > 0 ? (
        <p className="border-t pt-1.5 text-12 text-unknown">
          Not measured here: {missing.map(missingWords).join(', ')}.
        </p>
      ) : null}
    </section>
  )
}

function missingWords(fact: Fact): string {
  const name = fact.name.toLowerCase()
  return fact.why === undefined || fact.source === 'No source' ? name : `${name} (${fact.why})`
}

function FactLine({ fact }: { readonly fact: Fact }): ReactNode {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_104px_84px] items-center gap-x-4 border-t py-1">
      <span className="truncate">{fact.name}</span>
      {fact.limit !== undefined && fact.value !== null ? (
        <LimitScale value={fact.value} limit={fact.limit} warn={fact.warn} />
      ) : (
        <span />
      )}
      {fact.value === null ? (
        <span className="text-right text-unknown">unknown</span>
      ) : (
        <span className="text-right font-mono font-medium whitespace-nowrap">
          {Math.round(fact.value * 10) / 10} <span className="text-ink-3">{fact.unit}</span>
        </span>
      )}
      <span className="col-span-3 flex justify-between gap-2 text-12 text-ink-3">
        <span className="truncate">{fact.limitWords}</span>
        {fact.at === 0 ? fact.source : <SourceAge source={fact.source} at={fact.at} />}
      </span>
    </li>
  )
}
