'use client'

import clsx from 'clsx'
import { type ReactNode, useMemo, useState } from 'react'
import { countsOf, type DiffLine, diffLines, foldSame } from '@/lib/runbooks/line-diff'

const SIGNS: Readonly<Record<DiffLine['kind'], string>> = { same: ' ', gone: '−', new: '+' }
const WORDS: Readonly<Record<DiffLine['kind'], string>> = { same: '', gone: 'Removed: ', new: 'Added: ' }

/** DiffView compares two texts line by line; equal lines far from a change are left out until asked for. */
export function DiffView({
  left,
  right,
  label,
}: {
  readonly left: string
  readonly right: string
  /** label says what is compared with what. */
  readonly label: string
}): ReactNode {
  const [whole, setWhole] = useState(false)
  const lines = useMemo(() => diffLines(left, right), [left, right])
  const { added, removed } = countsOf(lines)
  if (added + removed === 0) return <p className="text-ink-2">{label}: both say the same.</p>
  const parts = foldSame(lines, whole ? lines.length : 3)
  return (
    <figure className="grid min-w-0 gap-2">
      <figcaption className="flex flex-wrap items-baseline gap-x-3 text-12 text-ink-2">
        <span>{label}</span>
        <span className="font-mono">
          +{added} −{removed}
        </span>
        <button type="button" className="link" aria-pressed={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Only what changed' : 'The whole text'}
        </button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label} className="max-h-[34rem] overflow-auto border">
        <ol className="min-w-max font-mono text-12 [word-spacing:0]">
          {parts.map((part) =>
            part.kind === 'left-out' ? (
              <li key={`out-${part.from}`} className="bg-sunk px-4 py-0.5 text-ink-3">
                {part.count} equal {part.count === 1 ? 'line' : 'lines'}
              </li>
            ) : (
              part.lines.map((line) => <Line key={keyOf(line)} line={line} />)
            ),
          )}
        </ol>
      </section>
    </figure>
  )
}

function keyOf(line: DiffLine): string {
  return `${line.kind} ${'left' in line ? line.left : ''} ${'right' in line ? line.right : ''}`
}

function Line({ line }: { readonly line: DiffLine }): ReactNode {
  return (
    <li
      className={clsx(
        'grid grid-cols-[3rem_3rem_1.25rem_auto]',
        line.kind === 'gone' && 'bg-breach-tint',
        line.kind === 'new' && 'bg-ok-tint',
      )}
    >
      <LineNumber at={'left' in line ? line.left : undefined} />
      <LineNumber at={'right' in line ? line.right : undefined} />
      <span aria-hidden="true" className="text-center select-none">
        {SIGNS[line.kind]}
      </span>
      <span className="pr-4 whitespace-pre">
        <span className="sr-only">{WORDS[line.kind]}</span>
        {line.text === '' ? ' ' : line.text}
      </span>
    </li>
  )
}

function LineNumber({ at }: { readonly at: number | undefined }): ReactNode {
  return (
    <span className="pr-2 text-right text-ink-3 select-none" aria-hidden="true">
      {at ?? ''}
    </span>
  )
}
