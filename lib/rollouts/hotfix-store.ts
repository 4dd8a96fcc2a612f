import { randomUUID } from 'node:crypto'
import type { Hotfix } from '../../prisma/generated/client'
import type { Tx } from '../platform/db'
import type { HotfixState } from './hotfix'

/** insertHotfix stores a hotfix with its first event. */
export async function insertHotfix(
  tx: Tx,
  made: Omit<
    Hotfix,
    | 'id'
    | 'number'
    | 'state'
    | 'version'
    | 'commit'
    | 'digest'
    | 'deploymentNumber'
    | 'waivedBy'
    | 'waivedReason'
    | 'endedAt'
    | 'calledAt'
    | 'files'
  > & {
    readonly files: readonly { readonly path: string; readonly content: string }[]
  },
): Promise<Hotfix> {
  const [next] = await tx.$queryRaw<{ number: bigint }[]>`SELECT nextval('hotfix_number') AS number`
  const row = await tx.hotfix.create({
    data: {
      ...made,
      files: [...made.files],
      id: randomUUID(),
      number: Number(next?.number ?? 0),
      state: 'open',
    },
  })
  await writeHotfixEvent(tx, row, { state: 'open', by: made.owner, words: made.reason, now: made.at })
  return row
}

/** writeHotfixEvent appends to a hotfix’s record. */
export async function writeHotfixEvent(
  tx: Tx,
  row: Pick<Hotfix, 'id'>,
  event: { readonly state: HotfixState; readonly by: string; readonly words: string; readonly now: Date },
): Promise<void> {
  const seq = await tx.hotfixEvent.count({ where: { hotfixId: row.id } })
  await tx.hotfixEvent.create({
    data: {
      hotfixId: row.id,
      seq: seq + 1,
      at: event.now,
      state: event.state,
      by: event.by,
      words: event.words,
    },
  })
}
