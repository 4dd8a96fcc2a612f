import type { MigrationsPolicy } from './policy'

/** Progress is what a part has come to, before or after a batch. */
export type Progress = {
  readonly goodRows: number
  readonly badRows: number
  /** failedRun counts failed batches in a row. */
  readonly failedRun: number
}

/** badPercent is the share of rows that could not be moved. */
export function badPercent({ goodRows, badRows }: Pick<Progress, 'goodRows' | 'badRows'>): number {
  const rows = goodRows + badRows
  return rows === 0 ? 0 : (badRows / rows) * 100
}

/** afterBatch is the progress after one batch; `problem` is why it failed as a whole. */
export function afterBatch(
  before: Progress,
  batch: { readonly good: number; readonly bad: number; readonly problem: string },
): Progress {
  if (batch.problem !== '') return { ...before, failedRun: before.failedRun + 1 }
  return { goodRows: before.goodRows + batch.good, badRows: before.badRows + batch.bad, failedRun: 0 }
}

/** stopReason says why a part has to stop and ask a person; undefined while it may go on. */
export function stopReason(
  progress: Progress,
  policy: MigrationsPolicy,
  tolerated: number | null,
): string | undefined {
  const { failedBatches, afterRows } = policy.batch
  if (progress.failedRun >= failedBatches) return `${progress.failedRun} batches failed one after the other.`
  const allowed = Math.max(policy.batch.badPercent, tolerated ?? 0)
  const share = badPercent(progress)
  if (progress.goodRows + progress.badRows >= afterRows && share > allowed)
    return `${share.toFixed(2)} % of rows are bad; ${allowed} % are allowed. See the reasons, then go on or mend the transform.`
  return undefined
}
