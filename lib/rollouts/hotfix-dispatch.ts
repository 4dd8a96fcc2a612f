import type pg from 'pg'
import { inSql } from '../platform/sql'
import { tell } from './notice-store'

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
