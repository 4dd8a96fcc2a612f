'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LibrarySearch } from '@/components/library/library-search'
import { useAddress } from '@/components/shell/use-address'
import { usePages } from '@/components/shell/use-pages'
import { AddressSelect } from '@/components/state/address-select'
import { failedFace } from '@/components/state/failed-face'
import { OlderNewer } from '@/components/state/older-newer'
import { Panel } from '@/components/state/panel'
import { duration } from '@/components/time/format'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { Table } from '@/components/ui/table'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { SEVERITIES } from '@/lib/incidents/model'
import { dateOf } from '@/lib/postmortems/instants'
import { STATE_WORDS, STATES } from '@/lib/postmortems/model'
import { ProposedList } from './proposed-list'
import type { Me, PostmortemListData, ProposedData } from './types'

const CalledList = later(() => import('./called-list').then((module) => module.CalledList))
const ImportButton = later(() => import('./import-button').then((module) => module.ImportButton))

/** PostmortemsScreen is the room: what waits to be drafted, and every document, filtered by the address. */
export function PostmortemsScreen({
  initial,
  proposed,
  me,
}: {
  readonly initial: PostmortemListData
  readonly proposed: ProposedData
  readonly me: Me
}): ReactNode {
  const state = useAddress('state')
  const severity = useAddress('severity')
  const drills = useAddress('drills')
  const tag = useAddress('tag')
  const pages = usePages()
  const isPlain =
    state.value === undefined &&
    severity.value === undefined &&
    drills.value === undefined &&
    tag.value === undefined &&
    pages.before === undefined
  const query = useQuery({
    ...queryOf('postmortems.list', {
      state: [...STATES, 'open' as const].find((one) => one === state.value) ?? 'all',
      drills: drills.value === 'with' || drills.value === 'only' ? drills.value : 'without',
      ...(SEVERITIES.some((one) => one === severity.value)
        ? { severity: severity.value as (typeof SEVERITIES)[number] }
        : {}),
      ...(tag.value === undefined ? {} : { tag: tag.value.slice(0, 60) }),
      ...(pages.before === undefined ? {} : { before: pages.before }),
    }),
    placeholderData: isPlain ? initial : keepPreviousData,
  })
  return (
    <div className="grid grid-cols-1 gap-6 px-4 pb-8 md:px-6">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-2 pt-5">
        <h1 className="text-20">Postmortems</h1>
        <div className="ml-auto flex flex-wrap items-center gap-x-4 gap-y-2">
          <Link href="/postmortems/actions" className="link">
            Action items
          </Link>
          <Link href="/insights" className="link">
            Insights
          </Link>
          {can(me.roles, 'postmortems.import') ? <ImportButton /> : null}
        </div>
      </header>
      <LibrarySearch>
        <CalledList />
        <ProposedList initial={proposed} mayDraft={can(me.roles, 'postmortems.draft')} />
        <section>
          <search aria-label="Filter postmortems" className="flex flex-wrap gap-2 pb-3">
            <AddressSelect
              param={state}
              label="State"
              options={[
                ['', 'Every state'],
                ['open', 'Not published yet'],
                ...STATES.map((one) => [one, STATE_WORDS[one]] as const),
              ]}
              onChanged={pages.restart}
            />
            <AddressSelect
              param={severity}
              label="Severity"
              options={[['', 'Every severity'], ...SEVERITIES.map((one) => [one, one] as const)]}
              onChanged={pages.restart}
            />
            <AddressSelect
              param={drills}
              label="Drills"
              options={[
                ['', 'Without drills'],
                ['with', 'With drills'],
                ['only', 'Only drills'],
              ]}
              onChanged={pages.restart}
            />
            {tag.value === undefined ? null : (
              <Button
                size="small"
                onClick={() => {
                  pages.restart()
                  tag.clear()
                }}
              >
                Tag {tag.value}, take away
              </Button>
            )}
          </search>
          {query.isPending ? (
            <Panel title="Documents" face={{ kind: 'loading', rows: 4 }} />
          ) : query.isError ? (
            <Panel title="Documents" face={failedFace(query, 'The list could not be read.')} />
          ) : query.data.postmortems.length === 0 ? (
            <Panel
              title="Documents"
              face={{
                kind: 'empty',
                sentence: isPlain
                  ? 'No postmortem was written yet. One is proposed when a P1 or P2 is resolved.'
                  : 'No postmortem matches.',
              }}
            />
          ) : (
            <Panel title="Documents" note="newest first">
              <Documents postmortems={query.data.postmortems} />
              <OlderNewer pages={pages} next={query.data.next} />
            </Panel>
          )}
        </section>
      </LibrarySearch>
    </div>
  )
}

function Documents({ postmortems }: { readonly postmortems: PostmortemListData['postmortems'] }): ReactNode {
  return (
    <Table label="Postmortems, newest first">
      <thead>
        <tr>
          <th>Severity</th>
          <th>Postmortem</th>
          <th>State</th>
          <th className="num">Lasted</th>
          <th className="num max-md:hidden">Began</th>
        </tr>
      </thead>
      <tbody>
        {postmortems.map((one) => (
          <tr key={one.id} className="hover:bg-raise">
            <td>
              <SeverityMark severity={one.isDrill ? 'drill' : one.severity} />
            </td>
            <td className="min-w-48 whitespace-normal">
              <Link
                href={`/postmortems/${one.number}`}
                data-postmortem-row
                className="block font-medium break-words hover:underline pointer-coarse:min-h-11"
              >
                {one.title}
                <span className="block font-mono text-12 font-normal text-ink-2">
                  {one.name}
                  {one.incident === null ? '' : ` · ${one.incident}`}
                </span>
              </Link>
            </td>
            <td>{STATE_WORDS[one.state]}</td>
            <td className="num font-mono">
              {one.durationMs === null ? 'goes on' : duration(one.durationMs / 1000)}
            </td>
            <td className="num max-md:hidden">{dateOf(one.startedAtMs)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
