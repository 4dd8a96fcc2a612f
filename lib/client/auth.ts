'use client'

import type { Problem } from '../platform/errors'

/** SignInAnswer is what the sign-in door tells a script: null as the problem means in; `to` is where to go. */
export type SignInAnswer = {
  readonly problem: string | null
  readonly to: string
  readonly seconds?: number
  readonly fault?: string
}

/** ConfirmWay is how the person can confirm that it is them. */
export type ConfirmWay = 'password' | 'oidc' | 'demo'

const FORM = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }

/** NO_ANSWER is told when the console can't be reached. */
export const NO_ANSWER = 'Watchfloor does not answer. Try again in a moment.'

/** postSignIn sends a sign-in form as it stands; throws when the console does not answer. */
export async function postSignIn(form: HTMLFormElement): Promise<SignInAnswer> {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)])
  const response = await fetch(form.action, {
    method: 'POST',
    headers: FORM,
    body: new URLSearchParams(fields),
  })
  if (!response.ok) throw new Error(NO_ANSWER)
  return (await response.json()) as SignInAnswer
}

/** readConfirmWay asks how this session can be confirmed; throws when the console does not answer. */
export async function readConfirmWay(): Promise<ConfirmWay> {
  const response = await fetch('/api/auth/step-up')
  if (!response.ok) throw new Error(NO_ANSWER)
  return ((await response.json()) as { readonly way: ConfirmWay }).way
}

/** postConfirm gives what is wrong in a sentence, or undefined once the session counts as freshly confirmed. */
export async function postConfirm(password: string): Promise<string | undefined> {
  try {
    const response = await fetch('/api/auth/step-up', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-watchfloor-request': '1' },
      body: JSON.stringify({ password }),
    })
    if (response.ok) return undefined
    const problem = (await response.json()) as Problem
    return problem.issues?.[0]?.message ?? problem.detail
  } catch {
    return NO_ANSWER
  }
}

/** startProviderConfirm gives the identity provider's address that asks for a fresh proof and leads back to `path`. */
export async function startProviderConfirm(path: string): Promise<string> {
  const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { readonly csrfToken: string }
  const response = await fetch('/api/auth/signin/oidc?prompt=login', {
    method: 'POST',
    headers: FORM,
    body: new URLSearchParams({ csrfToken, callbackUrl: path }),
  })
  if (!response.ok) throw new Error(NO_ANSWER)
  return ((await response.json()) as SignInAnswer).to
}
