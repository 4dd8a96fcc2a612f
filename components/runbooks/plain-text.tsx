import type { ReactNode } from 'react'
import { linesOf } from '@/lib/runbooks/line-diff'
import type { RunbookProblem } from '@/lib/runbooks/parse'

/** PlainText is a text with line numbers; lines with a fault are marked and say it. */
export function PlainText({
  text,
  label,
  problems,
}: {
  readonly text: string
  readonly label: string
  readonly problems: readonly RunbookProblem[]
}): ReactNode {
  const faults = new Map(problems.map((it) => [it.line, it.reason]))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section tabIndex={0} aria-label={`The text of ${label}`} className="overflow-x-auto border">
      <ol className="min-w-max py-2 font-mono text-12 [word-spacing:0]">
        {linesOf(text).map((line, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            key={index}
            className={
              faults.has(index + 1)
                ? 'grid grid-cols-[3.5rem_auto] bg-breach-tint'
                : 'grid grid-cols-[3.5rem_auto]'
            }
            title={faults.get(index + 1)}
          >
            <span className="pr-3 text-right text-ink-3 select-none" aria-hidden="true">
              {index + 1}
            </span>
            <span className="pr-4 whitespace-pre">{line === '' ? ' ' : line}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
