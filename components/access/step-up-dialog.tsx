'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { Problem } from '@/lib/platform/errors'

type Way = 'password' | 'oidc' | 'demo'

const NO_ANSWER = 'Watchfloor does not answer. Try again in a moment.'

async function readWay(): Promise<Way> {
  const response = await fetch('/api/auth/step-up')
  if (!response.ok) throw new Error(NO_ANSWER)
  return ((await response.json()) as { way: Way }).way
}

/** confirm gives what is wrong, or undefined once the server counts the session as fresh. */
async function confirm(password: string): Promise<string | undefined> {
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

function waysText(way: Way | undefined, isError: boolean): string {
  if (isError) return NO_ANSWER
  return way === 'demo' ? 'In the simulated installation a press is enough.' : 'Looking up how you signed in.'
}

/** StepUpDialog confirms that it is still the same person before something that matters. */
export function StepUpDialog({
  onConfirmed,
  onCancel,
}: {
  readonly onConfirmed: () => void
  readonly onCancel: () => void
}): ReactNode {
  const way = useQuery({ queryKey: ['access-way'], queryFn: readWay, staleTime: 0 })
  const [error, setError] = useState<string>()
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    const fault = await confirm(String(new FormData(event.currentTarget).get('password') ?? ''))
    setBusy(false)
    if (fault === undefined) onConfirmed()
    else setError(fault)
  }

  return (
    <Dialog open onClose={onCancel} title="Confirm that it is you">
      <p className="text-ink-2">
        This changes who may do what, or a secret. Your last sign-in is more than ten minutes ago.
      </p>
      {way.data === 'oidc' ? (
        <ProviderConfirm />
      ) : (
        <form onSubmit={submit} className="grid gap-4">
          {way.data === 'password' ? (
            <Field label="Your password" error={error}>
              {(control) => (
                <Input
                  {...control}
                  name="password"
                  type="password"
                  autoComplete="current-password"
                  required
                  autoFocus
                />
              )}
            </Field>
          ) : (
            <p role={error ? 'alert' : undefined} className={error ? 'text-breach' : 'text-ink-2'}>
              {error ?? waysText(way.data, way.isError)}
            </p>
          )}
          <div className="flex justify-end gap-2">
            <Button onClick={onCancel}>Cancel</Button>
            <Button
              type="submit"
              variant="primary"
              busy={isBusy}
              waitsFor={way.data === undefined ? 'the console' : undefined}
            >
              Confirm
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}

function ProviderConfirm(): ReactNode {
  async function leave(): Promise<void> {
    const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string }
    const callbackUrl = `${window.location.pathname}${window.location.search}`
    const response = await fetch('/api/auth/signin/oidc?prompt=login', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ csrfToken, callbackUrl }),
    })
    window.location.assign(((await response.json()) as { to: string }).to)
  }
  return (
    <div className="grid justify-items-start gap-3">
      <p className="text-ink-2">
        You sign in through your identity provider. Confirm there; you come back to this page.
      </p>
      <Button variant="primary" onClick={leave}>
        Confirm at the identity provider
      </Button>
    </div>
  )
}
