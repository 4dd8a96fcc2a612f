import type { Tx } from '../platform/db'
import type { Looks } from './model'
import { looksAfter, type Moment, type MomentStep, stepTo } from './moments'

/** MomentBook writes what runs rested on, each told by what differs from the last that was news. */
export type MomentBook = {
  /** write keeps a moment in the run's own transaction and gives what to call once that is committed. */
  readonly write: (
    tx: Tx,
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
    write: async (tx, runId, moment) => {
      const last = lasts.get(runId) ?? (await readLast(tx, runId))
      const n = last.n + 1
      const data = {
        at: new Date(moment.atMs),
        isNews: moment.isNews,
        body: JSON.stringify(stepTo(moment, last.looks)),
      }
      await tx.triageMoment.upsert({
        where: { runId_n: { runId, n } },
        create: { runId, n, ...data },
        update: data,
      })
      return () => void lasts.set(runId, moment.isNews ? { n, looks: moment.looks } : last)
    },
    keepOnly: (runIds) => {
      for (const id of lasts.keys()) if (!runIds.has(id)) lasts.delete(id)
    },
  }
}

async function readLast(tx: Tx, runId: string): Promise<Last> {
  const rows = await tx.triageMoment.findMany({ where: { runId, isNews: true }, orderBy: { n: 'asc' } })
  let last: Last = { n: 0, looks: undefined }
  for (const { n, body } of rows) last = { n, looks: looksAfter(last.looks ?? {}, stepOf(body)) }
  return last
}

/** readSteps gives all that a run rested on, in order. */
export async function readSteps(
  tx: Tx,
  runId: string,
): Promise<readonly (MomentStep & { readonly atMs: number })[]> {
  const rows = await tx.triageMoment.findMany({ where: { runId }, orderBy: { n: 'asc' } })
  return rows.map(({ at, body }) => ({ atMs: at.getTime(), ...stepOf(body) }))
}

function stepOf(body: string): MomentStep {
  return JSON.parse(body) as MomentStep
}
