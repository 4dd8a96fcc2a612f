import { z } from 'zod'
import type { Console } from '../console'
import { writeHints } from '../run'

const KEY = 'runbooks:read'

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
  const row = await console.db.setting.findUnique({ where: { key: KEY } })
  const parsed = stateSchema.safeParse(row?.value)
  return parsed.success ? parsed.data : undefined
}

/** writeRunbookState tells every open console what the worker goes by. */
export async function writeRunbookState(console: Console, state: RunbookState, now: Date): Promise<void> {
  const data = { value: state, updatedAt: now, updatedBy: 'worker' }
  await console.db.$transaction(async (tx) => {
    await tx.setting.upsert({ where: { key: KEY }, create: { key: KEY, ...data }, update: data })
    await writeHints(tx, [{ topic: 'runbooks', ref: 'state' }], now)
  })
}
