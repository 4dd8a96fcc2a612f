'use client'

import { useMemo } from 'react'
import { useFleet } from '@/components/fleet/use-fleet'
import { countFleet, type FleetCounts } from './fleet-counts'

/** useFleetCounts counts the fleet again when it changed, once a second at most; undefined while loading. */
export function useFleetCounts(): FleetCounts | undefined {
  const { fleet, version } = useFleet()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the columns change in place; the version tells when
  return useMemo(() => (fleet ? countFleet(fleet) : undefined), [fleet, version])
}
