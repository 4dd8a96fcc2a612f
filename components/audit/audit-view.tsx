import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { LinkButton } from '@/components/ui/link-button'
import type { QueryResult } from '@/lib/registry'
import { AuditFields } from './audit-fields'
import { AuditTable } from './audit-table'
import { type AuditFilter, addressOf } from './filter'

/** AuditView is the trail, newest first, with its filter in the address and its head to be kept elsewhere. */
export function AuditView({
  page,
  filter,
  persons,
}: {
  readonly page: QueryResult<'audit.list'>
  readonly filter: AuditFilter
  readonly persons: readonly { readonly id: string; readonly name: string }[]
}): ReactNode {
  const isFiltered = Object.keys(filter.input).some((name) => name !== 'before')
  return (
    <div className="grid gap-4 px-4 pt-5 pb-12 md:px-6">
      <header>
        <h1 className="pb-2 text-20 font-normal text-ink-2">Audit trail</h1>
        <p className="text-ink-2">
          Every command and sign-in, append-only. Row {page.head.seq} ends the chain with{' '}
          <code className="font-mono" title={page.head.hash}>
            {page.head.hash.slice(0, 12) || 'nothing yet'}
          </code>
          ; <code className="font-mono">npm run audit:verify</code> checks all of it.
        </p>
      </header>
      <AuditFields filter={filter} persons={persons} isFiltered={isFiltered} />
      <Panel
        title={page.rows.length === 1 ? '1 row' : `${page.rows.length} rows`}
        note={filter.input.before === undefined ? 'newest first' : `before row ${filter.input.before}`}
        face={
          page.rows.length === 0
            ? {
                kind: 'empty',
                sentence: isFiltered
                  ? 'No row fits this filter.'
                  : 'Nothing has happened yet: the first command writes the first row.',
              }
            : { kind: 'ready' }
        }
      >
        <AuditTable rows={page.rows} />
      </Panel>
      <nav aria-label="Pages" className="flex gap-2">
        {filter.input.before === undefined ? null : (
          <LinkButton href={addressOf(filter, undefined)}>Newest</LinkButton>
        )}
        {page.next === null ? null : <LinkButton href={addressOf(filter, page.next)}>Older</LinkButton>}
      </nav>
    </div>
  )
}
