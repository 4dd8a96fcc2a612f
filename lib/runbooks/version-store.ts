import type { RunbookVersion } from '@/prisma/generated/client'
import type { Console } from '../console'
import type { Tx } from '../platform/db'
import { inSql, type Sql } from '../platform/sql'
import { writeHints } from '../run'
import type { StandingEdit } from './load-texts'

type NewVersion = Omit<RunbookVersion, 'id'>

const WORKER = 'machine:worker'

/** readStanding gives the approved edits that nothing has ended: the newest row of each path, when it is an edit. */
export async function readStanding(sql: Sql): Promise<readonly StandingEdit[]> {
  return sql.$queryRaw<StandingEdit[]>`
    SELECT path, id AS version, text FROM (
      SELECT DISTINCT ON (path) path, id, kind, text FROM runbook_version ORDER BY path, id DESC
    ) newest WHERE kind = 'edit' ORDER BY path`
}

/** lockPath lets one transaction at a time decide about a path, and gives the id of its newest version. */
export async function lockPath(sql: Sql, path: string): Promise<number | undefined> {
  await sql.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(${`runbook:${path}`}, 0))`
  return newestVersion(sql, path)
}

/** newestVersion gives the id of a path's newest version; undefined before the first. */
export async function newestVersion(sql: Sql, path: string): Promise<number | undefined> {
  const [row] = await sql.$queryRaw<{ id: number }[]>`
    SELECT id FROM runbook_version WHERE path = ${path} ORDER BY id DESC LIMIT 1`
  return row?.id
}

/** appendVersion writes what was approved and wakes every worker when the transaction commits. */
export async function appendVersion(tx: Tx, version: NewVersion): Promise<number> {
  const { id } = await tx.runbookVersion.create({ data: version, select: { id: true } })
  await tx.$executeRaw`SELECT pg_notify('watchfloor_runbooks', '')`
  return id
}

/** endEdit notes that a file has come to say what the edit over it says; nothing when another version came meanwhile. */
export async function endEdit(
  console: Console,
  edit: StandingEdit & { readonly hash: string },
  now: Date,
): Promise<void> {
  const { path, version, text, hash } = edit
  await inSql(console.hot, async (sql) => {
    if ((await lockPath(sql, path)) !== version) return
    const why = `The file says what version ${version} says.`
    await sql.$queryRaw`
      INSERT INTO runbook_version (path, kind, text, text_hash, base_hash, why, proposed_by_id, proposed_by,
        approved_by_id, approved_by, at)
      VALUES (${path}, 'caught-up', ${text}, ${hash}, ${hash}, ${why}, ${WORKER}, 'watchfloor', ${WORKER},
        'watchfloor', ${now})`
    await writeHints(sql, [{ topic: 'runbooks', ref: path }], now)
  })
}

/** readVersions gives what was approved for a path, newest first, without the texts. */
export async function readVersions(tx: Tx, path: string) {
  return tx.runbookVersion.findMany({
    where: { path },
    orderBy: { id: 'desc' },
    take: 200,
    omit: { text: true },
  })
}

/** findVersion gives one version with its text and the text that it replaced; null when there is none. */
export async function findVersion(tx: Tx, id: number) {
  const row = await tx.runbookVersion.findUnique({ where: { id } })
  if (!row) return null
  const proposal = row.proposalId
    ? await tx.runbookProposal.findUnique({ where: { id: row.proposalId }, select: { baseText: true } })
    : null
  return { ...row, baseText: proposal?.baseText ?? row.text }
}
