'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { TestNow } from '@/components/state/test-now'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SecretField } from '@/components/ui/secret-field'
import { Select } from '@/components/ui/select'
import { toast } from '@/components/ui/toast-store'
import { type Fault, faultIn } from '@/lib/client/problem-text'
import type { QueryResult } from '@/lib/registry'
import { formOf, type MailForm, settingsOf } from './mail-form'

const FIELDS: readonly { readonly path: keyof MailForm; readonly label: string; readonly hint?: string }[] = [
  { path: 'host', label: 'Mail server', hint: 'Such as smtp.example.com' },
  { path: 'port', label: 'Port' },
  { path: 'user', label: 'User', hint: 'Leave it empty for a server that asks for none.' },
  { path: 'from', label: 'Sender', hint: 'The address that mail comes from.' },
  { path: 'fromName', label: 'Name of the sender' },
  { path: 'perMinute', label: 'Mails a minute, at most' },
]

/** MailServerForm sets the mail server and tests it; the password is written here and never read back. */
export function MailServerForm({ held }: { readonly held: QueryResult<'mail.settings'> }): ReactNode {
  const client = useQueryClient()
  const draft = useDraft('mail:smtp')
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState<Fault>()
  const [busy, setBusy] = useState<'save' | 'off'>()
  const form: MailForm = draft.text === undefined ? formOf(held.settings) : JSON.parse(draft.text)
  const secret = password === '' ? {} : { password }

  function keep(path: keyof MailForm, value: string): void {
    draft.keep(JSON.stringify({ ...form, [path]: value }))
  }

  function issueOf(path: keyof MailForm): string | undefined {
    return fault?.issues.find((issue) => issue.path === `settings.${path}`)?.message
  }

  async function attempt(what: 'save' | 'off', work: () => Promise<void>): Promise<void> {
    setBusy(what)
    setFault(undefined)
    try {
      await work()
    } catch (error) {
      setFault(faultIn(error))
    } finally {
      setBusy(undefined)
    }
  }

  async function store(off: boolean): Promise<void> {
    const settings = off ? null : settingsOf(form)
    await runCommand('mail.configure', { settings, ...(off ? {} : secret), version: held.version })
    draft.drop()
    setPassword('')
    toast({ tone: 'done', text: off ? 'Mail is off; what waits is kept.' : 'The mail server is saved.' })
    await client.invalidateQueries({ queryKey: ['mail.settings'] })
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    void attempt('save', () => store(false))
  }

  return (
    <form onSubmit={submit} className="grid max-w-3xl gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {FIELDS.map(({ path, label, hint }) => (
          <Field key={path} label={label} hint={hint} error={issueOf(path)}>
            {(control) => (
              <Input
                {...control}
                value={form[path]}
                autoComplete="off"
                onChange={(event) => keep(path, event.target.value)}
              />
            )}
          </Field>
        ))}
        <Field label="Protection" error={issueOf('security')}>
          {(control) => (
            <Select
              {...control}
              value={form.security}
              onChange={(event) => keep('security', event.target.value)}
            >
              <option value="starttls">STARTTLS</option>
              <option value="tls">TLS from the first byte</option>
              <option value="none">none: a relay on the same machine</option>
            </Select>
          )}
        </Field>
        <SecretField label="Password" isHeld={held.hasPassword} value={password} onChange={setPassword} />
      </div>
      {fault === undefined ? null : (
        <p role="alert" className="text-breach">
          {fault.sentence}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={busy === 'save'}>
          Save
        </Button>
        <TestNow
          label="Send me a test mail"
          busyLabel="Sending"
          test={() => runCommand('mail.test', { settings: settingsOf(form), ...secret })}
          onFault={(error) => setFault(faultIn(error))}
        />
        {draft.text === undefined ? null : (
          <Button variant="quiet" onClick={draft.drop}>
            Forget what I typed
          </Button>
        )}
        {held.settings === null ? null : (
          <Button
            variant="quiet"
            busy={busy === 'off'}
            onClick={() => void attempt('off', () => store(true))}
          >
            Turn mail off
          </Button>
        )}
      </div>
    </form>
  )
}
