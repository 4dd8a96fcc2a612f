import { ACTIONS_LEASE, startActions } from '../actions/advance'
import { sealPlace } from '../actions/commands-consent'
import { appendAudit } from '../audit/append'
import type { Console } from '../console'
import { wakeConsoles } from '../live/wake'
import { sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import { listen } from './listen'
import type { Job } from './runner'

/** actionsJob carries out the actions that people handed over, and looks at what came of them. */
export function actionsJob(app: Console): Job {
  return {
    name: ACTIONS_LEASE,
    start: async ({ epoch, held }) => {
      const engine = startActions({
        get db() {
          return app.db
        },
        sql: sqlOf(app.hot),
        clock: app.clock,
        log: app.log,
        epoch,
        held,
        actuators: app.actuators,
        open: (runId, sealed) => {
          const opened: unknown = JSON.parse(app.seal.open(sealed, sealPlace(runId)))
          return opened as Readonly<Record<string, string>>
        },
        tell: async (tx, run, event, now) => {
          await appendAudit(tx, {
            at: now,
            actor: 'machine:actions',
            action: `actions.${event}`,
            subject: `incident:${run.incidentId}`,
            detail: {
              run: run.id,
              action: run.action,
              state: run.state,
              planHash: run.planHash,
              epoch,
              outcome: run.outcome,
            },
            requestId: `actions-${run.id}-${run.version}`,
          })
          await writeHints(
            tx,
            [
              { topic: 'actions', ref: run.incidentId },
              { topic: 'incidents', ref: run.incidentId },
            ],
            now,
          )
        },
        told: () => wakeConsoles(app.hot),
      })
      const stopListening = await listen(app, {
        name: 'actions-listen',
        channels: ['watchfloor_actions'],
        on: () => engine.wake(),
        onProblem: (error) => app.log.warn({ err: error }, 'not woken by actions; looking every second'),
      })
      return async () => {
        await stopListening()
        await engine.stop()
      }
    },
  }
}
