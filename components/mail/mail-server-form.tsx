'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { toast } from '@/components/ui/toast-store'
import { ProblemError } from '@/lib/client/api'
import type { FieldIssue } from '@/lib/platform/errors'
import type { QueryResult } from '@/lib/registry'
import { formOf, type MailForm, settingsOf } from './mail-form'

type Fault = { readonly sentence: string; readonly issues: readonly FieldIssue[] }

const FIELDS: readonly { readonly path: keyof MailForm; readonly label: string; readonly hint?: string }[] = [
  { path: 'host', label: 'Mail server', hint: 'Such as smtp.example.com' },
  { path: 'port', label: 'Port' },
  { path: 'user', label: 'User', hint: 'Leave it empty for a server that asks for none.' },
  { path: 'from', label: 'Sender', hint: 'The address that mail comes from.' },
  { path: 'fromName', label: 'Name of the sender' },
  { path: 'perMinute', label: 'Mails a minute, at most' },
]

function faultIn(error: unknown): Fault {
  if (error instanceof ProblemError)
    return { sentence: error.problem.detail, issues: error.problem.issues ?? [] }
  return { sentence: 'Watchfloor does not answer. What you typed is kept.', issues: [] }
}

/** MailServerForm sets the mail server and tests it; the password is written here and never read back. */
export function MailServerForm({ held }: { readonly held: QueryResult<'mail.settings'> }): ReactNode {
  const client = useQueryClient()
  const draft = useDraft('mail:smtp')
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState<Fault>()
  const [verdict, setVerdict] = useState<{ readonly ok: boolean; readonly sentence: string }>()
  const [busy, setBusy] = useState<'save' | 'test' | 'off'>()
  const form: MailForm = draft.text === undefined ? formOf(held.settings) : JSON.parse(draft.text)
  const secret = password === '' ? {} : { password }

  function keep(path: keyof MailForm, value: string): void {
    draft.keep(JSON.stringify({ ...form, [path]: value }))
  }

  function issueOf(path: keyof MailForm): string | undefined {
    return fault?.issues.find((issue) => issue.path === `settings.${path}`)?.message
  }

  async function attempt(what: 'save' | 'test' | 'off', work: () => Promise<void>): Promise<void> {
    setBusy(what)
    setFault(undefined)
    setVerdict(undefined)
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
        <Field
          label="Password"
          hint={
            held.hasPassword
              ? 'One is held, sealed. Leave this empty to keep it; it can’t be shown again.'
              : 'Stored sealed, and never shown again.'
          }
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              value={password}
              placeholder={held.hasPassword ? 'kept' : ''}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
      </div>
      {fault === undefined ? null : (
        <p role="alert" className="text-breach">
          {fault.sentence}
        </p>
      )}
      {verdict === undefined ? null : (
        <p role="status" className={verdict.ok ? '' : 'text-breach'}>
          {verdict.sentence}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={busy === 'save'}>
          Save
        </Button>
        <Button
          busy={busy === 'test'}
          onClick={() =>
            void attempt('test', async () =>
              setVerdict(await runCommand('mail.test', { settings: settingsOf(form), ...secret })),
            )
          }
        >
          Send me a test mail
        </Button>
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
