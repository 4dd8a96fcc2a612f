import { ProblemError } from '@/lib/client/api'

/** problemText says in words why a command was not done. */
export function problemText(error: unknown): string {
  return error instanceof ProblemError
    ? error.problem.detail
    : 'Watchfloor does not answer. Nothing was changed.'
}
