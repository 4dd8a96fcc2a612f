import type { ReactNode } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import type { View } from './types'

type Line = NonNullable<View['gate']>['lines'][number]

const RESULTS: Readonly<
  Record<Line['result'], { readonly word: string; readonly mark: 'clear' | 'warning' | 'breach' | 'unknown' }>
> = {
  pass: { word: 'Pass', mark: 'clear' },
  hold: { word: 'Waits', mark: 'warning' },
  marginal: { word: 'Marginal', mark: 'warning' },
  breach: { word: 'Breach', mark: 'breach' },
  unknown: { word: 'Unknown', mark: 'unknown' },
}

/** GateTable is every condition at the end of the step with what is seen now; nothing unread ever passes. */
export function GateTable({ view }: { readonly view: View }): ReactNode {
  const { gate } = view
  return (
    <section aria-label="Gate" className="grid min-w-0 grid-cols-1 content-start">
      <h2 className="flex flex-wrap justify-between gap-x-4 pb-2 text-13 font-medium">
        {gate?.title ?? 'The target'}
        <span className="font-normal text-ink-3">
          {view.look.isKnown ? view.look.words : `not known: ${view.look.words}`}
        </span>
      </h2>
      {gate === null ? null : (
        <div className="overflow-x-auto">
          <table className="w-full text-13">
            <tbody className="divide-y divide-line border-y border-line">
              {gate.lines.map((line) => (
                <tr key={`${line.rule}-${line.name}`}>
                  <th scope="row" className="py-1.5 pr-3 text-left font-normal">
                    {line.name}
                  </th>
                  <td className="py-1.5 pr-3 text-right font-mono text-12 break-words">{line.seen}</td>
                  <td className="py-1.5 pr-3 text-right font-mono text-12 text-ink-3">{line.wanted}</td>
                  <td className="py-1.5">
                    <span className="flex items-center gap-1.5">
                      <StateMark mark={RESULTS[line.result].mark} /> {RESULTS[line.result].word}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
