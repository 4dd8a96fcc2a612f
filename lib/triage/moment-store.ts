import type { Sql } from '../platform/sql'
import type { Looks } from './model'
import { looksAfter, type Moment, type MomentStep, stepTo } from './moments'

/** MomentBook writes what runs rested on, each told by what differs from the last that was news. */
export type MomentBook = {
  /** write keeps a moment in the run's own transaction and gives what to call once that is committed. */
  readonly write: (
    sql: Sql,
    runId: string,
    moment: Moment & { readonly isNews: boolean },
  ) => Promise<() => void>
  /** keepOnly forgets runs that are over. */
  readonly keepOnly: (runIds: ReadonlySet<string>) => void
}

type Last = { readonly n: number; readonly looks: Looks | undefined }

/** createMomentBook makes the book of one owner of the lease: what another owner wrote is read before the first write. */
export function createMomentBook(): MomentBook {
  const lasts = new Map<string, Last>()
  return {
    write: async (sql, runId, moment) => {
      const last = lasts.get(runId) ?? (await readLast(sql, runId))
      const n = last.n + 1
      const body = JSON.stringify(stepTo(moment, last.looks))
      await sql.$queryRaw`
        INSERT INTO triage_moment (run_id, n, at, is_news, body)
        VALUES (${runId}::uuid, ${n}::int, ${new Date(moment.atMs)}, ${moment.isNews}, ${body})
        ON CONFLICT (run_id, n) DO UPDATE SET at = excluded.at, is_news = excluded.is_news, body = excluded.body`
      return () => void lasts.set(runId, moment.isNews ? { n, looks: moment.looks } : last)
    },
    keepOnly: (runIds) => {
      for (const id of lasts.keys()) if (!runIds.has(id)) lasts.delete(id)
    },
  }
}

async function readLast(sql: Sql, runId: string): Promise<Last> {
  const rows = await sql.$queryRaw<{ n: number; body: string }[]>`
    SELECT n, body FROM triage_moment WHERE run_id = ${runId}::uuid AND is_news ORDER BY n`
  let last: Last = { n: 0, looks: undefined }
  for (const { n, body } of rows) last = { n, looks: looksAfter(last.looks ?? {}, stepOf(body)) }
  return last
}

/** readSteps gives all that a run rested on, in order. */
export async function readSteps(
  sql: Sql,
  runId: string,
): Promise<readonly (MomentStep & { readonly atMs: number })[]> {
  const rows = await sql.$queryRaw<{ at: Date; body: string }[]>`
    SELECT at, body FROM triage_moment WHERE run_id = ${runId}::uuid ORDER BY n`
  return rows.map(({ at, body }) => ({ atMs: at.getTime(), ...stepOf(body) }))
}

function stepOf(body: string): MomentStep {
  return JSON.parse(body) as MomentStep
}
