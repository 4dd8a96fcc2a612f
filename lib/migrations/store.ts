import canonicalize from 'canonicalize'
import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { STATES, type State } from './model'
import { DEFAULT_MIGRATIONS_POLICY, KINDS, type MigrationsPolicy, migrationsPolicySchema } from './policy'
import {
  type Inventory,
  inventorySchema,
  type Plan,
  planSchema,
  type Rollback,
  rollbackSchema,
} from './shapes'

/** Kind is what sort of migration it is. */
export type Kind = (typeof KINDS)[number]

/** MigrationRow is a migration as its room works with it. */
export type MigrationRow = {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly kind: Kind
  readonly fromProvider: string
  readonly toProvider: string
  readonly isRehearsal: boolean
  readonly state: State
  readonly stateSince: Date
  readonly shiftedSince: Date | null
  readonly version: number
  readonly flagKey: string
  readonly policy: MigrationsPolicy
  readonly inventory: Inventory | null
  readonly plan: Plan
  readonly rollback: Rollback | null
  readonly createdById: string
  readonly createdBy: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

type Raw = NonNullable<Awaited<ReturnType<Tx['migration']['findUnique']>>>

function rowOf(raw: Raw): MigrationRow {
  const policy = migrationsPolicySchema.safeParse(raw.policy)
  const inventory = inventorySchema.safeParse(raw.inventory)
  const rollback = rollbackSchema.safeParse(raw.rollback)
  return {
    ...raw,
    kind: KINDS.find((kind) => kind === raw.kind) ?? 'fresh',
    state: STATES.find((state) => state === raw.state) ?? 'assessing',
    policy: policy.success ? policy.data : DEFAULT_MIGRATIONS_POLICY,
    inventory: inventory.success ? inventory.data : null,
    plan: planSchema.parse(raw.plan),
    rollback: rollback.success ? rollback.data : null,
  }
}

/** listMigrations gives every migration, newest first. */
export async function listMigrations(tx: Tx): Promise<readonly MigrationRow[]> {
  return (await tx.migration.findMany({ orderBy: { number: 'desc' }, take: 200 })).map(rowOf)
}

/** getMigration gives the migration of this number. Throws not_found. */
export async function getMigration(tx: Tx, number: number): Promise<MigrationRow> {
  const raw = await tx.migration.findUnique({ where: { number } })
  if (raw === null) throw new AppError('not_found', `There is no migration ${number}.`)
  return rowOf(raw)
}

/** lockMigration is getMigration under its lock: what changes one goes one after the other. */
export async function lockMigration(tx: Tx, number: number): Promise<MigrationRow> {
  await tx.$queryRaw`SELECT 1 FROM migration WHERE number = ${number} FOR UPDATE`
  return getMigration(tx, number)
}

/** insertMigration writes a new migration and gives its number. */
export async function insertMigration(
  tx: Tx,
  row: Pick<
    MigrationRow,
    | 'id'
    | 'title'
    | 'kind'
    | 'fromProvider'
    | 'toProvider'
    | 'isRehearsal'
    | 'flagKey'
    | 'policy'
    | 'createdById'
    | 'createdBy'
  >,
  now: Date,
): Promise<number> {
  const { number } = await tx.migration.create({
    data: {
      ...row,
      policy: row.policy as object,
      state: 'assessing',
      stateSince: now,
      plan: planSchema.parse({}) as object,
      createdAt: now,
      updatedAt: now,
    },
    select: { number: true },
  })
  return number
}

/** Change is what of a migration changes; `state` and `percent` begin their own clock. */
export type Change = {
  readonly state?: State
  readonly stateSince?: Date
  readonly shiftedSince?: Date | null
  readonly inventory?: Inventory
  readonly plan?: Plan
  readonly rollback?: Rollback
}

/** changeMigration writes a change under the next version; the caller holds the lock. */
export async function changeMigration(
  tx: Tx,
  { id, version }: Pick<MigrationRow, 'id' | 'version'>,
  change: Change,
  now: Date,
): Promise<number> {
  await tx.migration.update({
    where: { id },
    data: { ...(change as object), version: version + 1, updatedAt: now },
  })
  return version + 1
}

/** Told is an entry of a migration's own record. */
export type Told = {
  readonly migrationId: string
  readonly by: string
  readonly kind: string
  readonly state: State
  readonly percent: number
  readonly words: string
  readonly detail?: Readonly<Record<string, unknown>>
  readonly now: Date
}

/** tell appends an entry to a migration's record; the caller holds the lock. */
export async function tell(tx: Tx, { migrationId, now, detail, ...entry }: Told): Promise<void> {
  const last = await tx.migrationEvent.aggregate({ where: { migrationId }, _max: { seq: true } })
  await tx.migrationEvent.create({
    data: { migrationId, seq: (last._max.seq ?? 0) + 1, at: now, detail: (detail ?? {}) as object, ...entry },
  })
}

/** readEvents gives a migration's record, newest first, at most 300 entries. */
export function readEvents(tx: Tx, migrationId: string) {
  return tx.migrationEvent.findMany({ where: { migrationId }, orderBy: { seq: 'desc' }, take: 300 })
}

/** readTicks gives what was done of the checklists. */
export function readTicks(tx: Tx, migrationId: string) {
  return tx.migrationTick.findMany({ where: { migrationId }, orderBy: { at: 'asc' } })
}

/** readApprovals gives every approval, also one that no longer counts. */
export function readApprovals(tx: Tx, migrationId: string) {
  return tx.migrationApproval.findMany({ where: { migrationId }, orderBy: { at: 'asc' } })
}

/** readReports gives the validation reports, newest first. */
export function readReports(tx: Tx, migrationId: string) {
  return tx.migrationReport.findMany({ where: { migrationId }, orderBy: { seq: 'desc' }, take: 20 })
}

/** readFigures gives what programs measured: the newest of each kind and part. */
export function readFigures(tx: Tx, migrationId: string) {
  return tx.migrationFigure.findMany({ where: { migrationId } })
}

/** hashOf is the content hash of what somebody approves. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonicalize(JSON.parse(JSON.stringify(value))) ?? '')
}
