import { guardInbound } from './lib/access/inbound'
import { getHub } from './lib/hub'
import { drainOnSignal } from './lib/lifecycle'
import { env } from './lib/platform/env'

/** start opens the live hub and the drain on signals, once per web process. */
export function start(): void {
  guardInbound(env().WATCHFLOOR_TRUSTED_PROXIES)
  getHub()
  drainOnSignal()
}
