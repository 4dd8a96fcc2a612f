import type pg from 'pg'
import type { Tx } from '../platform/db'
import type { Flag } from './model'

/** FlagRow is a flag with what people see beside its value. */
export type FlagRow = Flag & {
  readonly description: string
  readonly migrationId: string | null
  readonly updatedAt: Date
  readonly updatedBy: string
}

/** readBook gives every flag with what an evaluation needs. */
export async function readBook(pool: pg.Pool): Promise<readonly Flag[]> {
  const { rows } = await pool.query<Flag>({
    name: 'flags-book',
    text: 'SELECT key, salt, is_on AS "isOn", share, version FROM flag ORDER BY key',
  })
  return rows
}

/** listFlags gives every flag by name. */
export function listFlags(tx: Tx): Promise<readonly FlagRow[]> {
  return tx.flag.findMany({ orderBy: { key: 'asc' } })
}

/** findFlag gives one flag; undefined when there is none. */
export async function findFlag(tx: Tx, key: string): Promise<FlagRow | undefined> {
  return (await tx.flag.findUnique({ where: { key } })) ?? undefined
}

/** lockFlag is findFlag under the flag's lock. */
export async function lockFlag(tx: Tx, key: string): Promise<FlagRow | undefined> {
  await tx.$queryRaw`SELECT 1 FROM flag WHERE key = ${key} FOR UPDATE`
  return findFlag(tx, key)
}

/** Change is one entry of a flag's own record. */
export type Change = {
  readonly isOn: boolean
  readonly share: number
  readonly reason: string
  readonly by: string
  readonly now: Date
}

/** insertFlag writes a new flag, off for everybody, with the first entry of its record. */
export async function insertFlag(
  tx: Tx,
  flag: {
    readonly key: string
    readonly salt: string
    readonly description: string
    readonly migrationId: string | null
  },
  { by, now }: Pick<Change, 'by' | 'now'>,
): Promise<void> {
  await tx.flag.create({
    data: { ...flag, isOn: true, share: 0, version: 1, updatedAt: now, updatedBy: by },
  })
  await tx.flagChange.create({
    data: { flagKey: flag.key, version: 1, isOn: true, share: 0, reason: 'made', by, at: now },
  })
}

/** changeFlag writes a flag's new value with an entry of its record; the caller holds its lock. */
export async function changeFlag(tx: Tx, flag: FlagRow, change: Change): Promise<number> {
  const { isOn, share, reason, by, now } = change
  const version = flag.version + 1
  await tx.flag.update({
    where: { key: flag.key },
    data: { isOn, share, version, updatedAt: now, updatedBy: by },
  })
  await tx.flagChange.create({ data: { flagKey: flag.key, version, isOn, share, reason, by, at: now } })
  return version
}

/** readChanges gives a flag's record, newest first. */
export function readChanges(tx: Tx, key: string) {
  return tx.flagChange.findMany({ where: { flagKey: key }, orderBy: { version: 'desc' }, take: 200 })
}
