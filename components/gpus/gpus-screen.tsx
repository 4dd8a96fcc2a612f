'use client'

import { type ReactNode, useMemo } from 'react'
import { FleetEmpty, FleetWaiting } from '@/components/fleet/fleet-faces'
import { useFleet } from '@/components/fleet/use-fleet'
import { FindingTable } from './finding-table'
import { findingGroups } from './groups'
import { HardwareLedger } from './hardware-ledger'

/** GpusScreen is every unhealthy GPU by what is found on it, and the ledger of the hardware behind. */
export function GpusScreen(): ReactNode {
  const { fleet, version } = useFleet()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fleet's columns change in place; version says when
  const groups = useMemo(() => (fleet ? findingGroups(fleet) : []), [fleet, version])
  if (!fleet) return <FleetWaiting title="GPUs" />
  if (fleet.gpus.count === 0) return <FleetEmpty title="GPUs" />
  const found = groups.reduce((sum, group) => sum + group.rows.length, 0)
  const breached = groups
    .filter((group) => group.rating === 'breach')
    .reduce((sum, group) => sum + group.rows.length, 0)
  return (
    <div className="grid gap-8 px-6 py-3 max-md:px-4">
      <section aria-label="Findings">
        <h1 className="pb-4 text-20 font-normal text-ink-2">
          <b className="font-semibold text-ink">{found.toLocaleString('en')}</b> of{' '}
          {fleet.gpus.count.toLocaleString('en')} GPUs to look at
          {breached > 0 ? (
            <>
              , <b className="font-semibold text-breach">{breached.toLocaleString('en')} in breach</b>
            </>
          ) : null}
        </h1>
        <FindingTable fleet={fleet} groups={groups} />
      </section>
      <HardwareLedger />
    </div>
  )
}
