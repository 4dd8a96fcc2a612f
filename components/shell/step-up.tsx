'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

type Way = 'password' | 'demo' | 'oidc'

async function readWay(): Promise<Way> {
  const response = await fetch('/api/auth/step-up')
  if (!response.ok) throw new Error('Watchfloor does not answer.')
  return ((await response.json()) as { way: Way }).way
}

async function confirm(password: string): Promise<string | undefined> {
  const response = await fetch('/api/auth/step-up', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-watchfloor-request': '1' },
    body: JSON.stringify({ password }),
  })
  if (response.ok) return undefined
  const problem = (await response.json().catch(() => undefined)) as { detail?: string } | undefined
  return problem?.detail ?? 'Watchfloor does not answer. Try again in a moment.'
}

/** StepUp asks for the password before something that can harm; what was typed on the page stays. */
export function StepUp({ settle }: { readonly settle: (confirmed: boolean) => void }): ReactNode {
  const way = useQuery({ queryKey: ['step-up'], queryFn: readWay, staleTime: 0 })
  const [fault, setFault] = useState<string | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password') ?? '')
    setBusy(true)
    const found = await confirm(password).catch(() => 'Watchfloor does not answer. Try again in a moment.')
    setBusy(false)
    if (found === undefined) settle(true)
    else setFault(found)
  }

  return (
    <Dialog open onClose={() => settle(false)} title="Confirm that it is you">
      {way.data === 'oidc' ? (
        <>
          <p>
            You signed in through your identity provider more than ten minutes ago. Sign in there again to go
            on.
          </p>
          <a href={`/sign-in?return=${encodeURIComponent(window.location.pathname)}`} className="link">
            Sign in again
          </a>
        </>
      ) : (
        <form onSubmit={(event) => void submit(event)} className="grid gap-4">
          <p className="text-ink-2">This changes how the console works, so it needs a fresh confirmation.</p>
          {way.data === 'password' ? (
            <Field label="Your password" error={fault}>
              {(control) => (
                <Input
                  {...control}
                  name="password"
                  type="password"
                  autoComplete="current-password"
                  required
                />
              )}
            </Field>
          ) : fault === undefined ? null : (
            <p role="alert" className="text-breach">
              {fault}
            </p>
          )}
          {way.isError ? (
            <p role="alert" className="text-breach">
              {way.error.message}
            </p>
          ) : null}
          <div className="flex justify-end gap-2">
            <Button variant="quiet" onClick={() => settle(false)}>
              Leave it
            </Button>
            <Button type="submit" variant="primary" busy={isBusy || way.isPending}>
              Confirm and go on
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
