import { z } from 'zod'
import type { Permission } from '../access/permissions'
import { type Command, defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { followsFrom } from './follow-dispatch'
import { ROLLOUT_STATES, STEP_WORDS, type StepState } from './model'
import { aboutOf, tell } from './notice-store'
import { type Order, order } from './orders'
import { lockRollout, type RolloutRow, rolloutOf, saveRollout } from './rollout-store'
import { changesSince, type Stand, standOf } from './stand'

const number = z.number().int().positive()
const reason = z.string().trim().min(10, 'say why, in at least 10 characters').max(500)
const step = z.enum(Object.keys(STEP_WORDS) as [StepState, ...StepState[]])
const stand = z.strictObject({
  state: z.enum(ROLLOUT_STATES),
  at: z.number().int().min(0),
  step: step.nullable(),
  waits: z.string().max(40).nullable(),
  pause: z.string().max(4_000).nullable(),
}) satisfies z.ZodType<Stand>
/** What stops or goes back is never refused because the page was old. */
const stopping = z.strictObject({ number, reason })
/** What goes on is bound to what the person saw: `seen` is `view.stand` of rollouts.one. */
const deciding = z.strictObject({ number, reason, seen: stand })

type Steered = { readonly number: number; readonly state: string; readonly version: number }
type Asked = { readonly number: number; readonly reason: string; readonly seen?: Stand }

function refuseChanged(row: RolloutRow, seen: Stand): void {
  const changes = changesSince(seen, standOf(row.core))
  if (changes === '') return
  throw new AppError('conflict', `It changed since you looked: ${changes}. Decide on how it is now.`, {
    current: { state: row.state, version: row.version, stand: standOf(row.core) },
  })
}

async function steer(
  { tx, actor, now }: Scope & { readonly tx: Tx },
  input: Asked,
  asked: Order,
): Promise<Outcome<Steered>> {
  if (actor.kind !== 'person') throw new AppError('forbidden', 'A rollout is steered by people.')
  const found = await rolloutOf(tx, input.number)
  const row = found ? await lockRollout(tx, found.id) : undefined
  if (!row) throw new AppError('not_found', 'There is no rollout of this deployment.')
  if (input.seen) refuseChanged(row, input.seen)
  const by = { handle: actor.handle, isRequester: row.requesterId === actor.id }
  const ordered = order(row.core, asked, { by, nowMs: now.getTime(), policy: row.policy })
  if (!ordered.ok)
    throw new AppError('conflict', ordered.why, { current: { state: row.state, version: row.version } })
  const { core, decision } = ordered.turned
  const isSaved = await saveRollout(tx, row, {
    core,
    decision,
    by: actor.handle,
    now,
    epoch: 0,
    inputs: { order: asked, by, core: row.core, nowMs: now.getTime() },
  })
  const after = isSaved ? await lockRollout(tx, row.id) : undefined
  if (!after) throw new AppError('conflict', 'It changed in this very moment. Ask once more.')
  await followsFrom(tx, after, { decision, now })
  await tx.$queryRaw`SELECT pg_notify('watchfloor_rollouts', ${row.id})::text AS told`
  return {
    result: { number: row.number, state: after.state, version: after.version },
    audit: {
      subject: `deployment:${row.number}`,
      detail: { verb: asked.verb, from: row.state, to: after.state, seen: input.seen ?? null },
    },
    touched: [
      { topic: 'rollouts', ref: String(row.number) },
      { topic: 'deployments', ref: String(row.number) },
    ],
  }
}

type Steering<Name extends string, Input extends z.ZodType<Asked>> = {
  readonly name: Name
  readonly summary: string
  readonly permission: Permission
  readonly input: Input
  readonly order: (input: z.output<Input>) => Order
}

function steering<const Name extends string, Input extends z.ZodType<Asked>>({
  order: orderOf,
  ...of
}: Steering<Name, Input>): Command<Name, Input, Steered> {
  return defineCommand({ ...of, run: (scope, input) => steer(scope, input, orderOf(input)) })
}

/** pause stops a rollout where it stands; its triggers stay armed. */
export const pause = steering({
  name: 'rollouts.pause',
  summary: 'Stops a rollout where it stands; its triggers stay armed.',
  permission: 'rollouts.steer',
  input: stopping,
  order: ({ reason: why }) => ({ verb: 'pause', reason: why }),
})

/** resume lets a paused rollout go on; what a rule stopped is not for the person who asked for the deployment. */
export const resume = steering({
  name: 'rollouts.resume',
  summary: 'Lets a paused rollout go on, with a reason.',
  permission: 'rollouts.steer',
  input: deciding,
  order: ({ reason: why }) => ({ verb: 'resume', reason: why }),
})

/** promote ends a step’s watch now: its gate is asked at once, and a pending trigger still decides first. */
export const promote = steering({
  name: 'rollouts.promote',
  summary: 'Ends a step’s watch now and asks its gate; a pending trigger decides first.',
  permission: 'rollouts.steer',
  input: deciding,
  order: ({ reason: why }) => ({ verb: 'promote', reason: why }),
})

/** abort ends a rollout from every state: cancelled when nobody met it, otherwise it goes back. */
export const abort = steering({
  name: 'rollouts.abort',
  summary: 'Ends a rollout: cancelled when nobody met it yet, otherwise it goes back.',
  permission: 'rollouts.back',
  input: stopping,
  order: ({ reason: why }) => ({ verb: 'abort', reason: why }),
})

/** rollBack goes back now; no window, freeze or announcement keeps it from that. */
export const rollBack = steering({
  name: 'rollouts.roll-back',
  summary: 'Goes back to the recorded stable version now; nothing keeps it from that.',
  permission: 'rollouts.back',
  input: z.strictObject({
    number,
    reason,
    cause: z.enum(['person', 'corruption', 'security']).default('person'),
  }),
  order: ({ reason: why, cause }) => ({ verb: 'roll-back', reason: why, cause }),
})

/** extend gives a step that waits at its gate more time for evidence. */
export const extend = steering({
  name: 'rollouts.extend',
  summary: 'Gives a step that waits at its gate more time for evidence.',
  permission: 'rollouts.steer',
  input: z.strictObject({ number, reason, seen: stand, minutes: z.number().int().min(1).max(120) }),
  order: ({ reason: why, minutes }) => ({ verb: 'extend', minutes, reason: why }),
})

/** accept takes a step’s doubt on oneself; not for the person who asked for the deployment. */
export const accept = steering({
  name: 'rollouts.accept',
  summary:
    'Accepts the doubt of a step that waits at its gate, with a reason, by somebody else than the requester.',
  permission: 'rollouts.steer',
  input: deciding,
  order: ({ reason: why }) => ({ verb: 'accept', reason: why }),
})

/** nextRung takes the next rung of a way back that failed; the last one takes the service offline. */
export const nextRung = steering({
  name: 'rollouts.next-rung',
  summary: 'Takes the next rung of a way back that failed; the last one takes the service offline.',
  permission: 'rollouts.back',
  input: deciding,
  order: ({ reason: why }) => ({ verb: 'next-rung', reason: why }),
})

/** resolve closes a way back that failed, by somebody who saw the stable version run. */
export const resolve = steering({
  name: 'rollouts.resolve',
  summary: 'Closes a way back that failed, by somebody who saw the stable version run.',
  permission: 'rollouts.back',
  input: deciding,
  order: ({ reason: why }) => ({ verb: 'resolve', reason: why }),
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
