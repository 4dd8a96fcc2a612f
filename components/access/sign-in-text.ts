/** SignInProblem is what came of an attempt that did not lead in. */
export type SignInProblem = {
  readonly kind: string
  readonly seconds?: number
  readonly fault?: string
}

/** FieldErrors are the sentences beside the fields of the sign-in form. */
export type FieldErrors = {
  readonly login?: string
  readonly password?: string
  readonly newPassword?: string
  readonly form?: string
}

/** errorsOf words a problem at the field that it belongs to; an unknown person and a wrong password read the same. */
export function errorsOf(problem: SignInProblem | undefined): FieldErrors {
  switch (problem?.kind) {
    case undefined:
      return {}
    case 'refused':
      return { password: 'That name and password do not belong together. Check both; capital letters count.' }
    case 'wait':
      return {
        password: `Too many failed tries. Try again in ${problem.seconds ?? 30} s; the account is not locked.`,
      }
    case 'choose-password':
      return {
        newPassword: problem.fault ?? 'Your one-time password is right. Choose one of your own to finish.',
      }
    case 'stale':
      return { form: 'This page had been open for too long. Send the form once more.' }
    case 'provider':
      return { form: 'The identity provider did not complete the sign-in. Try again, or use your password.' }
    case 'unreachable':
      return { form: 'Watchfloor does not answer. What you typed is still here; try again in a moment.' }
    default:
      return { form: 'The sign-in did not work. Try again.' }
  }
}
