import { apiLooks } from './looks-api'
import { clusterLooks } from './looks-cluster'
import { eyesLooks } from './looks-eyes'
import { fleetLooks } from './looks-fleet'
import { gpuLooks } from './looks-gpu'
import { serviceLooks } from './looks-services'
import { workerLooks } from './looks-workers'
import type { Looks } from './model'
import type { Sight } from './sight'

/** looksOf takes every look of the catalogue at one moment; a pure function of what was observed. */
export function looksOf(sight: Sight): Looks {
  return {
    ...apiLooks(sight),
    ...fleetLooks(sight),
    ...workerLooks(sight),
    ...serviceLooks(sight),
    ...gpuLooks(sight),
    ...clusterLooks(sight),
    ...eyesLooks(sight),
  }
}
