import type { ReactNode } from 'react'
import { SourceAge } from '@/components/state/source-age'
import { LimitScale } from '@/components/ui/limit-scale'
import type { Fact } from './gpu-facts'

/** GpuTelemetry is each value against its limit, with its source and age on the same line. */
export function GpuTelemetry({
  facts,
  lost,
}: {
  readonly facts: readonly Fact[]
  readonly lost: string | undefined
}): ReactNode {
  return (
    <section aria-label="Telemetry against limits">
      <h3 className="pb-1.5 text-12 font-medium text-ink-2">Telemetry against limits</h3>
      {lost === undefined ? null : <p className="pb-1.5 text-12 text-unknown">Prometheus: {lost}</p>}
      <ul>
        {facts.map((fact) => (
          <li
            key={fact.name}
            className="grid grid-cols-[minmax(0,1fr)_104px] items-center gap-x-4 border-t py-1.5"
          >
            <p className="flex items-baseline justify-between gap-2">
              <span className="text-12 text-ink-2">{fact.name}</span>
              {fact.value === null ? (
                <span className="text-12 text-unknown">{fact.why ?? 'unknown'}</span>
              ) : (
                <span className="font-mono font-medium">
                  {Math.round(fact.value * 10) / 10} <span className="text-ink-3">{fact.unit}</span>
                </span>
              )}
            </p>
            {fact.limit !== undefined && fact.value !== null ? (
              <LimitScale value={fact.value} limit={fact.limit} warn={fact.warn} />
            ) : (
              <span />
            )}
            <p className="col-span-2 flex justify-between gap-2 text-12 text-ink-3">
              <span className="truncate">{fact.limitWords}</span>
              {fact.at === 0 ? <span>{fact.source}</span> : <SourceAge source={fact.source} at={fact.at} />}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
