import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { FLAG_KEY } from '../flags/model'
import { makeOwnedFlag, ownedFlag } from '../flags/shift-store'
import { defineCommand, type Outcome } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { MIGRATIONS_POLICY_KIND } from '../runbooks/kinds'
import { entriesOf } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import { nameOf, ownerIn, personIn } from './load-actor'
import { PHASES } from './model'
import { DEFAULT_MIGRATIONS_POLICY, KINDS, rehearsed } from './policy'
import { type AskedPlan, askedPlanSchema, inventorySchema, type Plan } from './shapes'
import { changeMigration, hashOf, insertMigration, lockMigration, type MigrationRow, tell } from './store'

/** number is how people and programs name a migration. */
export const number = z.int('must be the number of a migration').min(1)

/** reason says why, in a sentence. */
export const reason = z.string().trim().min(3, 'say why').max(1_000)

/** touchedBy is what open pages read again when a migration changes. */
export function touchedBy(row: Pick<MigrationRow, 'id' | 'flagKey'>): Outcome<unknown>['touched'] {
  return [
    { topic: 'migrations', ref: row.id },
    { topic: 'flags', ref: row.flagKey },
  ]
}

/** assertVersion throws conflict when somebody changed the migration since the caller looked at it. */
export function assertVersion(row: MigrationRow, version: number): void {
  if (row.version === version) return
  throw new AppError('conflict', 'This migration changed meanwhile. Look at it again.', {
    current: { version: row.version, state: row.state },
  })
}

/** create opens a migration under the policy as it counts now, with a flag of its own at 0 %. */
export const create = defineCommand({
  name: 'migrations.create',
  summary: 'Opens a migration with a flag of its own at 0 %; it keeps the policy under which it began.',
  permission: 'migrations.work',
  output: z.object({ id: z.string(), number: z.int() }),
  input: z.strictObject({
    title: z.string().trim().min(3).max(120),
    kind: z.enum(KINDS),
    fromProvider: z.string().trim().min(1).max(60),
    toProvider: z.string().trim().min(1).max(60),
    flagKey: z.string().regex(FLAG_KEY, 'small letters, digits, dots, dashes; at least two characters'),
    isRehearsal: z.boolean().default(false),
  }),
  before: async (scope) => {
    const shelf = await lookAtRunbooks(scope.console, scope.now)
    return entriesOf(shelf.current(), MIGRATIONS_POLICY_KIND)[0]?.value ?? DEFAULT_MIGRATIONS_POLICY
  },
  run: async ({ tx, actor, now, before }, input) => {
    const person = personIn(actor)
    const id = randomUUID()
    const policy = input.isRehearsal ? rehearsed(before) : before
    const by = { createdById: person.id, createdBy: person.handle }
    const given = await insertMigration(tx, { id, ...input, policy, ...by }, now)
    await makeOwnedFlag(
      tx,
      { key: input.flagKey, description: `Migration ${given}: ${input.title}`, migrationId: id },
      { by: person.handle, now },
    )
    await tell(tx, {
      migrationId: id,
      by: person.handle,
      kind: 'created',
      state: 'assessing',
      percent: 0,
      words: `Opened: ${input.fromProvider} to ${input.toProvider}`,
      now,
    })
    return {
      result: { id, number: given },
      audit: { subject: `migration:${given}`, detail: { ...input } },
      touched: touchedBy({ id, flagKey: input.flagKey }),
    }
  },
})

async function ownersOf(tx: Tx, row: MigrationRow, asked: AskedPlan['owners']): Promise<Plan['owners']> {
  const owners: Plan['owners'] = { ...row.plan.owners }
  for (const phase of PHASES) {
    const personId = asked[phase]
    if (personId === null) delete owners[phase]
    if (typeof personId !== 'string') continue
    const standing = owners[phase]
    if (typeof standing === 'object' && standing.personId === personId) continue
    owners[phase] = await ownerIn(tx, personId)
  }
  return owners
}

/** A gate whose limits may be moved while it is asked is none. */
function assertQueriesStand(row: MigrationRow, queries: Plan['queries']): void {
  if (row.state !== 'shifting' && row.state !== 'awaiting-cutover') return
  if (hashOf(queries) === hashOf(row.plan.queries)) return
  throw new AppError(
    'conflict',
    'Traffic is shifted: the queries of its gates stand until it is at 0 % again.',
  )
}

/** plan says when a migration starts, who owns which phase, and which queries its gates read. */
export const plan = defineCommand({
  name: 'migrations.plan',
  summary:
    'Says when a migration starts, who owns which phase, and which Prometheus queries the gates of its traffic read.',
  permission: 'migrations.work',
  input: z.strictObject({ number, version: z.int(), plan: askedPlanSchema }),
  run: async ({ tx, actor, now }, input) => {
    const row = await lockMigration(tx, input.number)
    assertVersion(row, input.version)
    const { startsOn, queries = row.plan.queries } = input.plan
    assertQueriesStand(row, queries)
    const next: Plan = { startsOn, queries, owners: await ownersOf(tx, row, input.plan.owners) }
    const version = await changeMigration(tx, row, { plan: next }, now)
    const { percent } = await ownedFlag(tx, row.flagKey)
    await tell(tx, {
      migrationId: row.id,
      by: nameOf(actor),
      kind: 'planned',
      state: row.state,
      percent,
      words: planWords(next),
      detail: next,
      now,
    })
    return {
      result: { version },
      audit: { subject: `migration:${row.number}`, detail: { plan: next } },
      touched: touchedBy(row),
    }
  },
})

function planWords({ startsOn, queries }: Plan): string {
  const names = queries.map(({ name }) => name)
  return `Plan: starts ${startsOn ?? 'on a day not set'}${names.length === 0 ? '' : `; its gates also read ${names.join(', ')}`}`
}

/** saveInventory keeps what the scanner found, or what somebody wrote down; approvals of an older one no longer count. */
export const saveInventory = defineCommand({
  name: 'migrations.saveInventory',
  summary: 'Saves the inventory of a migration: what the scanner found, data types with their record counts.',
  permission: 'migrations.report',
  output: z.object({ version: z.int() }),
  input: z.strictObject({ number, inventory: inventorySchema }),
  run: async ({ tx, actor, now }, input) => {
    const row = await lockMigration(tx, input.number)
    if (row.state !== 'assessing')
      throw new AppError('conflict', 'The assessment is over: the inventory stands as it was approved.')
    const version = await changeMigration(tx, row, { inventory: input.inventory }, now)
    const { providers, dataTypes } = input.inventory
    const points = providers.reduce((total, one) => total + one.integrationPoints, 0)
    await tell(tx, {
      migrationId: row.id,
      by: nameOf(actor),
      kind: 'inventory',
      state: row.state,
      percent: 0,
      words: `Inventory: ${points} integration points, ${dataTypes.length} data types`,
      now,
    })
    return {
      result: { version },
      audit: {
        subject: `migration:${row.number}`,
        detail: { integrationPoints: points, dataTypes: dataTypes.length },
      },
      touched: touchedBy(row),
    }
  },
})

/** tick marks an item of a phase's checklist as done with its evidence, or takes that back. */
export const tick = defineCommand({
  name: 'migrations.tick',
  summary: 'Marks an item of a checklist as done with its evidence, or takes that back.',
  permission: 'migrations.work',
  input: z.strictObject({
    number,
    item: z.string().max(60),
    isDone: z.boolean().default(true),
    evidence: z.string().trim().max(500).default(''),
  }),
  run: async ({ tx, actor, now }, input) => {
    const person = personIn(actor)
    const row = await lockMigration(tx, input.number)
    const item = PHASES.flatMap((phase) => row.policy.phases[phase].items).find(({ id }) => id === input.item)
    if (!item) throw new AppError('not_found', `There is no item ${input.item} in its checklists.`)
    const key = { migrationId_item: { migrationId: row.id, item: item.id } }
    const data = { by: person.handle, at: now, evidence: input.evidence }
    if (input.isDone)
      await tx.migrationTick.upsert({
        where: key,
        create: { migrationId: row.id, item: item.id, ...data },
        update: data,
      })
    else await tx.migrationTick.deleteMany({ where: { migrationId: row.id, item: item.id } })
    return {
      result: {},
      audit: {
        subject: `migration:${row.number}`,
        detail: { item: item.id, isDone: input.isDone, evidence: input.evidence },
      },
      touched: touchedBy(row),
    }
  },
})
