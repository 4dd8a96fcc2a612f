import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Hotfix } from '../../prisma/generated/client'
import type { Tx } from '../platform/db'
import { inSql, type Sql } from '../platform/sql'
import type { HotfixState } from './hotfix'
import { tell } from './notice-store'

/** OPEN_STATES are those in which a hotfix is a debt. */
export const OPEN_STATES = ['open', 'in_repo', 'image_built', 'deployed'] as const

/** Blocking is a hotfix that keeps something from happening. */
export type Blocking = {
  readonly number: number
  readonly instance: string
  readonly files: number
  readonly isOverdue: boolean
}

/** openHotfixes gives the open hotfixes of a service, or of one instance. */
export async function openHotfixes(
  sql: Sql,
  of: { readonly service: string; readonly environment: string } | { readonly instance: string },
  now: Date,
): Promise<readonly Blocking[]> {
  const service = 'service' in of ? of.service : null
  const environment = 'service' in of ? of.environment : null
  const instance = 'instance' in of ? of.instance : null
  const rows = await sql.$queryRaw<{ number: number; instance: string; files: number; due: Date }[]>`
    SELECT number, instance, jsonb_array_length(files) AS files, due_at AS due FROM hotfix
    WHERE state IN ('open', 'in_repo', 'image_built', 'deployed')
      AND (${service}::text IS NULL OR (service = ${service} AND environment = ${environment}))
      AND (${instance}::text IS NULL OR instance = ${instance})
    ORDER BY number`
  return rows.map(({ number, instance: on, files, due }) => ({
    number,
    instance: on,
    files,
    isOverdue: due < now,
  }))
}

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

/** callHotfixes pages the owners of hotfixes that became overdue, each once, on the channels of the team; how many there were. */
export async function callHotfixes(pool: pg.Pool, now: Date): Promise<number> {
  return inSql(pool, async (sql) => {
    const late = await sql.$queryRaw<{ number: number; owner: string; instance: string; service: string }[]>`
      UPDATE hotfix SET called_at = ${now}
      WHERE state IN ('open', 'in_repo', 'image_built', 'deployed') AND due_at < ${now} AND called_at IS NULL
      RETURNING number, owner, instance, service`
    for (const { number, owner, instance, service } of late)
      await tell(
        sql,
        { title: `Hotfix ${number}`, isDrill: false, isBack: true },
        {
          text: `@${owner}: hotfix ${number} on ${instance} (${service}) was due yesterday and is in no image yet. It blocks deployments of ${service}.`,
          now,
        },
      )
    return late.length
  })
}
