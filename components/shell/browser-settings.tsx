'use client'

import type { ReactNode } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Kbd } from '@/components/ui/kbd'
import { Select } from '@/components/ui/select'
import { usePreference, writePreference } from './use-preference'

/** BrowserSettings are the choices of this browser alone: theme, times, keys. */
export function BrowserSettings(): ReactNode {
  const theme = usePreference('theme')
  const time = usePreference('time')
  const keys = usePreference('keys')
  return (
    <section aria-labelledby="browser-title" className="grid max-w-xl gap-6">
      <div>
        <h2 id="browser-title" className="text-16">
          This browser
        </h2>
        <p className="text-ink-2">Kept here and nowhere else; each takes effect at once.</p>
      </div>
      <Field label="Theme">
        {(control) => (
          <Select
            {...control}
            value={theme ?? ''}
            onChange={(event) => writePreference('theme', event.target.value || undefined)}
          >
            <option value="">As the system</option>
            <option value="dark">Dark</option>
            <option value="light">Light</option>
          </Select>
        )}
      </Field>
      <Field
        label="Times"
        hint={
          <>
            Both are always labelled. <Kbd>Z</Kbd> turns them anywhere.
          </>
        }
      >
        {(control) => (
          <Select
            {...control}
            value={time ?? ''}
            onChange={(event) => writePreference('time', event.target.value || undefined)}
          >
            <option value="">UTC first</option>
            <option value="local">Local first</option>
          </Select>
        )}
      </Field>
      <div className="grid gap-1">
        <Checkbox
          label="Single keys as shortcuts"
          checked={keys !== 'off'}
          onChange={(event) => writePreference('keys', event.target.checked ? undefined : 'off')}
        />
        <p className="text-12 text-ink-3">
          They rest while you type. Without them the palette still opens with Ctrl or ⌘ and K. <Kbd>?</Kbd>{' '}
          lists them.
        </p>
      </div>
    </section>
  )
}
