'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { useAddress } from '@/components/shell/use-address'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Input } from '@/components/ui/input'
import { later } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { StateMark } from '@/components/ui/state-mark'
import { queryOf } from '@/lib/client/api'
import { GROUPS } from '@/lib/runbooks/shown-as'
import { RunbookRow } from './runbook-row'
import type { ListData } from './types'

const SearchResults = later(() => import('./search-results').then((module) => module.SearchResults))

/** RunbooksScreen is the room: every runbook by group with how it stands, what waits for a second person, and search over all of it. */
export function RunbooksScreen({ initial }: { readonly initial: ListData }): ReactNode {
  const { data } = useQuery({
    ...queryOf('runbooks.list', {}),
    initialData: initial,
    initialDataUpdatedAt: initial.nowMs,
    refetchInterval: 15_000,
  })
  const search = useAddress('q')
  // The address follows what is typed, later than the next key: the field holds its own text.
  const [text, setText] = useState(search.value ?? '')
  useActions(useMemo(() => moves(), []))
  return (
    <div className="grid gap-8 px-4 pt-5 pb-12 md:px-6">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <h1 className="text-20 font-normal text-ink-2">
          <span className="sr-only">Runbooks: </span>
          <Standing data={data} />
        </h1>
        <search className="ml-auto w-full max-w-96">
          <Input
            aria-label="Search questions, diagnoses, checklists, actions and texts"
            placeholder="Search questions, checklists, actions"
            data-search
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              if (event.target.value === '') search.clear()
              else window.history.replaceState(null, '', search.linkTo(event.target.value).href)
            }}
          />
        </search>
      </header>
      {text.trim() === '' ? <Groups data={data} /> : <SearchResults text={text} />}
    </div>
  )
}

function Standing({ data }: { readonly data: ListData }): ReactNode {
  const refused = data.files.filter(({ state }) => state === 'refused').length
  const edits = data.files.filter(({ version }) => version !== null).length
  return (
    <>
      {data.files.length} runbooks
      {refused === 0 ? null : (
        <>
          , <b className="font-semibold text-breach">{refused} refused</b>
        </>
      )}
      {edits === 0 ? '' : `, ${edits} edited here`}
      {data.proposals.length === 0 ? null : (
        <>
          , <b className="font-semibold text-accent">{data.proposals.length} proposed</b>
        </>
      )}
      {data.worker === null ? null : (
        <span className="block text-12 text-ink-3">
          The worker goes by <code className="font-mono">{data.worker.hash.slice(0, 12)}</code>, read{' '}
          <Instant at={data.worker.loadedAt} />
        </span>
      )}
    </>
  )
}

function Groups({ data }: { readonly data: ListData }): ReactNode {
  return (
    <>
      {data.stray.length === 0 ? null : (
        <ul className="grid gap-1">
          {data.stray.map((it) => (
            <li key={`${it.file}:${it.reason}`} className="flex items-center gap-2">
              <StateMark mark="breach" />
              {it.file}: {it.reason}
            </li>
          ))}
        </ul>
      )}
      {data.proposals.length === 0 ? null : <Proposals proposals={data.proposals} />}
      {GROUPS.map(({ folder, title, what }) => {
        const files = data.files.filter((file) => file.folder === folder)
        if (folder === 'scenarios') return <Scenarios key={folder} title={title} what={what} data={data} />
        if (files.length === 0) return null
        return (
          <Panel key={folder} title={title} note={what}>
            <ul>
              {files.map((file) => (
                <RunbookRow key={file.path} file={file} />
              ))}
            </ul>
          </Panel>
        )
      })}
      <Others data={data} />
    </>
  )
}

// A folder that the room knows no name for is shown all the same.
function Others({ data }: { readonly data: ListData }): ReactNode {
  const known: readonly string[] = GROUPS.map(({ folder }) => folder)
  const files = data.files.filter(({ folder }) => !known.includes(folder))
  if (files.length === 0) return null
  return (
    <Panel title="Others">
      <ul>
        {files.map((file) => (
          <RunbookRow key={file.path} file={file} />
        ))}
      </ul>
    </Panel>
  )
}

function Proposals({ proposals }: { readonly proposals: ListData['proposals'] }): ReactNode {
  return (
    <Panel title="Waiting for a second person" note="newest first">
      <ul>
        {proposals.map((it) => (
          <li key={it.id} className="border-t">
            <Link
              href={`/runbooks/${it.slug}?proposal=${it.id}`}
              data-runbook-row
              className="grid gap-x-4 gap-y-0.5 py-2 hover:bg-raise md:grid-cols-[14rem_minmax(0,1fr)_auto]"
            >
              <span className="font-mono text-12">{it.path}</span>
              <span className="text-pretty">
                {it.kind === 'file' ? 'The file counts again: ' : ''}
                {it.why}
              </span>
              <span className="text-12 text-ink-3">
                @{it.by} · <Instant at={it.atMs / 1000} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Scenarios({
  title,
  what,
  data,
}: {
  readonly title: string
  readonly what: string
  readonly data: ListData
}): ReactNode {
  if (data.scenarios.length === 0) return null
  return (
    <Panel title={title} note={`${data.scenarios.length}: ${what.toLowerCase()}`}>
      <ul className="md:columns-2 md:gap-8 xl:columns-3">
        {data.scenarios.map((it) => (
          <li key={it.path} className="break-inside-avoid border-t">
            <Link href={`/runbooks/${it.slug}`} data-runbook-row className="block py-1.5 hover:bg-raise">
              {it.problem === null ? null : <StateMark mark="breach" className="mr-1.5 inline size-3" />}
              {it.title}
              <span className="block truncate font-mono text-12 text-ink-3">
                {it.leaves.length === 0 ? it.path : it.leaves.join(', ')}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** J and K move through the list; Enter opens, as on every link. */
function moves(): readonly Action[] {
  const step = (by: 1 | -1) => () => {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-runbook-row]')]
    const at = rows.indexOf(document.activeElement as HTMLElement)
    rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus()
  }
  const group = 'On this page'
  return [
    { id: 'runbook-next', title: 'Next runbook in the list', group, keys: 'J', run: step(1) },
    { id: 'runbook-previous', title: 'Runbook before it', group, keys: 'K', run: step(-1) },
  ]
}
