import { appendAudit } from '../audit/append'
import type { Console } from '../console'
import { promote } from '../deployers/oci/promote'
import { loadDeployRules } from '../deployments/load-rules'
import { nameOf } from '../deployments/model'
import { declare } from '../incidents/commands-declare'
import { wakeConsoles } from '../live/wake'
import type { AnyCommand } from '../operation'
import type { Tx } from '../platform/db'
import { createRounds } from '../platform/rounds'
import { sqlOf } from '../platform/sql'
import { type EngineOptions, leads, ROLLOUTS_LEASE, startRollouts } from '../rollouts/advance'
import { followsFrom, newDenies } from '../rollouts/follow-dispatch'
import { callHotfixes } from '../rollouts/hotfix-dispatch'
import { loadRolloutPolicy } from '../rollouts/load-policy'
import { hasPromotions, promoteDue } from '../rollouts/promote-dispatch'
import { advanceStarts } from '../rollouts/start-advance'
import { runCommand, writeHints } from '../run'
import { listen } from './listen'
import type { Job } from './runner'

type RolloutRow = Parameters<EngineOptions['after']>[0]

/** rolloutsJob carries deployments out: it announces and starts what may start, goes on with what runs, and goes back. */
export function rolloutsJob(app: Console): Job {
  return {
    name: ROLLOUTS_LEASE,
    start: async ({ epoch, held }) => {
      const sql = sqlOf(app.hot)
      const mayWrite = (tx: Tx): Promise<boolean> => leads(tx, epoch)
      const hint = async (tx: Tx, row: Pick<RolloutRow, 'id' | 'number'>, now: Date): Promise<void> => {
        await writeHints(
          tx,
          [
            { topic: 'rollouts', ref: String(row.number) },
            { topic: 'deployments', ref: String(row.number) },
          ],
          now,
        )
      }
      // A registry that is slow keeps no rollout waiting: tags have rounds of their own.
      const tags = createRounds(
        async () => {
          const now = app.clock.now()
          if (!held() || !(await hasPromotions(sql, now))) return
          const { registry } = await app.deployers()
          await promoteDue({
            db: app.db,
            promoting: { registry, promote },
            mayWrite,
            hint: (tx, at) => writeHints(tx, [{ topic: 'rollouts', ref: 'tags' }], at),
            now,
          })
          wakeConsoles(app.hot)
        },
        (error) => app.log.warn({ err: error }, 'tags that are owed could not be set'),
      )
      tags.tick()
      const tagTimer = setInterval(tags.tick, 2_000)
      const engine = startRollouts({
        get db() {
          return app.db
        },
        sql,
        clock: app.clock,
        log: app.log,
        epoch,
        held,
        targets: async (subject) => (await app.deployers()).targets(subject),
        eyes: async (subject, span) => (await app.deployers()).eyes(subject, span),
        denies: async (row, now) => newDenies(sql, row, { rules: await loadDeployRules(app, now), now }),
        begin: async (now) => {
          const [due] = await sql.$queryRaw<{ any: boolean }[]>`
            SELECT EXISTS (SELECT 1 FROM deployment WHERE state IN ('scheduled', 'announced')) AS any`
          if (due?.any !== true) return
          await advanceStarts(
            {
              db: app.db,
              sql,
              rules: await loadDeployRules(app, now),
              policy: await loadRolloutPolicy(app, now),
              targets: async (subject) => (await app.deployers()).targets(subject),
              mayWrite,
              changed: async (tx, row, at) => hint(tx, row, at),
            },
            now,
          )
        },
        changed: async (tx, row, decision, now) => {
          await followsFrom(tx, row, { decision, now })
          if (decision)
            await appendAudit(tx, {
              at: now,
              actor: 'machine:rollouts',
              action: `rollouts.${decision.verb}`,
              subject: `deployment:${row.number}`,
              detail: { state: row.state, sentence: decision.sentence, epoch },
              requestId: `rollouts-${row.id}-${row.version}`,
            })
          await hint(tx, row, now)
        },
        after: async (row, now) => {
          wakeConsoles(app.hot)
          if (row.state === 'succeeded') void tags.ask()
          await report(app, row, now)
        },
      })
      const timer = setInterval(() => {
        callHotfixes(app.hot, app.clock.now()).catch((error: unknown) =>
          app.log.warn({ err: error }, 'overdue hotfixes could not be called'),
        )
      }, 30_000)
      const stopListening = await listen(app, {
        name: 'rollouts-listen',
        channels: ['watchfloor_rollouts'],
        on: () => engine.wake(),
        onProblem: (error) => app.log.warn({ err: error }, 'not woken by rollouts; looking every second'),
      })
      return async () => {
        clearInterval(timer)
        clearInterval(tagTimer)
        await stopListening()
        await tags.stop()
        await engine.stop()
      }
    },
  }
}

/** A way back opens an incident of its own, once; its name is the deployment’s. */
async function report(app: Console, row: RolloutRow, now: Date): Promise<void> {
  if (!row.core.back || row.incidentId !== null || row.environment === 'staging') return
  const machine = {
    kind: 'machine',
    id: 'rollouts',
    permissions: ['incidents.declare'],
  } as const
  const result = (await runCommand(
    declare as AnyCommand,
    { console: app, actor: machine, now, requestId: `rollouts-${row.id}` },
    {
      title: `${nameOf(row.number)} ${row.service} went back: ${row.core.back.cause.words}`.slice(0, 120),
      severity: row.state === 'rollback_failed' ? 'P1' : 'P2',
    },
    row.id,
  )) as { readonly id: string }
  await app.db.rollout.update({ where: { id: row.id }, data: { incidentId: result.id } })
}
