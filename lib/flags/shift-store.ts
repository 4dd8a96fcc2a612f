import { randomUUID } from 'node:crypto'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { shareOf, sharePercent } from './model'
import { changeFlag, findFlag, insertFlag, lockFlag } from './store'

/** makeOwnedFlag makes the flag of a migration, at 0 %, in the caller's transaction. Throws conflict when the name is taken. */
export async function makeOwnedFlag(
  tx: Tx,
  flag: { readonly key: string; readonly description: string; readonly migrationId: string },
  by: { readonly by: string; readonly now: Date },
): Promise<void> {
  if (await findFlag(tx, flag.key))
    throw new AppError('conflict', `There is a flag ${flag.key} already. Name another one.`)
  await insertFlag(tx, { ...flag, salt: randomUUID() }, by)
}

/** ownedFlag gives how the flag of a migration stands. Throws not_found. */
export async function ownedFlag(
  tx: Tx,
  key: string,
): Promise<{ readonly isOn: boolean; readonly percent: number; readonly version: number }> {
  const flag = await findFlag(tx, key)
  if (flag === undefined) throw new AppError('not_found', `There is no flag ${key}.`)
  return { isOn: flag.isOn, percent: sharePercent(flag.share), version: flag.version }
}

/** shiftOwned sets the percentage of a migration's flag in the caller's transaction; the salt stays, so nobody moves back. */
export async function shiftOwned(
  tx: Tx,
  change: {
    readonly key: string
    readonly percent: number
    readonly reason: string
    readonly by: string
    readonly now: Date
  },
): Promise<void> {
  const flag = await lockFlag(tx, change.key)
  if (flag === undefined) throw new AppError('not_found', `There is no flag ${change.key}.`)
  const { percent, reason, by, now } = change
  await changeFlag(tx, flag, { isOn: true, share: shareOf(percent), reason, by, now })
}

/** listFlagPercents gives the percentage of each of these flags by key. */
export async function listFlagPercents(
  tx: Tx,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.flag.findMany({ where: { key: { in: [...keys] } } })
  return new Map(rows.map(({ key, isOn, share }) => [key, isOn ? sharePercent(share) : 0]))
}
