import type { Tx } from '../platform/db'
import type { Answer, LeafState } from './model'
import { readForest } from './run-store'
import { BOARD_RUN, findRun } from './store'

/** Standing is what a triage makes of its incident now, for those who act on it. */
export type Standing = {
  readonly leaves: ReadonlyMap<
    string,
    {
      readonly title: string
      readonly state: LeafState
      readonly actions: readonly { readonly id: string; readonly title: string }[]
      /** subjects are whom the finding is about, as `kind:id`. */
      readonly subjects: readonly string[]
    }
  >
  /** order holds the leaves that are not excluded, the surest first. */
  readonly order: readonly string[]
  /** answers by question, with the time (epoch ms) of what they rest on. */
  readonly answers: ReadonlyMap<string, { readonly answer: Answer; readonly observedAtMs: number | null }>
}

/** readStanding gives the triage of an incident as it stands, or the board's where the incident has none; undefined before the first look. */
export async function readStanding(tx: Tx, incidentId: string): Promise<Standing | undefined> {
  const row = (await findRun(tx, { incidentId })) ?? (await findRun(tx, { id: BOARD_RUN }))
  const forest = row ? await readForest(tx, row.forestHash) : undefined
  if (!row || !forest) return undefined
  const causes = new Map(row.diagnosis?.causes.map((cause) => [cause.leaf, cause]))
  return {
    leaves: new Map(
      [...forest.leaves.values()].map((leaf) => [
        leaf.id,
        {
          title: leaf.title,
          state: causes.get(leaf.id)?.state ?? 'excluded',
          actions: leaf.actions,
          subjects: causes.get(leaf.id)?.subjects ?? [],
        },
      ]),
    ),
    order: [...causes.keys()],
    answers: new Map(
      row.diagnosis?.asked.map((it) => [
        it.id,
        { answer: it.answer, observedAtMs: it.evidence.observedAtMs },
      ]),
    ),
  }
}
