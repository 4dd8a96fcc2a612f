'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toast-store'
import { queryOf } from '@/lib/client/api'
import type { PostmortemRecord } from '@/lib/postmortems/model'
import { insertText } from './editor-field'
import { evidenceOf, matching } from './evidence'

const SHOWN = 30

/** EvidenceTray offers what the record holds: a press puts it at the caret, or it is dragged into a text. */
export function EvidenceTray({
  number,
  record: shown,
}: {
  readonly number: number
  /** record holds the rows that decided the course; every other row is asked for when something is looked for. */
  readonly record: PostmortemRecord
}): ReactNode {
  const [wanted, look] = useState('')
  const whole = useQuery({
    ...queryOf('postmortems.one', { number, rows: 'all' }),
    enabled: wanted !== '',
    staleTime: 60_000,
  })
  const record = (whole.data?.record as PostmortemRecord | undefined) ?? shown
  const all = useMemo(() => evidenceOf(record), [record])
  const found = matching(all, useDeferredValue(wanted))
  return (
    <Panel title="Evidence tray" aside="press, or drag into the text">
      <Field label="Find evidence">
        {(control) => (
          <Input
            {...control}
            type="search"
            value={wanted}
            placeholder="gpu, 02:14, figure…"
            onChange={(event) => look(event.target.value)}
          />
        )}
      </Field>
      <ul aria-label="Evidence" className="max-h-80 overflow-y-auto">
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.id} className="border-b">
            <button
              type="button"
              draggable
              title={one.insert}
              className="w-full py-1.5 text-left text-12 break-words hover:bg-raise"
              onDragStart={(event) => event.dataTransfer.setData('text/plain', one.insert)}
              onClick={() => {
                if (!insertText(one.insert))
                  toast({ tone: 'done', text: 'Open a section first: it goes to the caret.' })
              }}
            >
              <span className="text-ink-3">{one.kind} </span>
              {one.words}
            </button>
          </li>
        ))}
      </ul>
      <p className="pt-1 text-12 text-ink-3" aria-live="polite">
        {found.length === 0
          ? 'The record holds nothing like it.'
          : found.length > SHOWN
            ? `${SHOWN} of ${found.length}: say more to find the rest.`
            : `${found.length} in the record.`}
      </p>
    </Panel>
  )
}
