import { connectChannel, type OpenChannel } from '../connect-channels'
import type { Console } from '../console'
import { startDelivery } from '../delivery/advance'
import { DELIVERY_LEASE } from '../delivery/advance-one'
import { channelPlace } from '../delivery/settings'
import { wakeConsoles } from '../live/wake'
import { listen } from './listen'
import type { Job } from './runner'

/** deliveryJob sends what was released, in order and once, and looks at what the outside shows of it. */
export function deliveryJob(app: Console): Job {
  return {
    name: DELIVERY_LEASE,
    start: async ({ epoch, held }) => {
      const opened: OpenChannel[] = []
      const engine = startDelivery({
        pool: app.hot,
        get db() {
          return app.db
        },
        clock: app.clock,
        log: app.log,
        epoch,
        held,
        random: Math.random,
        open: async (row) => {
          const secret = row.sealed === null ? '' : app.seal.open(row.sealed, channelPlace(row.id))
          const { kind, config, componentMap } = row
          const line = connectChannel(
            { kind, config, secret, componentMap },
            { env: app.env, clock: app.clock },
          )
          // A request of the old adapter may be under way: its connections end with it, not under it.
          opened.push(line)
          return line.channel
        },
        told: () => wakeConsoles(app.hot),
      })
      const stopListening = await listen(app, {
        name: 'delivery-listen',
        channels: ['watchfloor_delivery'],
        on: () => engine.wake(),
        onProblem: (error) => app.log.warn({ err: error }, 'not woken by releases; looking every second'),
      })
      return async () => {
        await stopListening()
        await engine.stop()
        await Promise.allSettled(opened.map(({ close }) => close()))
      }
    },
  }
}
