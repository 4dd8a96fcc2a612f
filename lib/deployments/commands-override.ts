import { randomUUID } from 'node:crypto'
import { holds } from '../access/holds'
import { defineCommand, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { settle } from './commands-approve'
import { answer } from './commands-common'
import { byOf, type DeploymentRow, lockById, lockByNumber, writeEvent } from './deployment-store'
import { INPUTS } from './inputs'
import { loadDeployRules } from './load-rules'
import { isEnded, isRunning, nameOf } from './model'
import { refuseRules } from './overrides'

type InTx = Scope & { readonly tx: Tx }

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

function personIn(scope: Scope): string {
  if (scope.actor.kind === 'person' && scope.actor.key === undefined) return scope.actor.id
  throw new AppError('forbidden', 'A person breaks a rule, never a key.')
}

async function lockOverride(scope: InTx, id: string) {
  await scope.tx.$queryRaw`SELECT 1 FROM deployment_override WHERE id = ${id}::uuid FOR UPDATE`
  const override = await scope.tx.deploymentOverride.findUnique({ where: { id } })
  const row = override ? await lockById(scope.tx, override.deploymentId) : undefined
  if (!override || !row) throw new AppError('not_found', 'There is no such override.')
  return { override, row }
}

/** Whoever leads may break a rule alone and owes the review; nobody leaves out another person's approval alone. */
function refuseAlone({ actor }: Scope, ruleIds: readonly string[]): void {
  if (!holds(actor, 'deployments.override-alone'))
    throw new AppError('forbidden', 'Only a commander or a manager overrides alone. Ask a second person.')
  if (ruleIds.some((id) => id.startsWith('approval.')))
    throw new AppError('forbidden', 'An approval is never left out by one person alone. Ask a second person.')
}

async function note(scope: InTx, row: DeploymentRow, words: string, body: unknown): Promise<void> {
  await writeEvent(scope.tx, row.id, { kind: 'override', by: byOf(scope.actor), words, body, now: scope.now })
}

/** askOverride asks that rules be broken for one deployment: named, with a reason and a link. On call alone it counts at once, and its review is owed. */
export const askOverride = defineCommand({
  name: 'deployments.askOverride',
  summary: 'Asks that named rules be broken for one deployment, with a reason and a link.',
  permission: 'deployments.override',
  input: INPUTS.askOverride,
  before: (scope) => loadDeployRules(scope.console, scope.now),
  run: async (scope, input) => {
    const { tx, now, before: rules } = scope
    const askedById = personIn(scope)
    const row = await lockByNumber(tx, input.number)
    if (isRunning(row.state) || isEnded(row.state))
      throw new AppError('conflict', `${nameOf(row.number)} waits for nothing that could be overridden.`)
    if (input.isSolo) refuseAlone(scope, input.ruleIds)
    const wrong = refuseRules(
      input.ruleIds,
      rules.windows.rules.map(({ id }) => id),
    )
    if (wrong !== undefined)
      throw new AppError('invalid', wrong, { issues: [{ path: 'ruleIds', message: wrong }] })
    const { overrideMinutes, reviewHours } = rules.windows
    const { name } = byOf(scope.actor)
    await tx.deploymentOverride.create({
      data: {
        id: randomUUID(),
        deploymentId: row.id,
        ruleIds: [...new Set(input.ruleIds)],
        reason: input.reason,
        link: input.link,
        state: input.isSolo ? 'active' : 'requested',
        askedById,
        askedBy: name,
        askedAt: now,
        isSolo: input.isSolo,
        ...(input.isSolo
          ? {
              activeAt: now,
              expiresAt: new Date(now.getTime() + overrideMinutes * MINUTE_MS),
              reviewDueAt: new Date(now.getTime() + reviewHours * HOUR_MS),
            }
          : {}),
      },
    })
    const words = `${input.isSolo ? 'overrides alone' : 'asks to override'} ${input.ruleIds.join(', ')}: ${input.reason}`
    await note(scope, row, words, { ruleIds: input.ruleIds, link: input.link })
    return answer(await settle(scope, row.number, rules), {
      ruleIds: input.ruleIds,
      reason: input.reason,
      isSolo: input.isSolo,
    })
  },
})

/** decideOverride is the second person's word: it then counts for two hours and one deployment. */
export const decideOverride = defineCommand({
  name: 'deployments.decideOverride',
  summary: 'Agrees to an override as the second person, or declines it.',
  permission: 'deployments.override',
  input: INPUTS.decideOverride,
  before: (scope) => loadDeployRules(scope.console, scope.now),
  run: async (scope, input) => {
    const { now, before: rules, tx } = scope
    const second = personIn(scope)
    const { override, row } = await lockOverride(scope, input.override)
    if (override.state !== 'requested') throw new AppError('conflict', 'This override waits for nobody.')
    if (override.askedById === second)
      throw new AppError('forbidden', 'Somebody else has to agree: you asked.')
    const { overrideMinutes, overrideAskMinutes, reviewHours } = rules.windows
    if (now.getTime() - override.askedAt.getTime() > overrideAskMinutes * MINUTE_MS)
      throw new AppError('conflict', `It was asked more than ${overrideAskMinutes} minutes ago. Ask again.`)
    const { name } = byOf(scope.actor)
    await tx.deploymentOverride.update({
      where: { id: override.id },
      data: {
        state: input.agree ? 'active' : 'void',
        secondId: second,
        second: name,
        ...(input.agree
          ? {
              activeAt: now,
              expiresAt: new Date(now.getTime() + overrideMinutes * MINUTE_MS),
              reviewDueAt: new Date(now.getTime() + reviewHours * HOUR_MS),
            }
          : {}),
      },
    })
    await note(
      scope,
      row,
      `${input.agree ? 'agrees' : 'does not agree'} to override ${override.ruleIds.join(', ')}`,
      {
        override: override.id,
      },
    )
    return answer(await settle(scope, row.number, rules), { override: override.id, agree: input.agree })
  },
})

/** reviewOverride closes an override that was active, with what another person made of it. */
export const reviewOverride = defineCommand({
  name: 'deployments.reviewOverride',
  summary: 'Reviews an override afterwards; never who asked for it.',
  permission: 'deployments.review',
  input: INPUTS.reviewOverride,
  run: async (scope, input) => {
    const { now, tx } = scope
    const { override, row } = await lockOverride(scope, input.override)
    if (override.activeAt === null || override.reviewedAt !== null)
      throw new AppError('conflict', 'There is nothing to review about this override.')
    if (override.askedById === personIn(scope))
      throw new AppError('forbidden', 'Somebody else has to review this: you asked for it.')
    const { name } = byOf(scope.actor)
    await tx.deploymentOverride.update({
      where: { id: override.id },
      data: { reviewedAt: now, reviewedBy: name, reviewNote: input.note, state: 'closed' },
    })
    await note(scope, row, `reviewed the override of ${override.ruleIds.join(', ')}: ${input.note}`, {
      override: override.id,
    })
    return answer(row, { override: override.id, note: input.note })
  },
})
