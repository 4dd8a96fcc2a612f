'use client'

import { type ReactNode, useState } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { DialogFoot } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import type { BoardData } from './types'
import { useDeploymentCommand } from './use-deployment-command'

/** PlanForm asks for a deployment; what is wrong with it is said here, before anybody is asked to approve. */
export function PlanForm({
  services,
  onClose,
  onPlanned,
}: {
  readonly services: BoardData['services']
  readonly onClose: () => void
  readonly onPlanned: (number: number) => void
}): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const [service, setService] = useState(services[0]?.id ?? '')
  const [environment, setEnvironment] = useState<'staging' | 'production'>('production')
  const [tag, setTag] = useState('')
  const [back, setBack] = useState({ tag: '', digest: '' })
  const [notes, setNotes] = useState('')
  const [link, setLink] = useState('')
  const [keepWarm, setKeepWarm] = useState(false)
  const [isDraft, setDraft] = useState(false)
  async function plan(): Promise<void> {
    // Half of it is sent as well: what is missing is then said, and nothing that was typed is dropped.
    const isBack = back.tag !== '' || back.digest !== ''
    const made = await send('deployments.plan', {
      service,
      environment,
      tag,
      notes,
      link,
      keepWarm,
      isDraft,
      ...(isBack ? { baseline: back } : {}),
    })
    if (made) onPlanned(made.number)
  }
  return (
    <Dialog open onClose={onClose} title="Plan a deployment">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void plan()
        }}
      >
        <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
          <Field label="Service">
            {(control) => (
              <Select {...control} value={service} onChange={(event) => setService(event.target.value)}>
                {services.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Environment">
            {(control) => (
              <Select
                {...control}
                value={environment}
                onChange={(event) =>
                  setEnvironment(event.target.value === 'staging' ? 'staging' : 'production')
                }
              >
                <option value="production">production</option>
                <option value="staging">staging</option>
              </Select>
            )}
          </Field>
        </div>
        <Field label="Version" hint="The tag of the image; its digest is asked of the registry.">
          {(control) => (
            <Input
              {...control}
              value={tag}
              placeholder="1.43.0"
              onChange={(event) => setTag(event.target.value)}
            />
          )}
        </Field>
        <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
          <Field label="Version that runs now" hint="Only where none was deployed from here.">
            {(control) => (
              <Input
                {...control}
                value={back.tag}
                onChange={(event) => setBack({ ...back, tag: event.target.value })}
              />
            )}
          </Field>
          <Field label="Its digest">
            {(control) => (
              <Input
                {...control}
                value={back.digest}
                placeholder="sha256:…"
                onChange={(event) => setBack({ ...back, digest: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Field label="Notes" hint="What changes, for whoever approves.">
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              value={notes}
              onChange={(event) => setNotes(event.target.value)}
            />
          )}
        </Field>
        <Field label="Link to the change">
          {(control) => (
            <Input
              {...control}
              inputMode="url"
              value={link}
              onChange={(event) => setLink(event.target.value)}
            />
          )}
        </Field>
        <Checkbox
          label="Keep the old version warm until the bake ends"
          checked={keepWarm}
          onChange={(event) => setKeepWarm(event.target.checked)}
        />
        <Checkbox
          label="Only a draft for now"
          checked={isDraft}
          onChange={(event) => setDraft(event.target.checked)}
        />
        <DialogFoot
          problem={problem}
          busy={busy}
          deed={isDraft ? 'Keep the draft' : 'Ask for approval'}
          waitsFor={tag === '' ? 'waits for a version' : undefined}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
