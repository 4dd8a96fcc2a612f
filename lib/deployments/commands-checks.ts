import { randomUUID } from 'node:crypto'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { itemsOf } from './checklist'
import { answer, serviceOf, unknownItem } from './commands-common'
import { byOf, lockByNumber, writeEvent } from './deployment-store'
import { INPUTS } from './inputs'
import { loadDeployRules } from './load-rules'
import { keepWord } from './looking-store'
import { shortDigest } from './model'

/** tell is a person's (or CI's) word on an item, with its link. */
export const tell = defineCommand({
  name: 'deployments.tell',
  summary: 'Says how an item of the checklist stands, with a link; the word counts until it is old.',
  permission: 'deployments.check',
  input: INPUTS.tell,
  before: (scope) => loadDeployRules(scope.console, scope.now),
  run: async (scope, { number, ...said }) => {
    const { tx, now } = scope
    const row = await lockByNumber(tx, number)
    const item = itemsOf(serviceOf(scope.before, row.service), row.environment).find(
      ({ id }) => id === said.item,
    )
    if (!item) throw unknownItem(said.item)
    if (item.by === 'probe')
      throw new AppError('invalid', `${item.title} is found out by a probe. Let it look again, or waive it.`)
    await keepWord(tx, row, { ...said, item, by: byOf(scope.actor), now })
    return answer(row, { item: item.id, state: said.state, link: said.link })
  },
})

/** waive leaves an item out for this plan's image, with a reason; never the requester. */
export const waive = defineCommand({
  name: 'deployments.waive',
  summary: 'Leaves an item of the checklist out for this image, with a reason; never its requester.',
  permission: 'deployments.waive',
  input: INPUTS.waive,
  before: (scope) => loadDeployRules(scope.console, scope.now),
  run: async (scope, input) => {
    const { tx, now } = scope
    const row = await lockByNumber(tx, input.number)
    const by = byOf(scope.actor)
    if (by.id === row.requesterId) throw new AppError('forbidden', 'You asked for it: somebody else waives.')
    const item = itemsOf(serviceOf(scope.before, row.service), row.environment).find(
      ({ id }) => id === input.item,
    )
    if (!item) throw unknownItem(input.item)
    await keepWord(tx, row, { item, state: 'waived', words: input.reason, link: '', by, now })
    return answer(row, { waived: item.id, reason: input.reason })
  },
})

/** rehearsed keeps how long a way back took that somebody tried. */
export const rehearsed = defineCommand({
  name: 'deployments.rehearsed',
  summary: 'Keeps how long the way back took when it was tried.',
  permission: 'deployments.check',
  input: INPUTS.rehearsed,
  run: async (scope, input) => {
    const { tx, now } = scope
    const row = await lockByNumber(tx, input.number)
    const by = byOf(scope.actor)
    await tx.deploymentRehearsal.create({
      data: {
        id: randomUUID(),
        service: row.service,
        environment: row.environment,
        fromDigest: row.plan.artifacts[0]?.digest ?? '',
        toDigest: row.plan.rollback.digest,
        isWarm: input.isWarm,
        seconds: input.seconds,
        link: input.link,
        byId: by.id,
        by: by.name,
        at: now,
      },
    })
    await writeEvent(tx, row.id, {
      kind: 'rehearsed',
      by,
      words: `rehearsed the way back to ${row.plan.rollback.tag} (${shortDigest(row.plan.rollback.digest)}): ${input.seconds} s`,
      body: { seconds: input.seconds, isWarm: input.isWarm, link: input.link },
      now,
    })
    return answer(row, { rehearsed: input.seconds, isWarm: input.isWarm })
  },
})
