import { guardInbound } from './lib/access/inbound'
import { getHub } from './lib/hub'
import { drainOnSignal } from './lib/lifecycle'
import { PLAIN_DOORS } from './lib/plain-doors'
import { env } from './lib/platform/env'
import { openPlainDoors } from './lib/platform/plain-doors'

/** start opens the live hub and the drain on signals, once per web process. */
export function start(): void {
  guardInbound(env().WATCHFLOOR_TRUSTED_PROXIES)
  openPlainDoors(PLAIN_DOORS)
  getHub()
  drainOnSignal()
}
