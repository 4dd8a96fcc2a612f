'use client'

import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import type { ReactNode } from 'react'
import { useSettled } from '@/components/runbooks/use-settled'
import { ChoiceFields } from '@/components/state/choice-fields'
import { failedFace } from '@/components/state/failed-face'
import { PageSteps } from '@/components/state/page-steps'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { queryOf } from '@/lib/client/api'
import { SEVERITIES } from '@/lib/incidents/model'
import { postmortemName, SECTION_TITLES, STATE_WORDS, STATES } from '@/lib/postmortems/model'
import { Marked } from './marked'
import { searchAsked, withParam } from './search-address'
import type { Found, FoundData } from './types'

/** SearchResults lists what a search found, best first, with the hits marked; filters live in the address. */
export function SearchResults({ text }: { readonly text: string }): ReactNode {
  const params = new URLSearchParams(useSearchParams())
  const settled = useSettled(text.trim(), 150)
  const asked = searchAsked(settled, params)
  const query = useQuery({ ...queryOf('library.search', asked), placeholderData: keepPreviousData })
  const set = (name: string, value: string): void =>
    window.history.replaceState(null, '', withParam(params, name, value))
  return (
    <div className="grid grid-cols-1 gap-4">
      <Filters params={params} onSet={set} />
      <Hits query={query} text={settled} page={asked.page ?? 1} onSet={set} />
    </div>
  )
}

function Hits({
  query,
  text,
  page,
  onSet,
}: {
  readonly query: UseQueryResult<FoundData>
  readonly text: string
  readonly page: number
  readonly onSet: (name: string, value: string) => void
}): ReactNode {
  const title = 'Found'
  if (query.data === undefined)
    return query.isError ? (
      <Panel title={title} face={failedFace(query, 'The search could not be answered.')} />
    ) : (
      <Panel title={title} face={{ kind: 'loading', rows: 6 }} />
    )
  const { found, matching, pageSize } = query.data
  if (found.length === 0)
    return <Panel title={title} face={{ kind: 'empty', sentence: `No postmortem holds “${text}”.` }} />
  return (
    <Panel title={title} note={`${matching}, best first`}>
      <ul aria-live="polite">
        {found.map((hit) => (
          <Hit key={hit.id} hit={hit} />
        ))}
      </ul>
      <PageSteps
        page={page}
        matching={matching}
        pageSize={pageSize}
        words={['Better', 'More']}
        onPage={(next) => onSet('page', next)}
      />
    </Panel>
  )
}

function Hit({ hit }: { readonly hit: Found }): ReactNode {
  const where = hit.section === null ? undefined : SECTION_TITLES[hit.section as keyof typeof SECTION_TITLES]
  return (
    <li className="border-t">
      <Link href={`/postmortems/${hit.number}`} className="grid grid-cols-1 gap-1 py-2.5 hover:bg-raise">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <SeverityMark severity={hit.isDrill ? 'drill' : (hit.severity as 'P1')} />
          <span className="min-w-0 font-medium break-words">
            <Marked snippet={hit.titleSnippet} />
          </span>
          <span className="font-mono text-12 text-ink-3">{postmortemName(hit.number)}</span>
          <span className="text-12 text-ink-3">
            {STATE_WORDS[hit.state]}
            {hit.incident === null ? '' : `, ${hit.incident}`}
            {hit.startedAtMs === null ? null : (
              <>
                , <Instant at={hit.startedAtMs / 1_000} />
              </>
            )}
          </span>
          {hit.tags.map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
        </span>
        <span className="max-w-prose text-12 break-words text-ink-2">
          {where === undefined ? (
            hit.titleSnippet.includes('\u0001') ? null : (
              'In the frozen record.'
            )
          ) : (
            <>
              <span className="text-ink-3">{where}: </span>
              <Marked snippet={hit.snippet} />
            </>
          )}
        </span>
      </Link>
    </li>
  )
}

const EVERY = ['', 'every'] as const
const ANY = ['', 'any'] as const
const DRILLS = [
  ['', 'without'],
  ['with', 'with'],
  ['only', 'only'],
] as const

function Filters({
  params,
  onSet,
}: {
  readonly params: URLSearchParams
  readonly onSet: (name: string, value: string) => void
}): ReactNode {
  const tags = useQuery(queryOf('library.tags', {}))
  const choices = [
    {
      name: 'severity',
      label: 'Severity',
      options: [EVERY, ...SEVERITIES.map((one) => [one, one] as const)],
    },
    {
      name: 'state',
      label: 'State',
      options: [ANY, ...STATES.map((one) => [one, STATE_WORDS[one]] as const)],
    },
    {
      name: 'tag',
      label: 'Tag',
      options: [ANY, ...(tags.data?.tags ?? []).map(({ tag, count }) => [tag, `${tag} (${count})`] as const)],
    },
    { name: 'drills', label: 'Drills', options: DRILLS },
  ]
  return (
    <fieldset className="flex flex-wrap items-end gap-3">
      <legend className="sr-only">Narrow the search</legend>
      <ChoiceFields choices={choices} params={params} onSet={onSet} />
    </fieldset>
  )
}
