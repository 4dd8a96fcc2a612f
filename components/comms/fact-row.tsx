'use client'

import type { ReactNode } from 'react'
import { type ControlProps, Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { factFace } from '@/lib/comms/fact-text'
import type { Fact } from '@/lib/comms/model'
import { SAID, type SaidId, type Situation } from '@/lib/publications/situation'
import { FactButton } from './fact-button'
import type { Kept } from './types'

const DATA_LOSS = ['No data was lost', 'Some data was lost', 'We are still checking whether data was lost']

/** They say something only once it is over. */
const ENDS = new Set(['resolved_at', 'duration'])

/** FactRow shows the facts that texts can be made of, each with its value and age; a press puts one into the text. */
export function FactRow({
  situation,
  nowMs,
  used,
  isOver,
  kept,
  pick,
  onInsert,
}: {
  readonly situation: Situation
  readonly nowMs: number
  /** used are the facts that the texts name now: they stand first. */
  readonly used: ReadonlySet<string>
  /** isOver tells that the texts say resolved. */
  readonly isOver: boolean
  readonly kept: Kept
  readonly pick: (change: Partial<Kept>) => void
  readonly onInsert: (id: string) => void
}): ReactNode {
  const shown = Object.values(situation.facts).filter(({ id }) => isOver || !ENDS.has(id))
  const named = shown.filter(({ id }) => used.has(id))
  const others = shown.filter(({ id }) => !used.has(id))
  const button = (fact: Fact): ReactNode => (
    <FactButton
      face={factFace(fact, nowMs)}
      hint={fact.isPublic ? '' : ', not for customers'}
      onPress={() => onInsert(fact.id)}
    />
  )
  return (
    <section aria-label="Facts" className="grid gap-2 border-t px-4 py-2.5 md:px-6">
      <ul className="flex flex-wrap items-center gap-1.5">
        <li className="pr-1 text-12 text-ink-2">Facts</li>
        {named.map((fact) => (
          <li key={fact.id}>{button(fact)}</li>
        ))}
      </ul>
      <details>
        <summary className="cursor-pointer text-12 text-ink-2">{others.length} more facts</summary>
        <ul className="flex flex-wrap items-center gap-1.5 pt-2">
          {others.map((fact) => (
            <li key={fact.id}>{button(fact)}</li>
          ))}
        </ul>
      </details>
      <details>
        <summary className="cursor-pointer text-12 text-ink-2">Say what no probe knows</summary>
        <div className="grid gap-2 pt-2 sm:grid-cols-2 xl:grid-cols-3">
          {(Object.keys(SAID) as SaidId[]).map((id) => (
            <Field key={id} label={SAID[id]}>
              {(control) => <Told id={id} kept={kept} pick={pick} control={control} />}
            </Field>
          ))}
        </div>
      </details>
    </section>
  )
}

function Told({
  id,
  kept,
  pick,
  control,
}: {
  readonly id: SaidId
  readonly kept: Kept
  readonly pick: (change: Partial<Kept>) => void
  readonly control: ControlProps
}): ReactNode {
  const value = kept.said?.[id] ?? ''
  const keep = (next: string): void => pick({ said: { ...kept.said, [id]: next } })
  if (id !== 'data_loss')
    return (
      <Input
        {...control}
        value={value}
        maxLength={300}
        autoComplete="off"
        onChange={(event) => keep(event.target.value)}
      />
    )
  return (
    <Select {...control} value={value} onChange={(event) => keep(event.target.value)}>
      <option value="">Nobody has said</option>
      {DATA_LOSS.map((text) => (
        <option key={text}>{text}</option>
      ))}
    </Select>
  )
}
