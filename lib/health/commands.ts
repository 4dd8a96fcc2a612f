import { z } from 'zod'
import { type Actor, defineCommand } from '../operation'
import { AppError } from '../platform/errors'

function personOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.id
  throw new AppError('forbidden', 'Only a person has saved filters.')
}

const saveFilter = defineCommand({
  name: 'health.saveFilter',
  summary: 'Keeps a filter of the fleet under a name, for the person who asks.',
  permission: 'health.save-filter',
  input: z.strictObject({
    name: z.string().trim().min(1, 'Give it a name').max(60),
    query: z.string().max(2_000),
  }),
  run: async ({ tx, actor, now }, { name, query }) => {
    const personId = personOf(actor)
    const kept = await tx.savedFilter.upsert({
      where: { personId_name: { personId, name } },
      create: { personId, name, query, createdAt: now },
      update: { query },
    })
    return {
      result: { id: kept.id, name, query },
      audit: { subject: `filter:${kept.id}`, detail: { name, query } },
      touched: [{ topic: 'health', ref: 'filters' }],
    }
  },
})

const deleteFilter = defineCommand({
  name: 'health.deleteFilter',
  summary: "Drops a kept filter of one's own.",
  permission: 'health.save-filter',
  input: z.strictObject({ id: z.uuid() }),
  run: async ({ tx, actor }, { id }) => {
    const { count } = await tx.savedFilter.deleteMany({ where: { id, personId: personOf(actor) } })
    if (count === 0) throw new AppError('not_found', 'This filter is already gone.')
    return {
      result: { id },
      audit: { subject: `filter:${id}`, detail: {} },
      touched: [{ topic: 'health', ref: 'filters' }],
    }
  },
})

/** healthCommands are the few changes that viewers make to their own view of the fleet. */
export const healthCommands = [saveFilter, deleteFilter] as const
