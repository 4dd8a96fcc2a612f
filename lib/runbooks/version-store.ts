import type { RunbookVersion } from '@/prisma/generated/client'
import type { Console } from '../console'
import type { Tx } from '../platform/db'
import { writeHints } from '../run'
import type { StandingEdit } from './load-texts'

type NewVersion = Omit<RunbookVersion, 'id'>

/** CAUGHT_UP_BY stands for the people where the file came to say what was approved. */
export const CAUGHT_UP_BY = 'machine:worker'

/** readStanding gives the approved edits that nothing has ended: the newest row of each path, when it is an edit. */
export async function readStanding(tx: Tx): Promise<readonly StandingEdit[]> {
  return tx.$queryRaw<StandingEdit[]>`
    SELECT path, id AS version, text FROM (
      SELECT DISTINCT ON (path) path, id, kind, text FROM runbook_version ORDER BY path, id DESC
    ) newest WHERE kind = 'edit' ORDER BY path`
}

/** lockPath lets one transaction at a time decide about a path, and gives the id of its newest version. */
export async function lockPath(tx: Tx, path: string): Promise<number | undefined> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`runbook:${path}`}, 0))`
  return newestVersion(tx, path)
}

/** newestVersion gives the id of a path's newest version; undefined before the first. */
export async function newestVersion(tx: Tx, path: string): Promise<number | undefined> {
  const row = await tx.runbookVersion.findFirst({
    where: { path },
    orderBy: { id: 'desc' },
    select: { id: true },
  })
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
  await console.db.$transaction(async (tx) => {
    if ((await lockPath(tx, path)) !== version) return
    await tx.runbookVersion.create({
      data: {
        path,
        kind: 'caught-up',
        text,
        textHash: hash,
        baseHash: hash,
        why: `The file says what version ${version} says.`,
        proposedById: CAUGHT_UP_BY,
        proposedBy: 'watchfloor',
        approvedById: CAUGHT_UP_BY,
        approvedBy: 'watchfloor',
        proposalId: null,
        at: now,
      },
    })
    await writeHints(tx, [{ topic: 'runbooks', ref: path }], now)
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
