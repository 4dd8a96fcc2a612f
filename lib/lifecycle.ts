import { getConsole } from './console'
import { getHub } from './hub'

const holder = globalThis as typeof globalThis & { watchfloorDraining?: boolean }

/** isDraining tells that this web process has been asked to stop. */
export function isDraining(): boolean {
  return holder.watchfloorDraining === true
}

/** drainOnSignal ends every stream on SIGTERM or SIGINT, without which the server would wait for its viewers for ever. */
export function drainOnSignal(): void {
  const drain = (signal: NodeJS.Signals): void => {
    if (isDraining()) return
    holder.watchfloorDraining = true
    const { log } = getConsole()
    log.info({ signal, viewers: getHub().viewers() }, 'draining')
    getHub().drain()
    setTimeout(() => {
      getHub()
        .close()
        .then(() => getConsole().close())
        .finally(() => process.exit(0))
    }, 2_000).unref()
  }
  process.on('SIGTERM', drain)
  process.on('SIGINT', drain)
}
