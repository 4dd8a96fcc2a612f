import type { Console } from '../console'
import { recordByMachine } from '../incidents/commands-record'
import { hintRef } from '../incidents/hint-ref'
import { wakeConsoles } from '../live/wake'
import { writeHints } from '../run'
import type { Runbooks } from '../runbooks/load'
import { startTriage, type Triage } from '../triage/advance'
import type { Forest } from '../triage/forest'
import { forestOf } from '../triage/load-forest'
import type { TriagePorts } from '../triage/ports'

/** forestReader gives the trees of the current runbooks, grown once per reading. */
export function forestReader(current: () => Runbooks): () => Forest {
  let grown: { readonly of: Runbooks; readonly forest: Forest } | undefined
  return () => {
    const runbooks = current()
    if (grown?.of !== runbooks) grown = { of: runbooks, forest: forestOf(runbooks) }
    return grown.forest
  }
}

/** triageOf starts the triage engine of this process beside its collector. */
export function triageOf(
  app: Console,
  options: { readonly forest: () => Forest; readonly ports: TriagePorts; readonly held: () => boolean },
): Triage {
  return startTriage({
    pool: app.hot,
    clock: app.clock,
    log: app.log,
    ...options,
    tell: async (tx, { incidentId, causes, overrides, now }) => {
      const added = (kind: string, seq: number | undefined): Promise<void> =>
        seq === undefined
          ? Promise.resolve()
          : writeHints(tx, [{ topic: 'incidents', ref: hintRef({ id: incidentId, kind, seq }) }], now)
      for (const it of overrides) {
        const body = { question: it.question, ask: it.ask, answer: it.answer, reason: it.reason }
        const seq = await recordByMachine(tx, {
          incidentId,
          author: { actor: it.byId, name: it.by },
          now,
          entries: [
            { id: it.id, kind: 'triage-override', source: 'human', claimedAt: it.at.toISOString(), body },
          ],
        })
        await added('triage-override', seq)
      }
      if (!causes) return
      const seq = await recordByMachine(tx, {
        incidentId,
        author: { actor: 'machine:triage', name: 'triage' },
        now,
        entries: [{ kind: 'triage', source: 'probe', body: { causes } }],
      })
      await added('triage', seq)
    },
    hint: (tx, ref, now) => writeHints(tx, [{ topic: 'triage', ref }], now),
    told: () => wakeConsoles(app.hot),
  })
}
