'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { buttonLook } from '@/components/ui/button-look'
import { Input } from '@/components/ui/input'
import { postSignIn } from '@/lib/client/auth'
import { errorsOf, type SignInProblem } from './sign-in-text'

const LEAVES: ReadonlySet<string> = new Set(['disabled', 'unknown-person', 'unconfirmed'])

/** SignInForm posts name and password; without scripts the browser posts the same form to the same door. */
export function SignInForm({
  csrfToken,
  back,
  login,
  before,
}: {
  readonly csrfToken: string
  readonly back: string
  readonly login: string
  readonly before: SignInProblem | undefined
}): ReactNode {
  const [problem, setProblem] = useState(before)
  const [isBusy, setBusy] = useState(false)
  const errors = errorsOf(problem)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    try {
      const { problem: kind, to, ...rest } = await postSignIn(event.currentTarget)
      if (kind === null || LEAVES.has(kind)) return window.location.assign(to)
      if (kind === 'stale') return window.location.reload()
      setProblem({ kind, ...rest })
    } catch {
      setProblem({ kind: 'unreachable' })
    }
    setBusy(false)
  }

  return (
    <form method="post" action="/api/auth/callback/password" onSubmit={submit} className="grid gap-4">
      <input type="hidden" name="csrfToken" value={csrfToken} />
      <input type="hidden" name="callbackUrl" value={back} />
      {errors.form === undefined ? null : (
        <p role="alert" className="text-13 text-breach">
          {errors.form}
        </p>
      )}
      <Entry
        name="login"
        label="Handle or work e-mail"
        autoComplete="username"
        defaultValue={login}
        error={errors.login}
      />
      <Entry
        name="password"
        label={problem?.kind === 'choose-password' ? 'One-time password' : 'Password'}
        type="password"
        autoComplete="current-password"
        error={errors.password}
      />
      {problem?.kind === 'choose-password' ? (
        <Entry
          name="newPassword"
          label="Your own new password"
          type="password"
          autoComplete="new-password"
          hint="At least 12 characters; a short sentence works well."
          error={errors.newPassword}
        />
      ) : null}
      <button
        type="submit"
        aria-busy={isBusy || undefined}
        className={buttonLook({ variant: 'primary', className: 'h-10 w-full text-14' })}
      >
        {isBusy ? 'Signing in' : 'Sign in'}
      </button>
    </form>
  )
}

function Entry({
  name,
  label,
  hint,
  error,
  ...rest
}: {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly error: string | undefined
  readonly type?: 'password'
  readonly autoComplete: string
  readonly defaultValue?: string
}): ReactNode {
  const note = error ?? hint
  return (
    <div className="grid gap-1.5">
      <label htmlFor={name} className="text-12 text-ink-2">
        {label}
      </label>
      <Input
        id={name}
        name={name}
        required
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={note === undefined ? undefined : `${name}-note`}
        className="h-10 px-3 text-14"
        {...rest}
      />
      {note === undefined ? null : (
        <p
          id={`${name}-note`}
          role={error === undefined ? undefined : 'alert'}
          className={error === undefined ? 'text-12 text-ink-3' : 'text-12 text-breach'}
        >
          {note}
        </p>
      )}
    </div>
  )
}
