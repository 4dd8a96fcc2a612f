import { z } from 'zod'
import { defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import { countingFile } from '../runbooks/commands'
import { TRIAGE_CASES_KIND, TRIAGE_TREE_KIND } from '../runbooks/kinds'
import { entriesOf, type RunbookShelf, type Runbooks } from '../runbooks/load'
import { type Finding, findingsOf } from '../runbooks/load-check'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import { plainText, TEXT_LIMIT } from '../runbooks/model'
import type { TreeFile } from './policy-check'
import { type Trial, type TrialChange, type TrialMoment, tryForests } from './policy-trial'
import { seeIncident } from './store'
import { listMoments, readMoment } from './trial-store'

const path = z.string().min(1).max(200)

/** moments gives what trees can be tried on: recorded cases, and what triage saw of incidents. */
export const moments = defineQuery({
  name: 'triage.moments',
  summary: 'Lists the moments on which trees can be tried: recorded cases, and what triage saw of incidents.',
  permission: 'triage.read',
  input: z.strictObject({}),
  run: async ({ console, actor, now }) => {
    const shelf = await lookAtRunbooks(console, now)
    return {
      cases: entriesOf(shelf.current(), TRIAGE_CASES_KIND).flatMap((file) =>
        file.value.cases.map(({ id, expect }) => ({ path: file.path, id, leaves: Object.keys(expect) })),
      ),
      seen: await listMoments(console.db, actor),
    }
  },
})

/** Tried is what the trees that count and the trees with a draft make of one moment, or why the draft can't be walked. */
type Tried =
  | {
      readonly ok: true
      readonly before: Trial
      readonly after: Trial
      readonly changes: readonly TrialChange[]
    }
  | { readonly ok: false; readonly findings: readonly Finding[] }

/** tryDraft walks the trees as they count and as they would with a draft over one recorded moment; it touches nothing. */
export const tryDraft = defineQuery({
  name: 'triage.tryDraft',
  summary:
    'Walks the trees as they count and as they would with a draft over one recorded moment, and compares.',
  permission: 'triage.read',
  input: z.strictObject({
    path,
    text: z.string().max(TEXT_LIMIT, `at most ${TEXT_LIMIT} characters`).transform(plainText),
    moment: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('case'), path, id: z.string().max(60) }),
      z.strictObject({
        kind: z.literal('seen'),
        incidentId: z.uuid('must be an incident’s id'),
        n: z.number().int().min(1).max(100_000),
      }),
    ]),
  }),
  run: async ({ console, actor, now }, input): Promise<Tried> => {
    const { moment: of } = input
    if (of.kind === 'seen') await seeIncident(console.db, actor, of.incidentId)
    const shelf = await lookAtRunbooks(console, now)
    countingFile(shelf, input.path)
    const judged = shelf.tryOut(input.path, input.text, now)
    if (!judged.ok) return { ok: false, findings: await findingsOf(judged, console.env.WATCHFLOOR_RUNBOOKS) }
    const moment = of.kind === 'case' ? caseOf(shelf, of) : await readMoment(console.db, of.incidentId, of.n)
    if (!moment) throw new AppError('not_found', 'There is no such moment.')
    const trees = { before: treesIn(shelf.current()), after: treesIn(judged.runbooks) }
    return { ok: true, ...tryForests(moment, trees) }
  },
})

function caseOf(
  shelf: RunbookShelf,
  of: { readonly path: string; readonly id: string },
): TrialMoment | undefined {
  const file = entriesOf(shelf.current(), TRIAGE_CASES_KIND).find((one) => one.path === of.path)
  return file?.value.cases.find((one) => one.id === of.id)
}

function treesIn(runbooks: Runbooks): readonly TreeFile[] {
  return entriesOf(runbooks, TRIAGE_TREE_KIND).map((one) => ({ file: one.path, value: one.value }))
}
