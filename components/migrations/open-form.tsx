'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { FLAG_KEY } from '@/lib/flags/model'
import { useMigrationCommand } from './use-migration-command'

/** What each kind usually asks for, as the policy ships it; a migration shows the numbers it began under. */
const KINDS = [
  ['fresh', 'Fresh install', 'low complexity, days, low risk'],
  ['competitor', 'From a competitor', 'medium complexity, weeks, medium risk'],
  ['major-version', 'Major version', 'medium complexity, weeks, medium risk'],
  ['re-platform', 'Full re-platform', 'high complexity, months, high risk'],
] as const

type Kind = (typeof KINDS)[number][0]

/** OpenForm opens a migration: what kind, from where to where, and the name of its flag. */
export function OpenForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const router = useRouter()
  const { busy, send } = useMigrationCommand()
  const [kind, setKind] = useState<Kind>('competitor')
  const [title, setTitle] = useState('')
  const [fromProvider, setFrom] = useState('')
  const [toProvider, setTo] = useState('')
  const [flagKey, setFlag] = useState('')
  const [isRehearsal, setRehearsal] = useState(false)
  const missing =
    title.trim().length < 3
      ? 'name it'
      : fromProvider.trim() === '' || toProvider.trim() === ''
        ? 'say from where to where'
        : FLAG_KEY.test(flagKey)
          ? undefined
          : 'name its flag'
  async function open(): Promise<void> {
    const made = await send('migrations.create', {
      kind,
      title,
      fromProvider,
      toProvider,
      flagKey,
      isRehearsal,
    })
    if (!made) return
    onClose()
    router.push(`/migrations/${made.number}`)
  }
  return (
    <form
      aria-label="Open a migration"
      className="grid grid-cols-1 gap-3 border bg-sunk p-3 md:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (missing === undefined) void open()
      }}
    >
      <Field label="What moves">
        {(control) => <Input {...control} value={title} onChange={(event) => setTitle(event.target.value)} />}
      </Field>
      <Field label="Kind" hint={KINDS.find(([id]) => id === kind)?.[2]}>
        {(control) => (
          <Select
            {...control}
            value={kind}
            onChange={(event) =>
              setKind(KINDS.find(([id]) => id === event.target.value)?.[0] ?? 'competitor')
            }
          >
            {KINDS.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="From">
        {(control) => (
          <Input {...control} value={fromProvider} onChange={(event) => setFrom(event.target.value)} />
        )}
      </Field>
      <Field label="To">
        {(control) => (
          <Input {...control} value={toProvider} onChange={(event) => setTo(event.target.value)} />
        )}
      </Field>
      <Field label="Name of its flag" hint="Small letters, digits, dots, dashes. Your code asks for it.">
        {(control) => (
          <Input {...control} value={flagKey} onChange={(event) => setFlag(event.target.value)} />
        )}
      </Field>
      <div className="grid content-start gap-1">
        <Checkbox
          label="This is a rehearsal"
          checked={isRehearsal}
          onChange={(event) => setRehearsal(event.target.checked)}
        />
        <p className="text-12 text-ink-3">Every check stays; nothing has to be held for hours or days.</p>
      </div>
      <div className="flex flex-wrap gap-2 md:col-span-2">
        <Button type="submit" variant="primary" busy={busy} waitsFor={missing}>
          Open
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  )
}
