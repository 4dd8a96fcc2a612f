'use client'

import clsx from 'clsx'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { TextArea } from '@/components/ui/text-area'
import { type Around, chipAt, cutOf, facesIn, offeredFaces, placeOf } from '@/lib/comms/fact-text'
import { FactMirror } from './fact-mirror'
import { MoreFacts, TextFacts } from './text-facts'
import { caretOf, type TextField, writeInto } from './write-into'

/** FactText is a text that is typed freely: its facts show as chips in it, and under it with value and age. */
export function FactText({
  field,
  of,
  text,
  around,
  onText,
}: {
  readonly field: TextField
  /** of names whose text it is. */
  readonly of: string
  readonly text: string
  readonly around: Around
  readonly onText: (text: string) => void
}): ReactNode {
  const box = useRef<HTMLTextAreaElement>(null)
  const [caret, setCaret] = useState<number | undefined>(undefined)
  const aboutId = useId()
  const isLine = field === 'title'
  const word = isLine ? 'title' : 'text'
  const faces = facesIn(text, around)
  const current = caret === undefined ? undefined : chipAt(text, caret)

  function find(id: string): void {
    const place = placeOf(text, id, (caret ?? -1) + 1)
    if (place === undefined) return
    box.current?.focus()
    box.current?.setSelectionRange(place.from, place.to)
    setCaret(place.to)
  }

  function cut(id: string): void {
    const place = placeOf(text, id, caret ?? 0)
    if (place !== undefined && box.current !== null) writeInto(box.current, cutOf(text, place), '')
  }

  function insert(id: string): void {
    if (box.current === null) return
    const at = caretOf(box.current)
    writeInto(box.current, { from: at, to: at }, `{{${id}}}`)
  }

  return (
    <div className="grid gap-1.5">
      <div className="grid">
        <FactMirror text={text} faces={faces} current={current?.from} />
        <TextArea
          ref={box}
          aria-label={`${of}: ${word}`}
          aria-describedby={aboutId}
          data-audience={around.message.audience}
          data-field={field}
          data-caret={caret}
          rows={isLine ? 1 : 8}
          className={clsx(
            'relative resize-none overflow-hidden [grid-area:1/1]',
            isLine && 'pointer-coarse:min-h-11',
          )}
          value={text}
          onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
          onKeyDown={isLine ? staysOneLine : undefined}
          onChange={({ target }) => onText(isLine ? target.value.replace(/\s*\n\s*/g, ' ') : target.value)}
        />
      </div>
      <TextFacts
        id={aboutId}
        label={`${of}: facts in the ${word}`}
        faces={faces}
        current={current?.id}
        onFind={find}
        onCut={cut}
      />
      {isLine ? null : <MoreFacts faces={offeredFaces(text, around)} onInsert={insert} />}
    </div>
  )
}

function staysOneLine(event: KeyboardEvent): void {
  if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.preventDefault()
}
