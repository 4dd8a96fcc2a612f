import { getHub } from './lib/live/hub'
import { drainOnSignal } from './lib/lifecycle'

/** start opens the live hub and the drain on signals, once per web process. */
export function start(): void {
  getHub()
  drainOnSignal()
}
