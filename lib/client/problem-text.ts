'use client'

import type { FieldIssue } from '../platform/errors'
import { NO_ANSWER, ProblemError } from './api'

/** Fault is why a form was not taken: a sentence for the form, and issues by the path of their field. */
export type Fault = { readonly sentence: string; readonly issues: readonly FieldIssue[] }

/** problemText says in words why something was not done; an error that is not the server's reads as no answer. */
export function problemText(error: unknown): string {
  return (error instanceof ProblemError ? error.problem : NO_ANSWER).detail
}

/** faultIn is the same for a form, with the fields at fault. */
export function faultIn(error: unknown): Fault {
  const issues = error instanceof ProblemError ? (error.problem.issues ?? []) : []
  return { sentence: problemText(error), issues }
}
