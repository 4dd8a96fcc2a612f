import { randomUUID } from 'node:crypto'
import { defineCommand, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { refuseApproval, refuseReject } from './approvals'
import { answer } from './commands-common'
import { byOf, type DeploymentRow, jsonOf, lockByNumber, moveRow, writeEvent } from './deployment-store'
import { INPUTS } from './inputs'
import { loadDeployRules } from './load-rules'
import { nameOf, STATE_WORDS } from './model'
import { type Readiness, startable } from './readiness'
import { loadSituation } from './situation-store'
import { sentenceOf } from './words'

type InTx = Scope & { readonly tx: Tx }

const ASKED = ['staging_deploying', 'staging_soaking', 'awaiting_approval', 'scheduled', 'announced']

function personIn(scope: Scope): Extract<Scope['actor'], { kind: 'person' }> {
  if (scope.actor.kind === 'person' && scope.actor.key === undefined) return scope.actor
  throw new AppError('forbidden', 'A person decides this at the console, never a key.')
}

/** judged locks a deployment and judges it in this transaction. */
export async function judged(
  scope: InTx,
  number: number,
  rules: Awaited<ReturnType<typeof loadDeployRules>>,
): Promise<{ readonly row: DeploymentRow; readonly readiness: Readiness }> {
  const row = await lockByNumber(scope.tx, number)
  const situation = await loadSituation(scope.tx, row, { rules, now: scope.now })
  if (!situation)
    throw new AppError('conflict', `No definition of ${row.service} is left in runbooks/services.`)
  return { row, readiness: startable(situation) }
}

function refuseNotAsked(row: DeploymentRow, revision: number): void {
  if (!ASKED.includes(row.state))
    throw new AppError('conflict', `${nameOf(row.number)} is ${STATE_WORDS[row.state]}: nothing is asked.`)
  if (row.revision !== revision)
    throw new AppError(
      'conflict',
      `Revision ${row.revision} is asked for now, and you read ${revision}. Look at what changed.`,
      {
        current: { revision: row.revision },
      },
    )
}

/** settle moves a deployment where its approvals lead: scheduled once every slot is filled, back when one is not. */
export async function settle(
  scope: InTx,
  number: number,
  rules: Awaited<ReturnType<typeof loadDeployRules>>,
): Promise<DeploymentRow> {
  const { row, readiness } = await judged(scope, number, rules)
  const moved = { by: byOf(scope.actor), now: scope.now }
  if (row.state === 'awaiting_approval' && readiness.approvals.state === 'approved' && readiness.isApprovable)
    return moveRow(scope.tx, row, 'scheduled', { why: '', ...moved, data: { approvedAt: scope.now } })
  const isBack = readiness.approvals.state !== 'approved'
  if ((row.state === 'scheduled' || row.state === 'announced') && isBack)
    return moveRow(scope.tx, row, 'awaiting_approval', {
      why: 'an approval counts no more',
      ...moved,
      data: { approvedAt: null, announcedAt: null },
    })
  return row
}

/** approve is one person's word for one revision, named by its hash, with what stood on the page kept word for word. */
export const approve = defineCommand({
  name: 'deployments.approve',
  summary: 'Approves exactly the revision that was read, named by its hash; never its requester.',
  permission: 'deployments.approve',
  input: INPUTS.approve,
  before: (scope) => loadDeployRules(scope.console, scope.now),
  run: async (scope, input) => {
    const { tx, now, before: rules } = scope
    const person = personIn(scope)
    const { row, readiness } = await judged(scope, input.number, rules)
    refuseNotAsked(row, input.revision)
    if (input.typed.trim() !== row.service)
      throw new AppError('invalid', `Type the name of the service, ${row.service}, to approve.`, {
        issues: [{ path: 'typed', message: `must be ${row.service}` }],
      })
    const refused = refuseApproval(readiness.asked, person.id, input.hash)
    if (refused) throw new AppError(refused.code, refused.why)
    const open = [...readiness.asked.unmet]
    const unseen = open.filter((id) => !input.whenMet.includes(id))
    if (unseen.length > 0)
      throw new AppError(
        'conflict',
        `Not ready: ${unseen.length} ${unseen.length === 1 ? 'condition' : 'conditions'} unmet that you did not name. Read them, then approve for when they are met.`,
        { current: { unmet: open } },
      )
    await tx.deploymentApproval.create({
      data: {
        id: randomUUID(),
        deploymentId: row.id,
        revision: row.revision,
        planHash: row.planHash,
        word: 'approve',
        personId: person.id,
        handle: person.handle,
        summary: sentenceOf(row.plan, readiness, now.getTime()),
        comment: input.comment,
        proof: 'signed in, service name typed',
        whenMet: open,
        at: now,
      },
    })
    await writeEvent(tx, row.id, {
      kind: 'approved',
      by: byOf(scope.actor),
      words: `approved revision ${row.revision}${open.length > 0 ? `, once ${open.length} conditions are met` : ''}`,
      body: { revision: row.revision, hash: row.planHash, whenMet: open },
      now,
    })
    return answer(await settle(scope, input.number, rules), { approved: row.planHash, whenMet: open })
  },
})

/** reject ends a revision, with what is to be changed. */
export const reject = defineCommand({
  name: 'deployments.reject',
  summary: 'Rejects a revision, with the reason; its requester may ask again, changed.',
  permission: 'deployments.approve',
  input: INPUTS.reject,
  before: (scope) => loadDeployRules(scope.console, scope.now),
  run: async (scope, input) => {
    const { tx, now } = scope
    const person = personIn(scope)
    const { row, readiness } = await judged(scope, input.number, scope.before)
    refuseNotAsked(row, input.revision)
    const refused = refuseReject(readiness.asked, person.id)
    if (refused) throw new AppError(refused.code, refused.why)
    await tx.deploymentApproval.create({
      data: {
        id: randomUUID(),
        deploymentId: row.id,
        revision: row.revision,
        planHash: row.planHash,
        word: 'reject',
        personId: person.id,
        handle: person.handle,
        summary: sentenceOf(row.plan, readiness, now.getTime()),
        comment: input.comment,
        proof: 'signed in',
        whenMet: [],
        at: now,
      },
    })
    const by = byOf(scope.actor)
    const open =
      row.state === 'scheduled' || row.state === 'announced' || row.state.startsWith('staging_')
        ? await moveRow(tx, row, 'awaiting_approval', {
            why: 'rejected',
            by,
            now,
            data: { announcedAt: null },
          })
        : row
    const after = await moveRow(tx, open, 'rejected', {
      why: `${person.handle}: ${input.comment}`,
      by,
      now,
      data: { endedAt: now },
    })
    return answer(after, { rejected: input.comment })
  },
})

/** revoke takes one's own approval back, until the start. */
export const revoke = defineCommand({
  name: 'deployments.revoke',
  summary: 'Takes one’s own approval back, until the deployment starts.',
  permission: 'deployments.approve',
  input: INPUTS.revoke,
  before: (scope) => loadDeployRules(scope.console, scope.now),
  run: async (scope, input) => {
    const { tx, now } = scope
    const person = personIn(scope)
    const row = await lockByNumber(tx, input.number)
    if (!ASKED.includes(row.state))
      throw new AppError(
        'conflict',
        `${nameOf(row.number)} is ${STATE_WORDS[row.state]}: approvals are used.`,
      )
    const { count } = await tx.deploymentApproval.updateMany({
      where: {
        deploymentId: row.id,
        revision: row.revision,
        personId: person.id,
        word: 'approve',
        endedAt: null,
      },
      data: { endedAt: now, endedWhy: jsonOf({ kind: 'revoked' }) },
    })
    if (count === 0) throw new AppError('conflict', 'You have no approval here to take back.')
    await writeEvent(tx, row.id, {
      kind: 'revoked',
      by: byOf(scope.actor),
      words: `took the approval of revision ${row.revision} back`,
      body: {},
      now,
    })
    return answer(await settle(scope, input.number, scope.before), { revoked: true })
  },
})
