import { z } from 'zod'
import { defineQuery } from '../operation'
import { branchTargets } from './forest'
import type { LeafState } from './model'
import { readForest } from './run-store'
import { BOARD_RUN, findRun, readChanges, seeIncident } from './store'
import { causeView, headline, neededQuestions, type QuestionView, questionViews } from './view'

const HISTORY = 40

const ofRun = z.strictObject({ incidentId: z.uuid('must be an incident’s id').nullable().default(null) })

/** run gives a triage as it stands: causes in order with what to do, the questions that matter with their evidence, and how it got here. */
export const run = defineQuery({
  name: 'triage.run',
  summary: 'Gives the triage of an incident, or of the board, as it stands.',
  permission: 'triage.read',
  input: ofRun,
  run: async ({ console: { db }, actor, now }, { incidentId }) => {
    if (incidentId !== null) await seeIncident(db, actor, incidentId)
    const row = await findRun(db, incidentId === null ? { id: BOARD_RUN } : { incidentId })
    if (!row) return { nowMs: now.getTime(), run: null }
    const forest = await readForest(db, row.forestHash)
    const changes = await readChanges(db, row.id, HISTORY)
    const { diagnosis } = row
    const causes = forest && diagnosis ? diagnosis.causes.map((cause) => causeView(forest, cause)) : []
    return {
      nowMs: now.getTime(),
      run: {
        id: row.id,
        forestHash: row.forestHash,
        startedAtMs: row.startedAt.getTime(),
        startedBy: row.startedBy,
        firstAtMs: row.firstAt?.getTime() ?? null,
        diagnosedAtMs: row.diagnosedAt?.getTime() ?? null,
        isReadable: forest !== undefined,
        headline: diagnosis ? headline(causes) : 'The first look is under way.',
        causes,
        excluded: diagnosis?.excluded.length ?? 0,
        unexplained: diagnosis?.unexplained ?? [],
        severity: diagnosis?.severity ?? null,
        firstSymptomAtMs: diagnosis?.firstSymptomAtMs ?? null,
        questions:
          forest && diagnosis ? questionViews(forest, diagnosis, neededQuestions(forest, diagnosis)) : {},
        roots: forest?.roots ?? [],
        history: changes.map((change) => ({
          id: Number(change.id),
          atMs: change.at.getTime(),
          question: change.question,
          ask: forest?.questions.get(change.question)?.ask ?? change.question,
          before: change.before,
          after: change.after,
          by: change.by,
          detail: change.detail,
        })),
      },
    }
  },
})

type TreeView = {
  readonly hash: string
  readonly trees: readonly {
    readonly name: string
    readonly title: string
    readonly roots: readonly string[]
    readonly nodes: readonly {
      readonly id: string
      readonly yes: readonly string[]
      readonly no: readonly string[]
    }[]
  }[]
  readonly leaves: Readonly<
    Record<string, { readonly title: string; readonly first: string; readonly state: LeafState }>
  >
  readonly questions: Readonly<Record<string, QuestionView>>
}

/** tree gives everything to draw: every tree with its questions, answers, leaves and their states. */
export const tree = defineQuery({
  name: 'triage.tree',
  summary: 'Gives the whole triage trees of a run, with answers and states, to be drawn.',
  permission: 'triage.read',
  input: ofRun,
  run: async ({ console: { db }, actor }, { incidentId }): Promise<TreeView> => {
    if (incidentId !== null) await seeIncident(db, actor, incidentId)
    const row = await findRun(db, incidentId === null ? { id: BOARD_RUN } : { incidentId })
    const forest = row ? await readForest(db, row.forestHash) : undefined
    if (!row || !forest) return { hash: row?.forestHash ?? '', trees: [], leaves: {}, questions: {} }
    const { diagnosis } = row
    const state = new Map(diagnosis?.causes.map((cause) => [cause.leaf, cause.state] as const))
    return {
      hash: forest.hash,
      trees: forest.trees.map(({ name, tree: one }) => ({
        name,
        title: one.title,
        roots: one.roots,
        nodes: one.questions
          .filter((question) => question.yes !== undefined)
          .map((question) => ({
            id: question.id,
            yes: branchTargets(question, 'yes'),
            no: branchTargets(question, 'no'),
          })),
      })),
      leaves: Object.fromEntries(
        [...forest.leaves.values()].map((leaf) => [
          leaf.id,
          {
            title: leaf.title,
            first: leaf.actions[0]?.title ?? '',
            state: state.get(leaf.id) ?? 'excluded',
          },
        ]),
      ),
      questions: diagnosis ? questionViews(forest, diagnosis, new Set(forest.questions.keys())) : {},
    }
  },
})

/** suggestion gives the severity that the board's triage suggests now, with its reason; null while nothing is firm. */
export const suggestion = defineQuery({
  name: 'triage.suggestion',
  summary: 'Gives the severity that the triage of this moment suggests, with its reason.',
  permission: 'triage.read',
  input: z.strictObject({}),
  run: async ({ console: { db }, now }) => {
    const row = await findRun(db, { id: BOARD_RUN })
    const ageMs = row?.diagnosedAt ? now.getTime() - row.diagnosedAt.getTime() : null
    const isFresh = ageMs !== null && ageMs <= 60_000
    return { ageMs, severity: isFresh ? (row?.diagnosis?.severity ?? null) : null }
  },
})
