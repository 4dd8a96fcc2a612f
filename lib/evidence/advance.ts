import type pg from 'pg'
import type { Clock } from '../platform/clock'
import type { Db } from '../platform/db'
import type { Log } from '../platform/log'
import { redactText } from '../platform/redact'
import { sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import { collectEvidence } from './collect'
import { keepBundle } from './commands'
import type { EvidencePorts } from './ports'
import { failBundle, isAsked, setStep, takeBundle } from './store'

/** Builder is what building needs; `open` connects the sources for one bundle and gives back how to let go of them. */
export type Builder = {
  readonly db: Db
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly log: Log
  readonly held: () => boolean
  readonly open: () => Promise<{ readonly ports: EvidencePorts; readonly close: () => Promise<void> }>
  readonly told: () => void
}

/** advanceEvidence builds every bundle that waits, one after the other; one that fails says why and holds up no other. */
export async function advanceEvidence(builder: Builder): Promise<void> {
  if (!(await isAsked(sqlOf(builder.pool)))) return
  const { db, clock, log, held } = builder
  for (;;) {
    if (!held()) return
    const work = await takeBundle(db, clock.now())
    if (work === undefined) return
    const hint = [{ topic: 'evidence', ref: work.incidentId }]
    try {
      const { ports, close } = await builder.open()
      try {
        const built = await collectEvidence({
          ...builder,
          ports,
          incidentId: work.incidentId,
          now: clock.now(),
          onStep: async (done) => {
            await db.$transaction(async (tx) => {
              await setStep(tx, work.id, done)
              await writeHints(tx, hint, clock.now())
            })
            builder.told()
          },
        })
        if (!held()) return
        await db.$transaction((tx) => keepBundle(tx, work, built, clock.now()), { timeout: 30_000 })
        log.info({ bundle: work.id, sizeBytes: built.archive.length }, 'evidence bundle built')
      } finally {
        await close()
      }
    } catch (error) {
      log.error({ err: error, bundle: work.id }, 'an evidence bundle could not be built')
      const problem = redactText(error instanceof Error ? error.message : 'it could not be built')
      await db.$transaction(async (tx) => {
        await failBundle(tx, work.id, { problem, now: clock.now() })
        await writeHints(tx, hint, clock.now())
      })
    }
    builder.told()
  }
}
