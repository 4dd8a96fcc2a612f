import { z } from 'zod'
import type { MigrationsPolicy } from './policy'

const count = z.int().min(0)
const checksum = z.string().trim().max(128)

/** countsSchema validates one part's counts, its checksums that do not depend on order, and a sample compared in depth. */
export const countsSchema = z.strictObject({
  oldCount: count,
  newCount: count,
  oldChecksum: checksum.nullable().default(null),
  newChecksum: checksum.nullable().default(null),
  sampled: count.default(0),
  differing: count.default(0),
})

/** contractSchema validates a run of the contract tests over both sides. */
export const contractSchema = z.strictObject({
  passed: count,
  failed: count,
  failures: z.array(z.string().trim().max(200)).max(50).default([]),
})

const side = z.strictObject({
  requests: count,
  errors: count,
  p50Ms: z.number().min(0),
  p95Ms: z.number().min(0),
  p99Ms: z.number().min(0),
})

/** performanceSchema validates one load on both sides; latencies in ms. */
export const performanceSchema = z.strictObject({ old: side, new: side })

/** restoreSchema validates a restore of the dated backup that was rehearsed. */
export const restoreSchema = z.strictObject({
  backupOn: z.iso.date(),
  minutes: z.number().min(0),
  note: z.string().trim().max(300).default(''),
})

/** Check is one line of a validation report; `unknown` is no pass. */
export type Check = {
  readonly id: string
  readonly title: string
  readonly verdict: 'passed' | 'failed' | 'unknown'
  readonly words: string
  readonly advice: string
}

/** Measured is what a report is made of; what nobody reported is null or missing. */
export type Measured = {
  readonly parts: readonly {
    readonly name: string
    readonly waived: number
    readonly counts: z.infer<typeof countsSchema> | null
  }[]
  readonly quarantined: number
  readonly contract: z.infer<typeof contractSchema> | null
  readonly performance: z.infer<typeof performanceSchema> | null
}

type Verdict = Check['verdict']

function judged(isKnown: boolean, isGood: boolean): Verdict {
  if (!isKnown) return 'unknown'
  return isGood ? 'passed' : 'failed'
}

const NOT_REPORTED = 'Nobody reported it: unknown is no pass.'

type Part = Measured['parts'][number]

function countCheck({ name, waived, counts }: Part): Check {
  const isGood = counts !== null && counts.oldCount === counts.newCount + waived
  return {
    id: `counts:${name}`,
    title: `Records of ${name}`,
    verdict: judged(counts !== null, isGood),
    words:
      counts === null
        ? NOT_REPORTED
        : `${counts.oldCount} old, ${counts.newCount} new, ${waived} waived by name`,
    advice: isGood
      ? ''
      : counts !== null && counts.newCount + waived < counts.oldCount
        ? 'Data is missing: look at the batches, which part stopped and what lies in quarantine.'
        : counts === null
          ? 'Let the migrator report the counts of both sides.'
          : 'There is more than there was: see whether rows were moved twice, or written to the new side only.',
  }
}

function checksumCheck({ name, counts }: Part): Check {
  const isKnown = counts !== null && counts.oldChecksum !== null && counts.newChecksum !== null
  const isGood = isKnown && counts.oldChecksum === counts.newChecksum
  return {
    id: `checksum:${name}`,
    title: `Checksum of ${name}`,
    verdict: judged(isKnown, isGood),
    words: isKnown
      ? isGood
        ? `${counts.newChecksum} on both sides`
        : `${counts.oldChecksum} old, ${counts.newChecksum} new`
      : NOT_REPORTED,
    advice: isGood
      ? ''
      : isKnown
        ? 'Data differs: check the transform, then compare rows that changed during the run.'
        : 'Let the migrator report a checksum of each side that does not depend on order.',
  }
}

function sampleCheck({ name, counts }: Part, policy: MigrationsPolicy): Check {
  const sampled = counts?.sampled ?? 0
  const wanted = Math.min(policy.validation.minSampled, counts?.newCount ?? policy.validation.minSampled)
  const isKnown = counts !== null && sampled >= wanted
  const isGood = isKnown && counts.differing === 0
  return {
    id: `sample:${name}`,
    title: `Rows of ${name} compared in depth`,
    verdict: counts !== null && counts.differing > 0 ? 'failed' : judged(isKnown, isGood),
    words: counts === null ? NOT_REPORTED : `${counts.differing} of ${sampled} differ; ${wanted} are wanted`,
    advice: isGood
      ? ''
      : counts !== null && counts.differing > 0
        ? 'Data mismatch: check the transform.'
        : 'Compare more rows in depth.',
  }
}

function contractCheck({ contract }: Measured): Check {
  const isGood = contract !== null && contract.failed === 0 && contract.passed > 0
  return {
    id: 'contract',
    title: 'API contract on both sides',
    verdict: judged(contract !== null && contract.passed + contract.failed > 0, isGood),
    words:
      contract === null
        ? NOT_REPORTED
        : `${contract.passed} pass, ${contract.failed} fail${contract.failures.length > 0 ? `: ${contract.failures.slice(0, 3).join(', ')}` : ''}`,
    advice: isGood
      ? ''
      : contract === null
        ? 'Run the contract tests against both sides and report them.'
        : 'The API does not work as before: mend the adapter, not the tests.',
  }
}

function performanceCheck({ performance }: Measured, policy: MigrationsPolicy): Check {
  const allowed = 1 + policy.validation.slowerPercent / 100
  const isKnown = performance !== null && performance.old.requests > 0 && performance.new.requests > 0
  const slower = isKnown
    ? (['p50Ms', 'p95Ms', 'p99Ms'] as const).filter(
        (name) => performance.new[name] > performance.old[name] * allowed,
      )
    : []
  const isGood = isKnown && slower.length === 0
  const told = (figures: { p50Ms: number; p95Ms: number; p99Ms: number }): string =>
    `${Math.round(figures.p50Ms)}/${Math.round(figures.p95Ms)}/${Math.round(figures.p99Ms)} ms`
  return {
    id: 'performance',
    title: 'Performance against the baseline',
    verdict: judged(isKnown, isGood),
    words: isKnown
      ? `p50/p95/p99 ${told(performance.old)} old, ${told(performance.new)} new; ${policy.validation.slowerPercent} % slower is allowed`
      : NOT_REPORTED,
    advice: isGood
      ? ''
      : isKnown
        ? 'Performance dropped: add caching, look at what is asked most, then measure again.'
        : 'Run the same load on both sides and report it.',
  }
}

function errorCheck({ performance }: Measured, policy: MigrationsPolicy): Check {
  const isKnown = performance !== null && performance.old.requests > 0 && performance.new.requests > 0
  const rate = ({ errors, requests }: { errors: number; requests: number }): number =>
    requests === 0 ? 0 : (errors / requests) * 100
  const isGood = isKnown && rate(performance.new) <= rate(performance.old) + policy.validation.morePoints
  return {
    id: 'errors',
    title: 'Error rates',
    verdict: judged(isKnown, isGood),
    words: isKnown
      ? `${rate(performance.old).toFixed(2)} % old, ${rate(performance.new).toFixed(2)} % new; ${policy.validation.morePoints} points more are allowed`
      : NOT_REPORTED,
    advice: isGood
      ? ''
      : isKnown
        ? 'Errors spiked: reduce the traffic percentage, then look at which calls fail.'
        : 'Run the same load on both sides and report it.',
  }
}

/** checksOf builds a validation report: counts, checksums and samples by part, contract, performance, errors, quarantine. */
export function checksOf(measured: Measured, policy: MigrationsPolicy): readonly Check[] {
  const parts = measured.parts.flatMap((part) => [
    countCheck(part),
    checksumCheck(part),
    sampleCheck(part, policy),
  ])
  const isSettled = measured.quarantined === 0
  return [
    ...(parts.length > 0
      ? parts
      : [
          {
            id: 'parts',
            title: 'Records by type',
            verdict: 'unknown' as const,
            words: NOT_REPORTED,
            advice: 'Move data first: no part was opened.',
          },
        ]),
    contractCheck(measured),
    performanceCheck(measured, policy),
    errorCheck(measured, policy),
    {
      id: 'quarantine',
      title: 'Quarantine',
      verdict: isSettled ? 'passed' : 'failed',
      words: isSettled ? 'empty, or waived by name' : `${measured.quarantined} rows wait`,
      advice: isSettled
        ? ''
        : 'Retry the rows after the transform is mended, or waive them by name with a reason.',
    },
  ]
}

/** verdictOf is passed only if every check passed: one that failed or is not known fails the report. */
export function verdictOf(checks: readonly Check[]): 'passed' | 'failed' {
  return checks.length > 0 && checks.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'failed'
}
