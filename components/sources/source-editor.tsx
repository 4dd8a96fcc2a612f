'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { TestNow } from '@/components/state/test-now'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { SecretField } from '@/components/ui/secret-field'
import { toast } from '@/components/ui/toast-store'
import { type Fault, faultIn } from '@/lib/client/problem-text'
import type { SourceEntry } from './source-entry'
import { SourceFields } from './source-fields'
import { formOf, SOURCE_FIELDS, type SourceForm, settingsOf } from './source-form'

/** SourceEditor connects, changes, tests and disconnects one source; a secret is written here and never read back. */
export function SourceEditor({
  entry,
  mayTest,
}: {
  readonly entry: SourceEntry
  readonly mayTest: boolean
}): ReactNode {
  const client = useQueryClient()
  const draft = useDraft(`source:${entry.id}`)
  const [secret, setSecret] = useState('')
  const [fault, setFault] = useState<Fault | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const form = (draft.text === undefined ? undefined : (JSON.parse(draft.text) as SourceForm)) ?? stored()

  function stored(): SourceForm {
    return formOf(entry.id, entry.settings)
  }

  async function send(settings: Record<string, unknown> | null, done: string): Promise<void> {
    setBusy(true)
    setFault(undefined)
    try {
      await runCommand('sources.configure', {
        id: entry.id,
        settings,
        version: entry.version,
        ...(secret === '' || settings === null ? {} : { secret }),
      })
      draft.drop()
      setSecret('')
      toast({ tone: 'done', text: done })
      await client.invalidateQueries({ queryKey: ['sources.list'] })
    } catch (error) {
      setFault(faultIn(error))
    } finally {
      setBusy(false)
      setLeaving(false)
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    void send(settingsOf(entry.id, form), `${entry.title} is connected; its first reading follows.`)
  }

  return (
    <form onSubmit={submit} className="grid max-w-3xl gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <SourceFields
          fields={SOURCE_FIELDS[entry.id]}
          form={form}
          issues={fault?.issues ?? []}
          onChange={(path, value) => draft.keep(JSON.stringify({ ...form, [path]: value }))}
        />
        {entry.secret === undefined ? null : (
          <SecretField label={entry.secret} isHeld={entry.hasSecret} value={secret} onChange={setSecret} />
        )}
      </div>
      {fault === undefined ? null : (
        <p role="alert" className="text-breach">
          {fault.sentence}
        </p>
      )}
      <div className="flex flex-wrap items-start gap-2">
        <Button type="submit" variant="primary" busy={busy}>
          {entry.connected ? 'Save' : 'Connect'}
        </Button>
        {mayTest ? (
          <TestNow
            label="Test now"
            busyLabel="Testing"
            test={() =>
              runCommand('sources.test', {
                id: entry.id,
                settings: settingsOf(entry.id, form),
                ...(secret === '' ? {} : { secret }),
              })
            }
            onFault={(error) => setFault(faultIn(error))}
          />
        ) : null}
        {draft.text === undefined ? null : (
          <Button variant="quiet" onClick={draft.drop}>
            Forget what I typed
          </Button>
        )}
        {entry.connected ? (
          <Button variant="quiet" onClick={() => setLeaving(true)}>
            Disconnect
          </Button>
        ) : null}
      </div>
      <Dialog
        open={isLeaving}
        onClose={() => setLeaving(false)}
        title={`Disconnect ${entry.title}?`}
        footer={
          <>
            <Button variant="quiet" onClick={() => setLeaving(false)}>
              Keep it
            </Button>
            <Button
              busy={busy}
              onClick={() => void send(null, `${entry.title} is disconnected; what it told is now unknown.`)}
            >
              Disconnect and forget the secret
            </Button>
          </>
        }
      >
        <p>
          {entry.gives} All of this turns unknown at once. To connect it again you will need its address and
          its secret.
        </p>
      </Dialog>
    </form>
  )
}
