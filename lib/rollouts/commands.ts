import { z } from 'zod'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { followsFrom } from './follow-dispatch'
import { aboutOf, tell } from './notice-store'
import { type Order, order } from './orders'
import { lockRollout, type RolloutRow, rolloutOf, saveRollout } from './rollout-store'

const number = z.number().int().positive()
const reason = z.string().trim().min(10, 'say why, in at least 10 characters').max(500)
const version = z.number().int().positive()
const base = { number, version, reason }

type Steered = { readonly number: number; readonly state: string; readonly version: number }

async function steer(
  { tx, actor, now }: Scope & { readonly tx: Tx },
  input: { readonly number: number; readonly version: number },
  asked: Order,
): Promise<Outcome<Steered>> {
  if (actor.kind !== 'person') throw new AppError('forbidden', 'A rollout is steered by people.')
  const found = await rolloutOf(tx, input.number)
  const row = found ? await lockRollout(tx, found.id) : undefined
  if (!row) throw new AppError('not_found', 'There is no rollout of this deployment.')
  const by = { handle: actor.handle, isRequester: row.requesterId === actor.id }
  const ordered = order(row.core, asked, { by, nowMs: now.getTime(), policy: row.policy })
  if (!ordered.ok)
    throw new AppError('conflict', ordered.why, { current: { state: row.state, version: row.version } })
  const { core, decision } = ordered.turned
  await saveRollout(tx, row, {
    core,
    decision,
    by: actor.handle,
    now,
    epoch: 0,
    inputs: { order: asked, by, core: row.core, nowMs: now.getTime() },
  })
  const after = (await lockRollout(tx, row.id)) as RolloutRow
  await followsFrom(tx, after, { decision, now })
  await tx.$queryRaw`SELECT pg_notify('watchfloor_rollouts', ${row.id})::text AS told`
  return {
    result: { number: row.number, state: after.state, version: after.version },
    audit: {
      subject: `deployment:${row.number}`,
      detail: { verb: asked.verb, from: row.state, to: after.state, seen: input.version },
    },
    touched: [
      { topic: 'rollouts', ref: String(row.number) },
      { topic: 'deployments', ref: String(row.number) },
    ],
  }
}

/** pause stops a rollout where it stands; its triggers stay armed. */
export const pause = defineCommand({
  name: 'rollouts.pause',
  summary: 'Stops a rollout where it stands; its triggers stay armed.',
  permission: 'rollouts.steer',
  input: z.strictObject(base),
  run: (scope, input) => steer(scope, input, { verb: 'pause', reason: input.reason }),
})

/** resume lets a paused rollout go on; what a rule stopped is not for the person who asked for the deployment. */
export const resume = defineCommand({
  name: 'rollouts.resume',
  summary: 'Lets a paused rollout go on, with a reason.',
  permission: 'rollouts.steer',
  input: z.strictObject(base),
  run: (scope, input) => steer(scope, input, { verb: 'resume', reason: input.reason }),
})

/** promote ends a step’s watch now: its gate is asked at once, and a pending trigger still decides first. */
export const promote = defineCommand({
  name: 'rollouts.promote',
  summary: 'Ends a step’s watch now and asks its gate; a pending trigger decides first.',
  permission: 'rollouts.steer',
  input: z.strictObject(base),
  run: (scope, input) => steer(scope, input, { verb: 'promote', reason: input.reason }),
})

/** abort ends a rollout from every state: cancelled when nobody met it, otherwise it goes back. */
export const abort = defineCommand({
  name: 'rollouts.abort',
  summary: 'Ends a rollout: cancelled when nobody met it yet, otherwise it goes back.',
  permission: 'rollouts.back',
  input: z.strictObject(base),
  run: (scope, input) => steer(scope, input, { verb: 'abort', reason: input.reason }),
})

/** rollBack goes back now; no window, freeze or announcement keeps it from that. */
export const rollBack = defineCommand({
  name: 'rollouts.roll-back',
  summary: 'Goes back to the recorded stable version now; nothing keeps it from that.',
  permission: 'rollouts.back',
  input: z.strictObject({ ...base, cause: z.enum(['person', 'corruption', 'security']).default('person') }),
  run: (scope, input) => steer(scope, input, { verb: 'roll-back', reason: input.reason, cause: input.cause }),
})

/** extend gives a step that waits at its gate more time for evidence. */
export const extend = defineCommand({
  name: 'rollouts.extend',
  summary: 'Gives a step that waits at its gate more time for evidence.',
  permission: 'rollouts.steer',
  input: z.strictObject({ ...base, minutes: z.number().int().min(1).max(120) }),
  run: (scope, input) =>
    steer(scope, input, { verb: 'extend', minutes: input.minutes, reason: input.reason }),
})

/** accept takes a step’s doubt on oneself; not for the person who asked for the deployment. */
export const accept = defineCommand({
  name: 'rollouts.accept',
  summary:
    'Accepts the doubt of a step that waits at its gate, with a reason, by somebody else than the requester.',
  permission: 'rollouts.steer',
  input: z.strictObject(base),
  run: (scope, input) => steer(scope, input, { verb: 'accept', reason: input.reason }),
})

/** nextRung takes the next rung of a way back that failed; the last one takes the service offline. */
export const nextRung = defineCommand({
  name: 'rollouts.next-rung',
  summary: 'Takes the next rung of a way back that failed; the last one takes the service offline.',
  permission: 'rollouts.back',
  input: z.strictObject(base),
  run: (scope, input) => steer(scope, input, { verb: 'next-rung', reason: input.reason }),
})

/** resolve closes a way back that failed, by somebody who saw the stable version run. */
export const resolve = defineCommand({
  name: 'rollouts.resolve',
  summary: 'Closes a way back that failed, by somebody who saw the stable version run.',
  permission: 'rollouts.back',
  input: z.strictObject(base),
  run: (scope, input) => steer(scope, input, { verb: 'resolve', reason: input.reason }),
})

/** say announces something of a rollout in a person’s own words. */
export const say = defineCommand({
  name: 'rollouts.say',
  summary: 'Announces something of a rollout to the team, in a person’s own words.',
  permission: 'rollouts.steer',
  input: z.strictObject({ number, text: z.string().trim().min(3).max(1_000) }),
  run: async ({ tx, actor, now, requestId }, input) => {
    const row = await rolloutOf(tx, input.number)
    if (!row) throw new AppError('not_found', 'There is no rollout of this deployment.')
    const by = actor.kind === 'person' ? actor.handle : actor.id
    const channels = await tell(tx, aboutOf(row), { text: input.text, now })
    await tx.rolloutNotice.create({
      data: {
        rolloutId: row.id,
        slot: `said-${requestId}`,
        kind: 'said',
        dueAt: now,
        sentAt: now,
        text: input.text,
        by,
        channels,
      },
    })
    return {
      result: { channels },
      audit: { subject: `deployment:${row.number}`, detail: { text: input.text, channels } },
      touched: [{ topic: 'rollouts', ref: String(row.number) }],
    }
  },
})

/** liftHold lets a digest that was rolled back be deployed again, with a reason. */
export const liftHold = defineCommand({
  name: 'rollouts.lift-hold',
  summary: 'Lets a digest that was rolled back be deployed again, with a reason.',
  permission: 'rollouts.lift',
  input: z.strictObject({ id: z.uuid(), reason }),
  run: async ({ tx, actor, now }, { id, reason: why }) => {
    const by = actor.kind === 'person' ? actor.handle : actor.id
    const { count } = await tx.serviceHold.updateMany({
      where: { id, liftedAt: null },
      data: { liftedAt: now, liftedBy: by, liftedReason: why },
    })
    if (count === 0) throw new AppError('conflict', 'This hold is lifted already, or there is none.')
    return {
      result: { id },
      audit: { subject: `service-hold:${id}`, detail: { reason: why } },
      touched: [{ topic: 'rollouts', ref: 'holds' }],
    }
  },
})
