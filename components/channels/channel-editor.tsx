'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { TestNow } from '@/components/state/test-now'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SecretField } from '@/components/ui/secret-field'
import { TextArea } from '@/components/ui/text-area'
import { toast } from '@/components/ui/toast-store'
import { type Fault, faultIn } from '@/lib/client/problem-text'
import type { ChannelEntry, ChannelKindEntry } from './channel-entry'
import { CHANNEL_FIELDS, type ChannelForm, configOf, formOf, mapOf, slugOf } from './channel-form'

type Audience = 'internal' | 'public' | 'executive'

/** ChannelEditor sets up, changes, tests and removes one channel; a secret is written here and never read back. */
export function ChannelEditor({
  kind,
  entry,
  mayTest,
  onSaved,
}: {
  readonly kind: ChannelKindEntry
  readonly entry?: ChannelEntry
  readonly mayTest: boolean
  readonly onSaved?: () => void
}): ReactNode {
  const draft = useDraft(`channel:${entry?.id ?? `new-${kind.kind}`}`)
  const [secret, setSecret] = useState('')
  const [fault, setFault] = useState<Fault | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const stored = formOf(kind.kind, entry)
  const form = draft.text === undefined ? stored : (JSON.parse(draft.text) as ChannelForm)
  const id = entry?.id ?? slugOf(form.name)
  const map = mapOf(form.map)
  const keep = (changes: Partial<ChannelForm>): void => draft.keep(JSON.stringify({ ...form, ...changes }))
  const at = (path: string): string | undefined => fault?.issues.find((issue) => issue.path === path)?.message
  const setup = () => ({
    kind: kind.kind,
    config: configOf(kind.kind, form),
    ...(map.ok ? { componentMap: map.map } : {}),
    ...(secret === '' ? {} : { secret }),
  })

  async function send(what: () => Promise<unknown>, done: string): Promise<void> {
    setBusy(true)
    setFault(undefined)
    try {
      await what()
      draft.drop()
      setSecret('')
      toast({ tone: 'done', text: done })
      onSaved?.()
    } catch (error) {
      setFault(faultIn(error))
    } finally {
      setBusy(false)
      setLeaving(false)
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!map.ok) return
    const input = {
      id,
      name: form.name,
      audiences: form.audiences as Audience[],
      version: entry?.version ?? 0,
      ...setup(),
    }
    void send(() => runCommand('channels.configure', input), `${form.name} is set up.`)
  }

  return (
    <form onSubmit={submit} className="grid max-w-3xl gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Text
          label="Name"
          value={form.name}
          error={at('name') ?? at('id')}
          onChange={(name) => keep({ name })}
        />
        <fieldset className="grid content-start gap-1">
          <legend className="pb-1 text-12 font-medium text-ink-2">Who reads it</legend>
          <div className="flex flex-wrap gap-x-4">
            {kind.audiences.map((audience) => (
              <Checkbox
                key={audience}
                label={audience}
                checked={form.audiences.includes(audience)}
                onChange={({ target }) =>
                  keep({
                    audiences: target.checked
                      ? [...form.audiences, audience]
                      : form.audiences.filter((it) => it !== audience),
                  })
                }
              />
            ))}
          </div>
          {at('audiences') === undefined ? null : (
            <p role="alert" className="text-12 text-breach">
              {at('audiences')}
            </p>
          )}
        </fieldset>
        {CHANNEL_FIELDS[kind.kind].map((field) => {
          const value = form.config[field.path] ?? ''
          const put = (next: string): void => keep({ config: { ...form.config, [field.path]: next } })
          if (field.kind === 'flag')
            return (
              <Checkbox
                key={field.path}
                className="sm:col-span-2"
                label={field.title}
                checked={value === 'yes'}
                onChange={({ target }) => put(target.checked ? 'yes' : '')}
              />
            )
          return (
            <Text
              key={field.path}
              label={field.title}
              hint={field.hint}
              example={field.example}
              value={value}
              error={at(`config.${field.path}`)}
              onChange={put}
            />
          )
        })}
        <SecretField
          label={kind.secret}
          isHeld={entry?.hasSecret ?? false}
          value={secret}
          error={at('secret')}
          onChange={setSecret}
        />
        {kind.kind === 'statuspage' ? (
          <Field
            className="sm:col-span-2"
            label="Components: name here = id there, one a line"
            hint="A component that is missing here is asked for before an update goes out; nothing is guessed."
            {...errorOf(map.ok ? undefined : map.problem)}
          >
            {(control) => (
              <TextArea
                {...control}
                rows={5}
                className="font-mono"
                value={form.map}
                placeholder="Training = 8kbf7d35c070"
                onChange={(event) => keep({ map: event.target.value })}
              />
            )}
          </Field>
        ) : null}
      </div>
      {fault === undefined ? null : (
        <p role="alert" className="text-breach">
          {fault.sentence}
        </p>
      )}
      <div className="flex flex-wrap items-start gap-2">
        <Button type="submit" variant="primary" busy={busy}>
          {entry === undefined ? 'Set it up' : 'Save'}
        </Button>
        {mayTest ? (
          <TestNow
            label="Send a test"
            busyLabel="Sending"
            test={() => runCommand('channels.test', { id: id === '' ? 'new' : id, ...setup() })}
            onFault={(error) => setFault(faultIn(error))}
          />
        ) : null}
        {draft.text === undefined ? null : (
          <Button variant="quiet" onClick={draft.drop}>
            Forget what I typed
          </Button>
        )}
        {entry === undefined ? null : (
          <Button variant="quiet" onClick={() => setLeaving(true)}>
            Remove
          </Button>
        )}
      </div>
      {entry === undefined ? null : (
        <Dialog
          open={isLeaving}
          onClose={() => setLeaving(false)}
          title={`Remove ${entry.name}?`}
          footer={
            <>
              <Button variant="quiet" onClick={() => setLeaving(false)}>
                Keep it
              </Button>
              <Button
                busy={busy}
                onClick={() =>
                  void send(
                    () => runCommand('channels.remove', { id: entry.id, version: entry.version }),
                    `${entry.name} is removed.`,
                  )
                }
              >
                Remove it and forget the secret
              </Button>
            </>
          }
        >
          <p>
            {entry.waiting + entry.asking === 0
              ? 'Nothing waits on it.'
              : `${entry.waiting + entry.asking} messages wait on it and will not go out.`}{' '}
            What was sent stays on record.
          </p>
        </Dialog>
      )}
    </form>
  )
}

function errorOf(error: string | undefined): { readonly error?: string } {
  return error === undefined ? {} : { error }
}

function Text({
  label,
  value,
  hint,
  example,
  error,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly hint?: string | undefined
  readonly example?: string | undefined
  readonly error: string | undefined
  readonly onChange: (value: string) => void
}): ReactNode {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })} {...errorOf(error)}>
      {(control) => (
        <Input
          {...control}
          value={value}
          placeholder={example}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
