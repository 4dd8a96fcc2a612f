import { z } from 'zod'
import { defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import { sharePercent } from './model'
import { type FlagRow, findFlag, listFlags, readChanges } from './store'

function viewOf(flag: FlagRow) {
  const { key, description, isOn, share, version, migrationId, updatedAt, updatedBy } = flag
  return {
    key,
    description,
    isOn,
    percent: sharePercent(share),
    version,
    migrationId,
    updatedAtMs: updatedAt.getTime(),
    updatedBy,
  }
}

/** list gives every flag with how it stands. */
export const list = defineQuery({
  name: 'flags.list',
  summary: 'Gives every percentage flag with how it stands, and which migration owns it.',
  permission: 'flags.read',
  input: z.strictObject({}),
  run: async ({ console: { db } }) => ({ flags: (await listFlags(db)).map(viewOf) }),
})

/** one gives a flag with its record, newest first. */
export const one = defineQuery({
  name: 'flags.one',
  summary: 'Gives one percentage flag with everything that was changed in it, newest first.',
  permission: 'flags.read',
  input: z.strictObject({ key: z.string().max(80) }),
  run: async ({ console: { db } }, { key }) => {
    const flag = await findFlag(db, key)
    if (flag === undefined) throw new AppError('not_found', `There is no flag ${key}.`)
    const changes = await readChanges(db, key)
    return {
      ...viewOf(flag),
      changes: changes.map((entry) => ({
        version: entry.version,
        isOn: entry.isOn,
        percent: sharePercent(entry.share),
        reason: entry.reason,
        by: entry.by,
        atMs: entry.at.getTime(),
      })),
    }
  },
})
