'use client'

import { type ReactNode, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateMark } from '@/components/ui/state-mark'
import { NEXT_FIELD, takeFocus } from './in-hand'
import type { ItemData } from './types'

export type Deed = 'tick' | 'skip' | 'untick'
export type Act = (item: string, deed: Deed, note: string) => void

/** Marks says who ticked or skipped an item, when, and what they noted. */
export function Marks({ item }: { readonly item: ItemData }): ReactNode {
  if (item.marks.length === 0 && !item.isWaiting) return null
  return (
    <span className="flex flex-wrap gap-x-3 text-12 text-ink-3">
      {item.marks.map((mark) => (
        <span key={`${mark.byId} ${mark.kind}`}>
          {mark.kind === 'skip' ? 'skipped by ' : ''}@{mark.by} <Instant at={mark.atMs / 1000} />
          {mark.note === '' ? '' : ` · ${mark.note}`}
        </span>
      ))}
      {item.isWaiting ? <span className="text-warn">waiting to be sent</span> : null}
    </span>
  )
}

/** SettledItem is an item that was ticked or skipped: one line, with the way back. */
export function SettledItem({
  item,
  act,
}: {
  readonly item: ItemData
  readonly act: Act | undefined
}): ReactNode {
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] items-baseline gap-x-2 border-t py-1.5">
      <StateMark mark={item.state === 'done' ? 'clear' : 'false'} className="size-3 self-center" />
      <span className="min-w-0">
        <span className="text-ink-2">{item.text}</span>
        <Marks item={item} />
      </span>
      {act === undefined ? null : (
        <Button
          size="small"
          variant="quiet"
          aria-label={`Take back: ${item.text}`}
          onClick={() => act(item.id, 'untick', '')}
        >
          Take back
        </Button>
      )}
    </li>
  )
}

/** ItemButtons ticks an item, or asks for a note first; skipping asks why. */
export function ItemButtons({
  item,
  act,
  isNext,
}: {
  readonly item: ItemData
  readonly act: Act
  readonly isNext: boolean
}): ReactNode {
  const [note, setNote] = useState<string | undefined>(undefined)
  const settle = (deed: Deed) => () => {
    act(item.id, deed, note?.trim() ?? '')
    setNote(undefined)
  }
  if (note === undefined)
    return (
      <span className="flex flex-wrap gap-2 max-md:col-start-2">
        <Button
          size="small"
          variant={isNext ? 'primary' : 'plain'}
          {...(isNext ? { id: NEXT_FIELD, ref: (field) => takeFocus(item.id, field) } : {})}
          aria-label={`Done: ${item.text}`}
          onClick={settle('tick')}
        >
          Done
        </Button>
        <Button
          size="small"
          variant="quiet"
          aria-label={`Note or skip: ${item.text}`}
          onClick={() => setNote('')}
        >
          Note or skip
        </Button>
      </span>
    )
  const isShort = note.trim().length < 3
  return (
    <form
      className="col-[2/-1] grid gap-2 pt-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isShort) settle('tick')()
      }}
    >
      <Field label="Note, or why it is skipped">
        {(control) => (
          <Input
            {...control}
            autoFocus
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setNote(undefined)
            }}
          />
        )}
      </Field>
      <span className="flex flex-wrap gap-2">
        <Button type="submit" size="small" {...(isShort ? { waitsFor: 'a few words' } : {})}>
          Done, with this note
        </Button>
        <Button size="small" onClick={settle('skip')} {...(isShort ? { waitsFor: 'a reason' } : {})}>
          Skip for this reason
        </Button>
        <Button size="small" variant="quiet" onClick={() => setNote(undefined)}>
          Cancel
        </Button>
      </span>
    </form>
  )
}
