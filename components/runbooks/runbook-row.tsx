import type { ReactNode } from 'react'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { StateOf } from './state-of'
import type { ListData } from './types'

/** RunbookRow is one runbook in the list: title, what it holds, how it stands, where it comes from, and its faults. */
export function RunbookRow({ file }: { readonly file: ListData['files'][number] }): ReactNode {
  return (
    <li className="border-t">
      <Link
        href={`/runbooks/${file.slug}`}
        data-runbook-row
        className="grid items-baseline gap-x-4 gap-y-0.5 py-2 hover:bg-raise md:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_7rem_minmax(0,5fr)]"
      >
        <span className="min-w-0">
          <span className="font-medium">{file.title}</span>
          <span className="block truncate font-mono text-12 text-ink-3">{file.path}</span>
        </span>
        <span className="text-12 text-ink-2">{file.holds}</span>
        <span className="font-mono text-12 text-ink-3" title={file.hash ?? undefined}>
          {file.hash === null ? 'no hash' : file.hash.slice(0, 12)}
        </span>
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <StateOf state={file.state} />
          {file.version === null ? null : <Chip tone="accent">edited here, version {file.version}</Chip>}
          {file.proposals === 0 ? null : <Chip tone="accent">{file.proposals} proposed</Chip>}
        </span>
      </Link>
      {file.problems.length === 0 ? null : (
        <ul className="pb-2 text-12">
          {file.problems.slice(0, 3).map((it) => (
            <li key={`${it.line}:${it.column}:${it.reason}`}>
              <code className="font-mono">
                {it.file}:{it.line}
              </code>{' '}
              {it.reason}
            </li>
          ))}
          {file.problems.length > 3 ? <li>{file.problems.length - 3} more</li> : null}
        </ul>
      )}
    </li>
  )
}
