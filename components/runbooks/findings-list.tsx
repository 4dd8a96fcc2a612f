import type { ReactNode } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import type { Finding } from './types'

/** FindingsList names faults and gaps with their lines; those of this text lead to their line. */
export function FindingsList({
  findings,
  path,
  onGo,
}: {
  readonly findings: readonly Finding[]
  readonly path: string
  readonly onGo?: ((line: number) => void) | undefined
}): ReactNode {
  return (
    <ul className="grid">
      {findings.map((it) => (
        <li
          key={`${it.file}:${it.line}:${it.column}:${it.reason}`}
          className="grid grid-cols-[0.75rem_minmax(0,1fr)] gap-x-2 border-t py-1.5"
        >
          <StateMark mark={it.grade === 'fault' ? 'breach' : 'warning'} className="mt-1 size-3" />
          <span className="text-pretty">
            {it.file === path && onGo !== undefined ? (
              <button type="button" className="link font-mono text-12" onClick={() => onGo(it.line)}>
                line {it.line}
              </button>
            ) : (
              <code className="font-mono text-12">
                {it.file === path ? 'line' : `${it.file}:`}
                {it.file === path ? ' ' : ''}
                {it.line}
              </code>
            )}{' '}
            {it.reason}
            <span className="text-12 text-ink-3">
              {it.grade === 'fault' ? ' · keeps it from counting' : ' · may stand, the check refuses it'}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}
