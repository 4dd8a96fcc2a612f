import { randomUUID } from 'node:crypto'
import type { Console } from '../console'
import { findFiring } from '../migrations/advance'
import { rollBackTraffic } from '../migrations/commands-move'
import type { Actor } from '../operation'
import { createRounds } from '../platform/rounds'
import { runCommand } from '../run'
import type { Job } from './runner'

const EVERY_MS = 2_000
const WATCH: Actor = { kind: 'machine', id: 'migrations', permissions: ['migrations.shift'] }

/** watchMigrations sends the traffic of every migration back whose trigger fires. Gives how many it was. */
export async function watchMigrations(app: Console, now: Date): Promise<number> {
  const firing = await findFiring({ hot: app.hot, db: () => app.db }, now)
  for (const { number, words } of firing) {
    const scope = { console: app, actor: WATCH, now, requestId: randomUUID() }
    await runCommand(rollBackTraffic, scope, { number, reason: words })
  }
  return firing.length
}

/** migrationsJob watches the traffic of migrations: it goes back to 0 % as soon as a trigger fires. */
export function migrationsJob(app: Console): Job {
  return {
    name: 'migrations',
    start: async ({ held }) => {
      const rounds = createRounds(
        async () => {
          if (held()) await watchMigrations(app, app.clock.now())
        },
        (error) => app.log.warn({ err: error }, 'the traffic of migrations could not be watched'),
      )
      const timer = setInterval(rounds.tick, EVERY_MS)
      return async () => {
        clearInterval(timer)
        await rounds.stop()
      }
    },
  }
}
