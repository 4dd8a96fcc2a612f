import { apiLooks } from './looks-api'
import { clusterLooks } from './looks-cluster'
import { eyesLooks } from './looks-eyes'
import { fleetLooks } from './looks-fleet'
import { gpuLooks } from './looks-gpu'
import { serviceLooks } from './looks-services'
import { workerLooks } from './looks-workers'
import type { Looks } from './model'
import type { Sight } from './sight'

/** SharedSight is what every run reads alike: its looks are taken once, however many runs are answered. */
export type SharedSight = Omit<Sight, 'symptomAtMs'>

/** looksAt gives a function that completes one moment's looks for a run: only what happened before its first symptom differs. */
export function looksAt(shared: SharedSight): (symptomAtMs: number | null) => Looks {
  const sight: Sight = { ...shared, symptomAtMs: null }
  const before = {
    ...apiLooks(sight),
    ...fleetLooks(sight),
    ...workerLooks(sight),
    ...serviceLooks(sight),
    ...gpuLooks(sight),
  }
  const after = eyesLooks(sight)
  return (symptomAtMs) => ({ ...before, ...clusterLooks({ ...shared, symptomAtMs }), ...after })
}

/** looksOf takes every look of the catalogue at one moment; a pure function of what was observed. */
export function looksOf({ symptomAtMs, ...shared }: Sight): Looks {
  return looksAt(shared)(symptomAtMs)
}
