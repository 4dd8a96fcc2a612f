'use client'

import type { ReactNode } from 'react'
import { FleetConsole } from './fleet-console'
import { FleetEmpty, FleetWaiting } from './fleet-faces'
import { useFleet } from './use-fleet'
import { useFleetParams } from './use-fleet-params'

/** FleetScreen is the Fleet page once there is a fleet; before that it says what it waits for or what to connect. */
export function FleetScreen(): ReactNode {
  const { fleet, version } = useFleet()
  const { params, change } = useFleetParams()
  if (!fleet) return <FleetWaiting />
  if (fleet.gpus.count === 0) return <FleetEmpty />
  return <FleetConsole fleet={fleet} version={version} params={params} change={change} />
}
