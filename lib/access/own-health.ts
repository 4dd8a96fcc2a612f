import packageFile from '../../package.json' with { type: 'json' }
import type { Console } from '../console'

/** OwnHealth is what the console says about itself to anybody: uptime, the database's answer time, its version. */
export type OwnHealth = {
  readonly upMs: number
  readonly databaseMs: number | undefined
  readonly version: string
  readonly at: Date
}

/** readOwnHealth asks the database once; undefined milliseconds when it does not answer within the pool's limits. */
export async function readOwnHealth(console: Console): Promise<OwnHealth> {
  const startedMs = console.clock.monotonicMs()
  const isAnswered = await console.hot.query('SELECT 1').then(
    () => true,
    () => false,
  )
  return {
    upMs: process.uptime() * 1_000,
    databaseMs: isAnswered ? console.clock.monotonicMs() - startedMs : undefined,
    version: packageFile.version,
    at: console.clock.now(),
  }
}
