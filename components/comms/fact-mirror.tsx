import clsx from 'clsx'
import type { ReactNode } from 'react'
import { type FactFace, type FactState, segmentsOf } from '@/lib/comms/fact-text'

const PAINT: Readonly<Record<FactState, string>> = {
  fresh: 'bg-raise outline-line-2',
  chosen: 'bg-raise outline-line-2',
  stale: 'bg-stale-tint outline-stale outline-dotted',
  unknown: 'bg-unknown-tint outline-unknown outline-dashed',
  internal: 'bg-breach-tint outline-breach outline-dashed',
  nameless: 'bg-breach-tint outline-breach outline-dashed',
}

/**
 * FactMirror paints the facts of a text as chips behind its field: the same letters in the same box, unseen, so that every
 * line breaks alike and the field grows with them. Outlines take no room.
 */
export function FactMirror({
  text,
  faces,
  current,
}: {
  readonly text: string
  readonly faces: readonly FactFace[]
  /** current is where the chip begins that the caret stands in. */
  readonly current: number | undefined
}): ReactNode {
  const states = new Map(faces.map(({ id, state }) => [id, state]))
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none rounded-2 border border-transparent px-2.5 py-1.5 text-13 break-words whitespace-pre-wrap text-transparent select-none [forced-color-adjust:none] [grid-area:1/1] [text-rendering:auto]"
    >
      {segmentsOf(text).map(({ id, from, text: part }) =>
        id === null ? (
          <span key={from}>{part}</span>
        ) : (
          <span
            key={from}
            className={clsx(
              'rounded-1 box-decoration-clone',
              from === current ? 'outline-2' : 'outline-1',
              PAINT[states.get(id) ?? 'nameless'],
            )}
          >
            {part}
          </span>
        ),
      )}
      {/* The line that a last line break opens has a height of its own. */}
      {text === '' || text.endsWith('\n') ? '\u200b' : null}
    </div>
  )
}
