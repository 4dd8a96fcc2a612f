import { z } from 'zod'
import { holds } from '../access/holds'
import type { Audience, Facts, Message } from '../comms/model'
import { defineCommand, type Outcome, type Scope } from '../operation'
import { AppError } from '../platform/errors'
import { handleOf, standingOf } from './commands-publish'
import { judge } from './compose'
import { blocksOf, refuseJudged } from './gate'
import { reason } from './inputs'
import { loadSituation, withLinks } from './load-situation'
import { moveOf } from './model'
import { movedOutput } from './outputs'
import { saidBefore } from './said'
import { findPublication, lockPublication, type PublicationRow, wakeReleases } from './store'
import { draftOf, publicationView } from './view'

const id = z.uuid('must be a message id')

function idOf(actor: Scope['actor']): string {
  return actor.kind === 'person' ? actor.id : `machine:${actor.id}`
}

function moved(
  row: PublicationRow,
  detail: Readonly<Record<string, unknown>>,
): Outcome<{ readonly publication: ReturnType<typeof publicationView> }> {
  return {
    result: { publication: publicationView(row) },
    audit: {
      subject: row.incidentId === null ? `publication:${row.id}` : `incident:${row.incidentId}`,
      detail: { publication: row.id, audience: row.audience, hash: row.hash, ...detail },
    },
    touched: row.incidentId === null ? [] : [{ topic: 'publications', ref: row.incidentId }],
  }
}

function refuseStranger(actor: Scope['actor'], audience: string): void {
  if (audience === 'public' && !holds(actor, 'publications.publish-public'))
    throw new AppError('forbidden', 'Updates to customers are for communications, commanders and managers.')
}

/** messageOf reads a stored message back as it was written, with its facts as names. */
function messageOf(row: PublicationRow): Message {
  const { title, body } = draftOf(row)
  return {
    audience: row.audience as Audience,
    kind: row.kind as Message['kind'],
    severity: row.severity as Message['severity'],
    status: row.status as Message['status'],
    title,
    body,
    nextUpdateAt: row.nextUpdateAt?.toISOString() ?? null,
    components: row.components as unknown as Message['components'],
  }
}

/**
 * approve agrees to exactly what was read, named by its hash: another person than the author, while facts and findings
 * are what they were. It is then held for its undo.
 */
export const approve = defineCommand({
  name: 'publications.approve',
  summary: 'Agrees to exactly the message that was read, named by its hash; never its author.',
  permission: 'publications.approve',
  output: movedOutput,
  input: z.strictObject({
    id,
    hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash that you read'),
    /** reason lets findings pass that a second person may let pass. */
    reason,
  }),
  before: async (scope, input) => {
    const row = await findPublication(scope.console.db, scope.actor, input.id)
    if (row.incidentId === null) throw new AppError('not_found', 'There is no such message.')
    return withLinks(scope, await loadSituation(scope, row.incidentId, {}), [messageOf(row)])
  },
  run: async (scope, { id: target, hash, reason: why }) => {
    const { tx, actor, now, before: situation } = scope
    const row = await lockPublication(tx, actor, target)
    refuseStranger(actor, row.audience)
    const deed = { kind: 'approve', byId: idOf(actor), hash, nowMs: now.getTime() } as const
    const move = moveOf(standingOf(row), deed)
    if (!move.ok) throw new AppError(move.code, move.why)
    if (row.severity !== situation.incident.severity)
      throw new AppError(
        'conflict',
        `It was written for ${row.severity}, and this is ${situation.incident.severity} now.`,
      )
    const seen = row.facts as Facts
    // What a person told stands as that person told it; only what is read somewhere is read again.
    const facts = { ...situation.facts, ...saidBefore(seen, now) }
    const message = messageOf(row)
    const judgement = judge({ ...situation, facts }, message, {
      told: seen,
      channels: [],
      now,
      isAgreement: true,
    })
    refuseJudged(row.audience, judgement, why)
    const { holdSeconds } = situation.policy
    const approved = await tx.publication.update({
      where: { id: target },
      data: {
        state: move.to,
        holdUntil: new Date(now.getTime() + holdSeconds * 1_000),
        approvedBy: handleOf(actor),
        approvedHash: hash,
        approvedAt: now,
      },
    })
    await wakeReleases(tx)
    const overridden = blocksOf(judgement.findings).blocks.map(({ rule }) => rule)
    return moved(approved, { approved: hash, overridden, reason: why })
  },
})

/** refuse sends a message back to its author, with what is to be changed. */
export const refuse = defineCommand({
  name: 'publications.refuse',
  summary: 'Sends a message back to its author, with what is to be changed.',
  permission: 'publications.approve',
  output: movedOutput,
  input: z.strictObject({ id, reason: reason.pipe(z.string().min(1, 'say what is to be changed')) }),
  run: async ({ tx, actor, now }, { id: target, reason: why }) => {
    const row = await lockPublication(tx, actor, target)
    refuseStranger(actor, row.audience)
    const move = moveOf(standingOf(row), { kind: 'refuse', byId: idOf(actor), nowMs: now.getTime() })
    if (!move.ok) throw new AppError(move.code, move.why)
    const data = { state: move.to, endedBy: handleOf(actor), endedNote: why }
    return moved(await tx.publication.update({ where: { id: target }, data }), { refused: why })
  },
})

/** withdraw takes a message back that waits, or that is held for its undo. */
export const withdraw = defineCommand({
  name: 'publications.withdraw',
  summary: 'Takes a message back that waits for a second person, or that is held for its undo.',
  permission: 'publications.publish',
  output: movedOutput,
  input: z.strictObject({ id }),
  run: async ({ tx, actor, now }, { id: target }) => {
    const row = await lockPublication(tx, actor, target)
    refuseStranger(actor, row.audience)
    const move = moveOf(standingOf(row), { kind: 'withdraw', byId: idOf(actor), nowMs: now.getTime() })
    if (!move.ok) throw new AppError(move.code, move.why)
    const data = { state: move.to, endedBy: handleOf(actor), endedNote: 'taken back' }
    return moved(await tx.publication.update({ where: { id: target }, data }), { withdrawn: true })
  },
})
