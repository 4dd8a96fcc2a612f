import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { quantile } from './numbers'

/** Bar is a figure with the limit it must keep; a value of null was not measured and fails. */
export type Bar = {
  readonly id: string
  readonly figure: string
  readonly value: number | null
  readonly limit: number
  readonly unit: string
  readonly holds: 'at most' | 'at least'
  readonly ok: boolean
}

/** atMost makes a bar that a figure keeps by not exceeding its limit. */
export function atMost(bar: {
  readonly id: string
  readonly figure: string
  readonly value: number | undefined
  readonly limit: number
  readonly unit: string
}): Bar {
  return judged(bar, 'at most', (value) => value <= bar.limit)
}

/** atLeast makes a bar that a figure keeps by reaching its limit. */
export function atLeast(bar: Parameters<typeof atMost>[0]): Bar {
  return judged(bar, 'at least', (value) => value >= bar.limit)
}

function judged(
  bar: Parameters<typeof atMost>[0],
  holds: Bar['holds'],
  keeps: (value: number) => boolean,
): Bar {
  const { value } = bar
  const isMeasured = value !== undefined && Number.isFinite(value)
  return { ...bar, value: isMeasured ? rounded(value) : null, holds, ok: isMeasured && keeps(value) }
}

/** rounded keeps three decimals, so that a report stays readable. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** Spread is what a row of samples looks like; a percentile of n samples is never better than its rank allows. */
export type Spread = {
  readonly samples: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly max: number | null
}

/** spreadOf sums up samples; nulls stand for none. */
export function spreadOf(samples: readonly number[]): Spread {
  const at = (share: number): number | null => {
    const value = quantile(samples, share)
    return value === undefined ? null : rounded(value)
  }
  return { samples: samples.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

/** Figures is what a suite measured, by name. */
export type Figures = { readonly [name: string]: unknown }

/** Report is what a suite prints. */
export type Report = {
  readonly name: string
  readonly workload: string
  readonly machine: Machine
  readonly figures: Figures
  readonly bars: readonly Bar[]
  readonly ok: boolean
}

/** Machine says what the figures were measured on. */
export type Machine = {
  readonly cores: number
  readonly cpu: string
  readonly memoryGiB: number
  readonly kernel: string
  readonly node: string
  readonly chromium: string
  readonly postgres: string
  readonly load: readonly number[]
}

/** machineNow describes this machine; the load averages are those of the moment. */
export function machineNow(options: { readonly chromium?: string; readonly postgres?: string }): Machine {
  const [first] = cpus()
  return {
    cores: cpus().length,
    cpu: first?.model ?? 'unknown',
    memoryGiB: rounded(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    chromium: options.chromium ?? 'not used',
    postgres: options.postgres ?? 'not used',
    load: loadavg().map(rounded),
  }
}

/** chromiumVersion asks a browser for its version. */
export function chromiumVersion(path: string | undefined): string {
  if (path === undefined) return 'none found'
  try {
    return execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

/** printed is a report as the harness prints it: each bar also says in words what `npm test` shows of it. */
export function printed(report: Report): string {
  const bars = report.bars.map((bar) => ({
    ...bar,
    name: `${bar.id} ${bar.figure}`,
    passed: bar.ok,
    text: `${bar.value ?? 'not measured'} (${bar.holds} ${rounded(bar.limit)} ${bar.unit})`,
  }))
  return JSON.stringify({ ...report, bars })
}
