'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { AddIcon, CloseIcon } from '@/components/ui/icons'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { ServiceEntry } from './source-form'

const KINDS = ['integration', 'app', 'llama', 'whisper', 'vllm', 'minio', 'http'] as const

/** ServicesEditor edits the list of probed endpoints, one row each. */
export function ServicesEditor({
  entries,
  onChange,
  fault,
}: {
  readonly entries: readonly ServiceEntry[]
  readonly onChange: (entries: readonly ServiceEntry[]) => void
  readonly fault: string | undefined
}): ReactNode {
  function change(index: number, part: Partial<ServiceEntry>): void {
    onChange(entries.map((entry, at) => (at === index ? { ...entry, ...part } : entry)))
  }
  return (
    <fieldset className="grid gap-2">
      <legend className="text-12 font-medium text-ink-2">Health endpoints</legend>
      {entries.map((entry, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity while they are typed
          key={index}
          className="grid gap-2 border-t pt-2 sm:grid-cols-[8rem_9rem_7rem_minmax(0,1fr)_auto]"
        >
          <Input
            aria-label={`Endpoint ${index + 1}: id`}
            placeholder="id"
            value={entry.id}
            onChange={(event) => change(index, { id: event.target.value })}
          />
          <Input
            aria-label={`Endpoint ${index + 1}: name`}
            placeholder="Name"
            value={entry.name}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <Select
            aria-label={`Endpoint ${index + 1}: kind`}
            value={entry.kind}
            onChange={(event) => change(index, { kind: event.target.value })}
          >
            {KINDS.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </Select>
          <Input
            aria-label={`Endpoint ${index + 1}: address`}
            placeholder="https://…/health"
            value={entry.url}
            onChange={(event) => change(index, { url: event.target.value })}
          />
          <IconButton
            label={`Take out ${entry.name || `endpoint ${index + 1}`}`}
            onClick={() => onChange(entries.filter((_, at) => at !== index))}
          >
            <CloseIcon />
          </IconButton>
        </div>
      ))}
      {fault === undefined ? null : (
        <p role="alert" className="text-12 text-breach">
          {fault}
        </p>
      )}
      <Button
        size="small"
        className="justify-self-start"
        onClick={() => onChange([...entries, { id: '', name: '', kind: 'http', url: '' }])}
      >
        <AddIcon className="size-3" />
        Add an endpoint
      </Button>
    </fieldset>
  )
}
