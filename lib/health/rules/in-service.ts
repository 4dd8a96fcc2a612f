import { RATINGS, type Rating, type Verdict } from '../model'

/** OUT_OF_SERVICE are the codes of instances and GPUs that are stopped as intended, not yet there, or gone. */
export const OUT_OF_SERVICE: readonly string[] = [
  'instance.stopped-as-intended',
  'instance.frozen-as-intended',
  'instance.provisioning',
  'instance.scheduling',
  'instance.gone',
]

const OUT: ReadonlySet<string> = new Set(OUT_OF_SERVICE)

/** isInService tells instances and GPUs that should be working now from those stopped as intended, not yet there or gone: only the former count in aggregates. */
export function isInService(verdict: Pick<Verdict, 'code'>): boolean {
  return !OUT.has(verdict.code)
}

/** GpuCounts are GPUs in service by rating, and those out of service apart: they are neither healthy nor unread. */
export type GpuCounts = Readonly<Record<Rating, number>> & { readonly outOfService: number }

/** countGpus counts GPU rows, all of them or the given ones; `rating` holds indexes into RATINGS. */
export function countGpus(
  gpus: {
    readonly count: number
    readonly rating: ArrayLike<number>
    readonly code: ArrayLike<string>
  },
  rows?: Iterable<number>,
): GpuCounts {
  const counts = { clear: 0, warning: 0, breach: 0, unknown: 0, stale: 0, outOfService: 0 }
  const add = (row: number): void => {
    if (OUT.has(gpus.code[row] ?? '')) counts.outOfService += 1
    else counts[RATINGS[gpus.rating[row] ?? -1] ?? 'unknown'] += 1
  }
  if (rows) for (const row of rows) add(row)
  else for (let row = 0; row < gpus.count; row += 1) add(row)
  return counts
}
