import { getConsole } from './console'
import { healthFeed } from './health/feed-queries'
import { createHub, type Hub } from './live/hub'

const holder = globalThis as typeof globalThis & { watchfloorHub?: Hub }

/** getHub gives this web process's hub, started at first use. */
export function getHub(): Hub {
  holder.watchfloorHub ??= createHub(getConsole(), healthFeed)
  return holder.watchfloorHub
}
