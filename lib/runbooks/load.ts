import type { HealthPolicy } from '../health/policy'

/** Problem of a runbook file: where it is (line and column from 1) and what is wrong with it. */
export type RunbookProblem = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly reason: string
}

/** Runbooks is one good reading of the whole directory; `hash` is the sha256 of everything in it. */
export type Runbooks = {
  readonly hash: string
  readonly hashes: Readonly<Record<string, string>>
  readonly health: HealthPolicy
  readonly loadedAt: Date
}

/** RunbookShelf keeps the last good runbooks; a failed reload changes nothing and says why. */
export type RunbookShelf = {
  readonly current: () => Runbooks
  readonly problems: () => readonly RunbookProblem[]
  readonly reload: (now: Date) => Promise<readonly RunbookProblem[]>
}
