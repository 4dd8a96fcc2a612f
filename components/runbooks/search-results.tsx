'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Link } from '@/components/ui/link'
import { queryOf } from '@/lib/client/api'
import type { FoundKind } from '@/lib/runbooks/search'
import { useSettled } from './use-settled'

const KIND_WORDS: Readonly<Record<FoundKind, string>> = {
  tree: 'Tree',
  question: 'Question',
  leaf: 'Diagnosis',
  checklist: 'Checklist',
  item: 'Checklist item',
  action: 'Action',
  scenario: 'Scenario',
  text: 'Text',
}

/** SearchResults lists what holds every word, best first; each leads to its place. */
export function SearchResults({ text }: { readonly text: string }): ReactNode {
  const asked = useSettled(text.trim(), 200)
  const query = useQuery({
    ...queryOf('runbooks.search', { text: asked.slice(0, 120) }),
    placeholderData: keepPreviousData,
  })
  const title = 'Found'
  if (query.isPending) return <Panel title={title} face={{ kind: 'loading', rows: 6 }} />
  if (query.isError)
    return <Panel title={title} face={failedFace(query, 'The search could not be answered.')} />
  const { found, total } = query.data
  if (found.length === 0)
    return <Panel title={title} face={{ kind: 'empty', sentence: `Nothing holds “${asked}”.` }} />
  return (
    <Panel title={title} note={total > found.length ? `the best ${found.length} of ${total}` : `${total}`}>
      <ul aria-live="polite">
        {found.map((it) => (
          <li key={`${it.path} ${it.kind} ${it.anchor} ${it.id}`} className="border-t">
            <Link
              href={`/runbooks/${it.slug}${it.anchor === '' ? '' : `#${it.anchor}`}`}
              data-runbook-row
              className="grid gap-x-4 py-1.5 hover:bg-raise md:grid-cols-[8rem_minmax(0,1fr)_minmax(0,18rem)]"
            >
              <span className="text-12 text-ink-3">{KIND_WORDS[it.kind]}</span>
              <span className="line-clamp-2 text-pretty">
                {it.words}
                {it.around === '' ? null : <span className="text-ink-3"> · {it.around}</span>}
              </span>
              <span className="truncate font-mono text-12 text-ink-3">{it.id === '' ? it.path : it.id}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
