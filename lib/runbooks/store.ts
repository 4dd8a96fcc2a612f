import { z } from 'zod'
import type { Console } from '../console'
import { inSql, sqlOf } from '../platform/sql'
import { writeHints } from '../run'

const KEY = 'runbooks:read'
const GOOD_KEY = 'runbooks:good'

const stateSchema = z.object({
  hash: z.string(),
  /** loadedAt is when the files that count were read, epoch seconds. */
  loadedAt: z.number(),
  /** files are those that count, with the approved edit where one stands over the file. */
  files: z
    .array(z.object({ path: z.string(), hash: z.string(), version: z.number().optional() }))
    .default([]),
  problems: z.array(
    z.object({ file: z.string(), line: z.number(), column: z.number(), reason: z.string().max(2_000) }),
  ),
})

/** RunbookState is what the worker goes by: the hash of the files that count, and the faults of what lies there now. */
export type RunbookState = z.infer<typeof stateSchema>

/** readRunbookState gives what a worker said last; undefined before the first one did. */
export async function readRunbookState(console: Console): Promise<RunbookState | undefined> {
  const [row] = await sqlOf(console.hot).$queryRaw<{ value: unknown }[]>`
    SELECT value FROM setting WHERE key = ${KEY}`
  const parsed = stateSchema.safeParse(row?.value)
  return parsed.success ? parsed.data : undefined
}

/** writeRunbookState tells every open console what the worker goes by. */
export async function writeRunbookState(console: Console, state: RunbookState, now: Date): Promise<void> {
  await inSql(console.hot, async (sql) => {
    await sql.$queryRaw`
      INSERT INTO setting (key, value, updated_at, updated_by)
      VALUES (${KEY}, ${JSON.stringify(state)}::jsonb, ${now}, 'worker')
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
        updated_by = excluded.updated_by`
    await writeHints(sql, [{ topic: 'runbooks', ref: 'state' }], now)
  })
}

const goodSchema = z.object({
  texts: z.array(z.object({ path: z.string(), text: z.string(), version: z.number().optional() })),
})

/** GoodText is one text of the last good reading, with the approved edit that it came from. */
export type GoodText = z.infer<typeof goodSchema>['texts'][number]

/** readGoodTexts gives the last good reading of all runbooks, which stays while what lies there has a fault; empty before the first. */
export async function readGoodTexts(console: Console): Promise<readonly GoodText[]> {
  const [row] = await sqlOf(console.hot).$queryRaw<{ value: unknown }[]>`
    SELECT value FROM setting WHERE key = ${GOOD_KEY}`
  const parsed = goodSchema.safeParse(row?.value)
  return parsed.success ? parsed.data.texts : []
}

/** writeGoodTexts keeps a good reading for processes that begin while the files have a fault. */
export async function writeGoodTexts(console: Console, texts: readonly GoodText[], now: Date): Promise<void> {
  await sqlOf(console.hot).$queryRaw`
    INSERT INTO setting (key, value, updated_at, updated_by)
    VALUES (${GOOD_KEY}, ${JSON.stringify({ texts })}::jsonb, ${now}, 'worker')
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
      updated_by = excluded.updated_by`
}
