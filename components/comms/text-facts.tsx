'use client'

import clsx from 'clsx'
import { type ReactNode, useState } from 'react'
import { CloseIcon } from '@/components/ui/icons'
import type { FactFace } from '@/lib/comms/fact-text'
import { FactButton } from './fact-button'
import { FACT_EDGES, FactWords } from './fact-words'

/** TextFacts are the facts that stand in a text, under it: a press goes to the place, another takes it out. */
export function TextFacts({
  id,
  label,
  faces,
  current,
  onFind,
  onCut,
}: {
  /** id is what the field names as its description. */
  readonly id: string
  readonly label: string
  readonly faces: readonly FactFace[]
  /** current is the fact that the caret stands in. */
  readonly current: string | undefined
  readonly onFind: (id: string) => void
  readonly onCut: (id: string) => void
}): ReactNode {
  return (
    <div className="grid gap-1 text-12">
      <p id={id} className="text-ink-2">
        {summaryOf(faces)}
      </p>
      {faces.length === 0 ? null : (
        <ul aria-label={label} className="flex flex-wrap gap-1.5">
          {faces.map((face) => (
            <li
              key={face.id}
              aria-current={face.id === current || undefined}
              className={clsx(
                'inline-flex max-w-full items-stretch rounded-full border aria-[current]:bg-raise',
                FACT_EDGES[face.state],
              )}
            >
              <button
                type="button"
                title={`${face.source}. Press to go to its place.`}
                onClick={() => onFind(face.id)}
                className="inline-flex h-6 min-w-0 items-center gap-1.5 rounded-full pr-1 pl-2 pointer-coarse:min-h-11"
              >
                <FactWords face={face} />
              </button>
              <button
                type="button"
                aria-label={`Take “${face.label}” out of it`}
                onClick={() => onCut(face.id)}
                className="inline-flex w-6 items-center justify-center rounded-full pointer-coarse:min-w-11"
              >
                <CloseIcon className="size-3" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function summaryOf(faces: readonly FactFace[]): string {
  if (faces.length === 0) return 'No facts in it.'
  const count = (...states: readonly FactFace['state'][]): number =>
    faces.filter(({ state }) => states.includes(state)).length
  const faults = [
    [count('stale'), 'too old'],
    [count('unknown'), 'unknown'],
    [count('internal'), 'not for customers'],
    [count('nameless'), 'that nobody knows by name'],
  ] as const
  const said = faults.filter(([many]) => many > 0).map(([many, words]) => `${many} ${words}`)
  const all = faces.length === 1 ? '1 fact in it' : `${faces.length} facts in it`
  return said.length === 0 ? `${all}.` : `${all}: ${said.join(', ')}.`
}

/** MoreFacts are the facts that can still be put into a text, made only when they are asked for. */
export function MoreFacts({
  faces,
  onInsert,
}: {
  readonly faces: readonly FactFace[]
  readonly onInsert: (id: string) => void
}): ReactNode {
  const [isOpen, setOpen] = useState(false)
  if (faces.length === 0) return null
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer text-12 text-ink-2">Put in another fact</summary>
      {isOpen ? (
        <ul className="flex flex-wrap items-center gap-1.5 pt-2">
          {faces.map((face) => (
            <li key={face.id}>
              <FactButton face={face} onPress={() => onInsert(face.id)} />
            </li>
          ))}
        </ul>
      ) : null}
    </details>
  )
}
