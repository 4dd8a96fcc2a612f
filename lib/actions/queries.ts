import { holds } from '../access/holds'
import { type Actor, defineQuery, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { redactText } from '../platform/redact'
import { INPUTS } from './inputs'
import { type RunState, WORKED } from './model'
import { chooseExecutor, offeredAction, type Rights, wantedOf } from './offer'
import { type Desk, openDesk, optionsOf } from './prepare-commands'
import { runLine, runView, type Viewer } from './run-view'
import {
  type By,
  evidenceRows,
  findRun,
  type RunRow,
  runsOfIncident,
  seeIncident,
  stepsOf,
  unreviewed,
} from './store'
import type { OfferedAction, RunLine, RunView } from './view'

/** byOf names an actor in steps and in the record. */
export function byOf(actor: Actor): By {
  return actor.kind === 'person'
    ? { actor: actor.id, name: actor.handle }
    : { actor: `machine:${actor.id}`, name: actor.id }
}

/** personIn narrows the actor to a person; throws forbidden for a machine, whose word on an action counts nothing. */
export function personIn({ actor }: Pick<Scope, 'actor'>): Extract<Actor, { kind: 'person' }> {
  if (actor.kind === 'person') return actor
  throw new AppError('forbidden', 'Only a person can do this.')
}

function viewerOf(actor: Actor): Viewer {
  return {
    id: actor.kind === 'person' ? actor.id : `machine:${actor.id}`,
    may: (ability) => holds(actor, `actions.${ability}`),
  }
}

/** viewOf puts a run on the screen for whoever asks. */
export async function viewOf(
  tx: Tx,
  row: RunRow,
  { actor, now }: Pick<Scope, 'actor' | 'now'>,
): Promise<RunView> {
  const [steps, evidence] = await Promise.all([stepsOf(tx, row.id), evidenceRows(tx, { runId: row.id })])
  return runView(row, {
    viewer: viewerOf(actor),
    now,
    steps: steps.map((step) => ({
      seq: step.seq,
      atMs: step.at.getTime(),
      event: step.event,
      state: step.state as RunState,
      by: step.by,
      detail: step.detail,
    })),
    evidence: evidence.map((it) => ({
      id: it.id,
      name: it.name,
      atMs: it.at.getTime(),
      sizeBytes: Buffer.byteLength(it.text),
      sha256: it.sha256,
      problem: it.problem,
      text: redactText(it.text),
    })),
  })
}

/** offered gives what may be done about an incident: a leaf's actions, or those of the firm causes, and the general ones. */
export const offered = defineQuery({
  name: 'actions.offered',
  summary:
    'Gives what may be done about an incident now, with commands filled in, risks, undo and verification.',
  permission: 'actions.read',
  input: INPUTS.offered,
  run: async (scope, { incidentId, leaf }) => {
    const desk = await openDesk(scope, incidentId, { isShared: true })
    const rights = rightsOf(scope.actor)
    const named = namedActions(desk, leaf)
    const general = [...desk.rules.values()]
      .filter((rule) => rule.general && !named.some((it) => it.id === rule.id))
      .map((rule) => ({ id: rule.id, title: rule.title, leaf: null, subjects: [] }))
    const actions = await Promise.all(
      [...named, ...general].map(async (it): Promise<OfferedAction[]> => {
        const rule = desk.rules.get(it.id)
        if (!rule) return []
        const wanted = wantedOf(rule, desk.actuators, { subjects: it.subjects })
        const chosen = chooseExecutor(rule, desk.actuators, wanted)
        const { allowed, problem } = await optionsOf(rule, chosen, desk, it.subjects)
        return [offeredAction(rule, { ...it, chosen, allowed, problem, rights })]
      }),
    )
    return { nowMs: scope.now.getTime(), isOver: desk.incident.isOver, actions: actions.flat() }
  },
})

type Named = {
  readonly id: string
  readonly title: string
  readonly leaf: string
  readonly subjects: readonly string[]
}

function namedActions({ standing }: Desk, leaf: string | undefined): readonly Named[] {
  const leaves =
    leaf === undefined
      ? standing.order.filter((id) => ['certain', 'likely'].includes(standing.leaves.get(id)?.state ?? ''))
      : [leaf]
  const seen = new Set<string>()
  return leaves.flatMap((id) => {
    const found = standing.leaves.get(id)
    const fresh = found?.actions.filter((action) => !seen.has(action.id)) ?? []
    for (const action of fresh) seen.add(action.id)
    return fresh.map((action) => ({ ...action, leaf: id, subjects: found?.subjects ?? [] }))
  })
}

function rightsOf(actor: Actor): Rights {
  return {
    prepare: holds(actor, 'actions.prepare'),
    look: holds(actor, 'actions.look'),
    change: holds(actor, 'actions.change'),
    dangerous: holds(actor, 'actions.dangerous'),
  }
}

/** run gives one run of an action as it stands, with its requests, steps and evidence. */
export const run = defineQuery({
  name: 'actions.run',
  summary: 'Gives one run of an action as it stands, with its requests, steps and evidence.',
  permission: 'actions.read',
  input: INPUTS.run,
  run: async (scope, { id }): Promise<RunView> => {
    const { db } = scope.console
    return viewOf(db, await findRun(db, scope.actor, id), scope)
  },
})

/** list gives an incident's runs, newest first. */
export const list = defineQuery({
  name: 'actions.list',
  summary: 'Gives the actions that were prepared or done in an incident, newest first.',
  permission: 'actions.read',
  input: INPUTS.list,
  run: async ({ console: { db }, actor, now }, { incidentId }) => {
    await seeIncident(db, actor, incidentId)
    const runs: readonly RunLine[] = (await runsOfIncident(db, incidentId)).map((row) => runLine(row, now))
    return { nowMs: now.getTime(), runs, working: runs.filter((it) => WORKED.includes(it.state)).length }
  },
})

/** toReview gives the dangerous actions that were done without a second person and that nobody has reviewed. */
export const toReview = defineQuery({
  name: 'actions.toReview',
  summary: 'Gives the dangerous actions that were done without a second person and wait for a review.',
  permission: 'actions.read',
  input: INPUTS.toReview,
  run: async ({ console: { db }, actor, now }) => ({
    nowMs: now.getTime(),
    runs: (await unreviewed(db, actor)).map((row) => ({
      ...runLine(row, now),
      reason: row.breakGlass?.reason ?? '',
      by: row.breakGlass?.handle ?? '',
      mayReview: holds(actor, 'actions.review') && row.breakGlass?.id !== viewerOf(actor).id,
    })),
  }),
})

/** Evidence is one thing that a run kept of its target before changing it; the text is redacted. */
export type Evidence = {
  readonly runId: string
  readonly name: string
  readonly at: Date
  readonly text: string
  readonly sha256: string
  readonly problem: string
}

/** evidenceOfRuns gives everything that an incident's actions kept before they changed anything, oldest first, redacted once more. */
export async function evidenceOfRuns(tx: Tx, incidentId: string): Promise<readonly Evidence[]> {
  const rows = await evidenceRows(tx, { incidentId })
  return rows.map(({ runId, name, at, text, sha256, problem }) => ({
    runId,
    name,
    at,
    text: redactText(text),
    sha256,
    problem,
  }))
}
