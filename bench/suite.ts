import type { Bar, Figures } from './report'

/** SuiteOptions are how a suite is to run: short, and with a build first where the sources have changed. */
export type SuiteOptions = { readonly quick: boolean; readonly build: boolean }

/** Measured is what a suite hands back; the frame adds machine and verdict. */
export type Measured = {
  readonly figures: Figures
  readonly bars: readonly Bar[]
  readonly postgres?: string
  readonly chromium?: string
}

/** Suite is one measurement or fault matrix by name. */
export type Suite = {
  readonly name: string
  readonly workload: string
  readonly run: (options: SuiteOptions) => Promise<Measured>
}
