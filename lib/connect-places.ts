import type { LookingAround, Standing } from './connect-places-around'
import { clusterLook } from './connect-places-cluster'
import { flyLook } from './connect-places-fly'
import { vastLook } from './connect-places-vast'
import type { Looks } from './deployments/looks'
import type { Environment, Provider, ServiceDefinition } from './deployments/model'
import type { LookAsk } from './deployments/ports'

type PlaceReader = (
  service: ServiceDefinition,
  environment: Environment,
  at: LookingAround,
) => Promise<Standing>

const READERS: Readonly<Record<Provider, PlaceReader>> = {
  kubernetes: clusterLook,
  fly: flyLook,
  vast: vastLook,
}

/** placesOf looks at the environment that is asked for and at staging, where the service runs. */
export async function placesOf(
  { service, environment }: LookAsk,
  at: LookingAround,
): Promise<Pick<Looks, 'place' | 'staging' | 'secrets'>> {
  const read = READERS[service.provider]
  const [own, staging] = await Promise.all([
    read(service, environment, at),
    environment === 'staging' ? undefined : read(service, 'staging', at),
  ])
  return { place: own.place, secrets: own.secrets, staging: (staging ?? own).place }
}
