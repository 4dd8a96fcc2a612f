'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import {
  type ConfirmWay,
  NO_ANSWER,
  postConfirm,
  readConfirmWay,
  startProviderConfirm,
} from '@/lib/client/auth'

function waysText(way: ConfirmWay | undefined, isError: boolean): string {
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
  const way = useQuery({ queryKey: ['access-way'], queryFn: readConfirmWay, staleTime: 0 })
  const [error, setError] = useState<string>()
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    const fault = await postConfirm(String(new FormData(event.currentTarget).get('password') ?? ''))
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
  const [error, setError] = useState<string>()
  async function leave(): Promise<void> {
    try {
      window.location.assign(
        await startProviderConfirm(`${window.location.pathname}${window.location.search}`),
      )
    } catch {
      setError(NO_ANSWER)
    }
  }
  return (
    <div className="grid justify-items-start gap-3">
      <p className="text-ink-2">
        You sign in through your identity provider. Confirm there; you come back to this page.
      </p>
      {error === undefined ? null : (
        <p role="alert" className="text-breach">
          {error}
        </p>
      )}
      <Button variant="primary" onClick={leave}>
        Confirm at the identity provider
      </Button>
    </div>
  )
}
