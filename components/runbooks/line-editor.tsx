'use client'

import clsx from 'clsx'
import { type KeyboardEvent, type ReactNode, type RefObject, useMemo, useRef } from 'react'
import type { Finding } from './types'

const LINE_PX = 20

/** goToLine puts the caret at the beginning of a line (from 1) and brings it into sight. */
export function goToLine(area: HTMLTextAreaElement, line: number): void {
  const before = area.value.split('\n').slice(0, line - 1)
  const at = before.reduce((sum, one) => sum + one.length + 1, 0)
  area.focus()
  area.setSelectionRange(at, at)
  area.scrollTop = Math.max(0, (line - 6) * LINE_PX)
  area.scrollLeft = 0
}

/**
 * LineEditor is a plain text area with line numbers; lines with a finding are marked. Enter keeps the indent; Tab leaves
 * the field, as everywhere.
 */
export function LineEditor({
  area,
  label,
  value,
  findings,
  describedBy,
  onChange,
}: {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly label: string
  readonly value: string
  readonly findings: readonly Finding[]
  readonly describedBy: string
  readonly onChange: (text: string) => void
}): ReactNode {
  const gutter = useRef<HTMLDivElement>(null)
  const lit = useRef<HTMLDivElement>(null)
  const grades = useMemo(() => {
    const found = new Map<number, Finding['grade']>()
    for (const { line, grade } of findings) if (found.get(line) !== 'fault') found.set(line, grade)
    return found
  }, [findings])
  const rows = useMemo(() => value.split('\n').map((_, at) => at + 1), [value])
  function follow(): void {
    const top = area.current?.scrollTop ?? 0
    if (gutter.current) gutter.current.scrollTop = top
    if (lit.current) lit.current.scrollTop = top
  }
  return (
    <div className="relative flex h-[min(70dvh,44rem)] min-h-72 border border-edge focus-within:border-accent">
      <div
        ref={gutter}
        aria-hidden="true"
        className="w-12 shrink-0 overflow-hidden border-r bg-sunk py-2 text-right font-mono text-12 leading-5 text-ink-3 select-none"
      >
        {rows.map((row) => (
          <div
            key={row}
            className={clsx(
              'h-5 pr-2',
              grades.get(row) === 'fault' && 'bg-breach-tint font-semibold text-breach',
              grades.get(row) === 'gap' && 'bg-warn-tint font-semibold text-warn',
            )}
          >
            {grades.get(row) === 'fault' ? '! ' : grades.get(row) === 'gap' ? '? ' : ''}
            {row}
          </div>
        ))}
        <div className="h-10" />
      </div>
      <div className="relative min-w-0 flex-1">
        <div
          ref={lit}
          aria-hidden="true"
          className="pointer-events-none absolute inset-0 overflow-hidden py-2"
        >
          {rows.map((row) => (
            <div
              key={row}
              className={clsx(
                'h-5',
                grades.get(row) === 'fault' && 'bg-breach-tint',
                grades.get(row) === 'gap' && 'bg-warn-tint',
              )}
            />
          ))}
          <div className="h-10" />
        </div>
        <textarea
          ref={area}
          aria-label={label}
          aria-describedby={describedBy}
          aria-invalid={findings.some(({ grade }) => grade === 'fault') || undefined}
          value={value}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          className="absolute inset-0 size-full resize-none overflow-auto bg-transparent px-3 py-2 font-mono text-12 leading-5 whitespace-pre outline-none [word-spacing:0]"
          onChange={(event) => onChange(event.target.value)}
          onScroll={follow}
          onKeyDown={keepIndent}
        />
      </div>
    </div>
  )
}

function keepIndent(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return
  const { value, selectionStart } = event.currentTarget
  const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart)
  const indent = /^ */.exec(line)?.[0] ?? ''
  if (indent === '') return
  event.preventDefault()
  // The browser's own command keeps undo working.
  document.execCommand('insertText', false, `\n${indent}`)
}
