import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { FLAG_KEY, shareOf, sharePercent } from './model'
import { type Change, changeFlag, type FlagRow, findFlag, insertFlag, lockFlag } from './store'

const key = z.string().regex(FLAG_KEY, 'small letters, digits, dots, dashes; at least two characters')
const reason = z.string().trim().min(3, 'say why').max(500)
const percent = z.number().min(0, 'from 0').max(100, 'up to 100')

function byOf({ actor }: Scope): string {
  return actor.kind === 'person' ? actor.handle : actor.id
}

async function lockKnown(tx: Tx, wanted: string): Promise<FlagRow> {
  const flag = await lockFlag(tx, wanted)
  if (flag) return flag
  throw new AppError('not_found', `There is no flag ${wanted}.`)
}

function outcome(flag: FlagRow, change: Change, version: number): Outcome<{ readonly version: number }> {
  return {
    result: { version },
    audit: {
      subject: `flag:${flag.key}`,
      detail: {
        from: flag.isOn ? sharePercent(flag.share) : 'off',
        to: change.isOn ? sharePercent(change.share) : 'off',
        reason: change.reason,
      },
    },
    touched: [
      { topic: 'flags', ref: flag.key },
      ...(flag.migrationId === null ? [] : [{ topic: 'migrations', ref: flag.migrationId }]),
    ],
  }
}

/** create makes a boolean flag that is false for everybody, with a salt of its own that never changes. */
export const create = defineCommand({
  name: 'flags.create',
  summary: 'Makes a percentage flag that is off for everybody; its buckets never move afterwards.',
  permission: 'flags.change',
  input: z.strictObject({ key, description: z.string().trim().max(300).default('') }),
  output: z.object({ key: z.string() }),
  run: async (scope, input) => {
    const { tx, now } = scope
    if (await findFlag(tx, input.key)) throw new AppError('conflict', `There is a flag ${input.key} already.`)
    await insertFlag(tx, { ...input, salt: randomUUID(), migrationId: null }, { by: byOf(scope), now })
    return {
      result: { key: input.key },
      audit: { subject: `flag:${input.key}`, detail: { description: input.description } },
      touched: [{ topic: 'flags', ref: input.key }],
    }
  },
})

/** change sets a flag's percentage; that of a migration is changed on its own page, where gates are asked. */
export const change = defineCommand({
  name: 'flags.change',
  summary:
    'Sets the percentage of a flag, with a reason. The flag of a migration is shifted by its own gates.',
  permission: 'flags.change',
  input: z.strictObject({ key, version: z.int(), percent, isOn: z.boolean().default(true), reason }),
  output: z.object({ version: z.int() }),
  run: async (scope, input) => {
    const { tx, now } = scope
    const flag = await lockKnown(tx, input.key)
    if (flag.migrationId !== null)
      throw new AppError('conflict', 'A migration owns this flag: its gates shift it, on its page.')
    if (flag.version !== input.version)
      throw new AppError('conflict', 'Somebody changed this flag meanwhile. Look at it again.', {
        current: { version: flag.version, percent: sharePercent(flag.share), isOn: flag.isOn },
      })
    const next = {
      isOn: input.isOn,
      share: shareOf(input.percent),
      reason: input.reason,
      by: byOf(scope),
      now,
    }
    return outcome(flag, next, await changeFlag(tx, flag, next))
  },
})

/** turnOff makes a flag false for everybody at once. */
export const turnOff = defineCommand({
  name: 'flags.turnOff',
  summary: 'Turns a flag off for everybody at once; no gate is asked.',
  permission: 'flags.turn-off',
  input: z.strictObject({ key, reason }),
  output: z.object({ version: z.int() }),
  run: async (scope, input) => {
    const { tx, now } = scope
    const flag = await lockKnown(tx, input.key)
    if (flag.migrationId !== null)
      throw new AppError('conflict', 'A migration owns this flag: roll its traffic back on its page.')
    const next = { isOn: false, share: 0, reason: input.reason, by: byOf(scope), now }
    return outcome(flag, next, await changeFlag(tx, flag, next))
  },
})
