'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type ReactNode, useMemo } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { useAddress } from '@/components/shell/use-address'
import { Chip } from '@/components/ui/chip'
import { later, laterInBrowser } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { PlainLinkButton } from '@/components/ui/plain-link-button'
import { Skeleton } from '@/components/ui/skeleton'
import { StateMark } from '@/components/ui/state-mark'
import { Tabs } from '@/components/ui/tabs'
import { can } from '@/lib/access/permissions'
import { queryOf, queryUrl } from '@/lib/client/api'
import { Reading } from './reading'
import { StateOf } from './state-of'
import type { FileData, Me } from './types'

const WAITING = <Skeleton className="h-40" />
const TreeDrawn = later(() => import('./tree-drawn').then((module) => module.TreeDrawn), WAITING)
const PlainText = later(() => import('./plain-text').then((module) => module.PlainText), WAITING)
// Only in the browser: what is typed must meet an editor that listens.
const RunbookEditor = laterInBrowser(
  () => import('./runbook-editor').then((module) => module.RunbookEditor),
  WAITING,
)
const RunbookHistory = later(
  () => import('./runbook-history').then((module) => module.RunbookHistory),
  WAITING,
)
const Proposal = later(() => import('./proposal').then((module) => module.Proposal), WAITING)

const VIEWS = ['read', 'drawing', 'text', 'edit', 'history'] as const
type View = (typeof VIEWS)[number]
const LABELS: Readonly<Record<View, string>> = {
  read: 'Read',
  drawing: 'Drawing',
  text: 'Text',
  edit: 'Edit',
  history: 'History',
}

/** RunbookScreen is one runbook: in reading form, drawn, as text, to be edited, and how it became what it is. */
export function RunbookScreen({ initial, me }: { readonly initial: FileData; readonly me: Me }): ReactNode {
  const { data } = useQuery({ ...queryOf('runbooks.file', { slug: initial.slug }), initialData: initial })
  const proposal = useAddress('proposal').value
  const asked = useAddress('view').value
  const mayEdit = data.isEditable && can(me.roles, 'runbooks.edit')
  const views = viewsOf(data, mayEdit)
  const view = views.find((one) => one === asked) ?? 'read'
  const offered = views.join(' ')
  const router = useRouter()
  const address = `/runbooks/${data.slug}`
  useActions(
    useMemo(
      (): readonly Action[] =>
        VIEWS.filter((one) => offered.split(' ').includes(one)).map((one) => ({
          id: `runbook-${one}`,
          title: `This runbook: ${LABELS[one].toLowerCase()}`,
          group: 'On this page',
          ...(one === 'edit' ? { keys: 'E' } : {}),
          run: () => router.push(`${address}?view=${one}`),
        })),
      [offered, address, router],
    ),
  )
  return (
    <div className="grid gap-5 px-4 pt-5 pb-12 md:px-6">
      <Head data={data} />
      <Tabs
        label="Views of this runbook"
        items={views.map((one) => ({ href: `${address}?view=${one}`, label: LABELS[one] }))}
        current={proposal === undefined ? `${address}?view=${view}` : ''}
      />
      {proposal === undefined ? (
        <Body view={view} data={data} me={me} />
      ) : (
        <Proposal id={proposal} slug={data.slug} me={me} />
      )}
    </div>
  )
}

function viewsOf(data: FileData, mayEdit: boolean): readonly View[] {
  return VIEWS.filter((view) => {
    if (view === 'drawing') return data.tree !== null && data.tree.roots.length > 0
    if (view === 'edit') return mayEdit
    return view !== 'history' || data.isEditable
  })
}

function Body({
  view,
  data,
  me,
}: {
  readonly view: View
  readonly data: FileData
  readonly me: Me
}): ReactNode {
  switch (view) {
    case 'read':
      return <Reading data={data} />
    case 'drawing':
      return data.tree === null ? null : <TreeDrawn tree={data.tree} />
    case 'text':
      return <PlainText text={data.text} label={data.path} problems={data.problems} />
    case 'edit':
      return <RunbookEditor key={data.path} data={data} />
    case 'history':
      return <RunbookHistory data={data} me={me} />
  }
}

function Head({ data }: { readonly data: FileData }): ReactNode {
  return (
    <header className="grid gap-2">
      <p className="text-12 text-ink-3">
        <Link href="/runbooks" className="link">
          Runbooks
        </Link>{' '}
        · <span className="font-mono">{data.path}</span>
        {data.hash === null ? null : (
          <>
            {' '}
            · content hash{' '}
            <code className="font-mono" title={data.hash}>
              {data.hash.slice(0, 12)}
            </code>
          </>
        )}
      </p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-20">{data.title}</h1>
        {data.state === 'foreign' ? null : <StateOf state={data.state} />}
        {data.version === null ? null : <Chip tone="accent">edited here, version {data.version}</Chip>}
        <PlainLinkButton
          size="small"
          className="ml-auto"
          href={queryUrl('runbooks.download', { slug: data.slug })}
          download
        >
          Export as file
        </PlainLinkButton>
      </div>
      {data.version === null ? null : (
        <p className="text-pretty text-ink-2">
          Approved edit, version {data.version}, stands over the file
          {data.fileText === null ? ', which is not there any more' : ''}. It ends when the file says the
          same: export it and commit it.
        </p>
      )}
      {data.problems.length === 0 ? null : (
        <ul aria-label="Faults" className="grid gap-1">
          {data.problems.map((it) => (
            <li key={`${it.line}:${it.column}:${it.reason}`} className="flex items-baseline gap-2">
              <StateMark mark="breach" />
              <span>
                <code className="font-mono">
                  {it.file}:{it.line}
                </code>{' '}
                {it.reason}
              </span>
            </li>
          ))}
        </ul>
      )}
    </header>
  )
}
