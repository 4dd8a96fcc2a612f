import { ProblemError } from '@/lib/client/api'

/** FormProblem is a failed save as a form shows it: a sentence by field, and one for the whole. */
export type FormProblem = { readonly whole?: string; readonly fields: Readonly<Record<string, string>> }

/** formProblemOf sorts a failure to the fields that it names; a failure that names none is told for the whole form. */
export function formProblemOf(error: unknown, known: readonly string[]): FormProblem {
  if (!(error instanceof ProblemError))
    return { whole: 'Something failed in this page. Try again.', fields: {} }
  const { issues = [], detail } = error.problem
  const named = issues.filter((issue) => known.includes(issue.path.split('.')[0] ?? ''))
  const fields = Object.fromEntries(named.map((issue) => [issue.path.split('.')[0], issue.message]))
  return named.length > 0 && named.length === issues.length ? { fields } : { whole: detail, fields }
}
