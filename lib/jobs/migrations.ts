import { randomUUID } from 'node:crypto'
import { appendAudit } from '../audit/append'
import type { Console } from '../console'
import { wakeConsoles } from '../live/wake'
import {
  type Figure,
  isFiring,
  keepReads,
  listShifted,
  type Room,
  readQueries,
  rollBackFiring,
} from '../migrations/advance'
import { touchedBy } from '../migrations/commands'
import { type Holding, holdsLease } from '../platform/fence'
import { createRounds } from '../platform/rounds'
import { writeHints } from '../run'
import type { Job } from './runner'

const EVERY_MS = 2_000
const LEASE = 'migrations'

type Watch = {
  readonly app: Console
  /** lease fences every write: a process that was overtaken writes nothing. */
  readonly lease: Holding
  readonly now: Date
}

const roomOf = (app: Console): Room => ({ hot: app.hot, db: () => app.db })

/** Each migration by itself: what is wrong with one keeps no other from going back. */
async function eachShifted({ app }: Watch, work: (number: number) => Promise<boolean>): Promise<number> {
  const shifted = await listShifted(roomOf(app))
  const done = await Promise.all(
    shifted.map((number) =>
      work(number).catch((error: unknown) => {
        app.log.error({ err: error, migration: number }, 'the traffic of a migration could not be watched')
        return false
      }),
    ),
  )
  return done.filter(Boolean).length
}

/** watchMigrations sends the traffic of every migration back whose trigger fires. Gives how many it was. */
export async function watchMigrations(watch: Watch): Promise<number> {
  const { app, lease, now } = watch
  const back = await eachShifted(watch, async (number) => {
    if (!(await isFiring(roomOf(app), number, now))) return false
    return app.db.$transaction(async (tx) => {
      if (!(await holdsLease(tx, lease))) return false
      const gone = await rollBackFiring(tx, number, { by: LEASE, now })
      if (gone === undefined) return false
      await appendAudit(tx, {
        at: now,
        actor: `machine:${LEASE}`,
        action: 'migrations.rollBackTraffic',
        subject: `migration:${number}`,
        detail: { from: gone.row.state, to: 'traffic-rolled-back', reason: gone.reason },
        requestId: randomUUID(),
      })
      await writeHints(tx, touchedBy(gone.row), now)
      return true
    })
  })
  if (back > 0) wakeConsoles(app.hot)
  return back
}

/** readMigrations reads the queries that plans name, once a tick, while traffic is shifted. Gives how many migrations it read for. */
export async function readMigrations(
  watch: Watch,
  ask: (expr: string) => Promise<Figure> = async (expr) => (await watch.app.deployers()).figure(expr),
): Promise<number> {
  const { app, lease, now } = watch
  return eachShifted(watch, async (number) => {
    const found = await readQueries(roomOf(app), { number, now }, ask)
    if (found === undefined) return false
    return app.db.$transaction(async (tx) => {
      if (!(await holdsLease(tx, lease))) return false
      await keepReads(tx, found)
      return true
    })
  })
}

/** migrationsJob watches the traffic of migrations: it goes back to 0 % as soon as a trigger fires. */
export function migrationsJob(app: Console): Job {
  return {
    name: LEASE,
    start: async ({ epoch, held }) => {
      const lease = { name: LEASE, epoch }
      const rounds = (work: (watch: Watch) => Promise<number>) =>
        createRounds(
          async () => {
            if (held()) await work({ app, lease, now: app.clock.now() })
          },
          (error) => app.log.warn({ err: error }, 'the traffic of migrations could not be watched'),
        )
      // Apart, so that a Prometheus that does not answer delays no way back.
      const both = [rounds(watchMigrations), rounds((watch) => readMigrations(watch))]
      const timer = setInterval(() => {
        for (const one of both) one.tick()
      }, EVERY_MS)
      return async () => {
        clearInterval(timer)
        await Promise.all(both.map((one) => one.stop()))
      }
    },
  }
}
