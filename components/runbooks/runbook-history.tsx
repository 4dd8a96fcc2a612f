'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Field } from '@/components/ui/field'
import { Link } from '@/components/ui/link'
import { PlainLinkButton } from '@/components/ui/plain-link-button'
import { Select } from '@/components/ui/select'
import { can } from '@/lib/access/permissions'
import { queryOf, queryUrl } from '@/lib/client/api'
import { DiffView } from './diff-view'
import { FileAgain } from './file-again'
import { RollBack } from './roll-back'
import type { FileData, HistoryData, Me } from './types'

const KIND_WORDS: Readonly<Record<string, string>> = {
  edit: 'Edited here',
  file: 'The file counts again',
  'caught-up': 'The file came to say the same',
}

/** RunbookHistory is how a runbook became what it is: what was approved, what was proposed, and any two texts compared. */
export function RunbookHistory({ data, me }: { readonly data: FileData; readonly me: Me }): ReactNode {
  const query = useQuery(queryOf('runbooks.history', { path: data.path }))
  if (query.isPending) return <Panel title="Versions" face={{ kind: 'loading', rows: 5 }} />
  if (query.isError)
    return <Panel title="Versions" face={failedFace(query, 'The history could not be read.')} />
  const { versions, proposals } = query.data
  const mayEdit = can(me.roles, 'runbooks.edit')
  return (
    <div className="grid gap-10">
      {mayEdit && data.version !== null && data.fileText !== null ? <FileAgain data={data} /> : null}
      <Panel
        title="Versions"
        note="what was approved here, newest first"
        face={
          versions.length === 0
            ? {
                kind: 'empty',
                sentence: 'Nothing was approved here yet: the file counts, as the team committed it.',
              }
            : { kind: 'ready' }
        }
      >
        <ol>
          {versions.map((version) => (
            <VersionRow key={version.id} version={version} data={data} mayEdit={mayEdit} />
          ))}
        </ol>
      </Panel>
      {versions.length === 0 ? null : <Compare data={data} versions={versions} />}
      {proposals.length === 0 ? null : <Proposals proposals={proposals} slug={data.slug} />}
    </div>
  )
}

function VersionRow({
  version,
  data,
  mayEdit,
}: {
  readonly version: HistoryData['versions'][number]
  readonly data: FileData
  readonly mayEdit: boolean
}): ReactNode {
  const counts = data.version === version.id
  return (
    <li className="grid items-baseline gap-x-4 gap-y-1 border-t py-2 md:grid-cols-[6rem_minmax(0,1fr)_auto]">
      <span className="font-mono">
        version {version.id}
        {counts ? <span className="block font-sans text-12 text-accent">counts</span> : null}
      </span>
      <span className="min-w-0">
        <span className="text-pretty">
          {KIND_WORDS[version.kind] ?? version.kind}: {version.why}
        </span>
        <span className="block text-12 text-ink-3">
          {version.kind === 'caught-up' ? (
            'watchfloor'
          ) : (
            <>
              proposed by @{version.proposedBy}, approved by @{version.approvedBy}
            </>
          )}{' '}
          · <Instant at={version.atMs / 1000} /> ·{' '}
          <code className="font-mono" title={version.textHash}>
            {version.textHash.slice(0, 12)}
          </code>
        </span>
      </span>
      <span className="flex flex-wrap gap-2">
        <PlainLinkButton
          size="small"
          href={queryUrl('runbooks.download', { slug: data.slug, version: version.id })}
          download
        >
          Export
        </PlainLinkButton>
        {mayEdit && version.textHash !== data.textHash ? <RollBack data={data} version={version.id} /> : null}
      </span>
    </li>
  )
}

function Compare({
  data,
  versions,
}: {
  readonly data: FileData
  readonly versions: HistoryData['versions']
}): ReactNode {
  const newest = versions[0]?.id ?? 0
  const [left, setLeft] = useState(`before ${newest}`)
  const [right, setRight] = useState(`after ${newest}`)
  const texts = {
    left: useText(left, data),
    right: useText(right, data),
  }
  const options = [
    { key: 'now', words: 'what counts now' },
    ...(data.fileText === null ? [] : [{ key: 'file', words: 'the file' }]),
    ...versions.flatMap(({ id }) => [
      { key: `after ${id}`, words: `version ${id}` },
      { key: `before ${id}`, words: `before version ${id}` },
    ]),
  ]
  const wordsOf = (key: string): string => options.find((it) => it.key === key)?.words ?? key
  return (
    <section aria-label="Compare" className="grid gap-3">
      <h2 className="text-16">Compare any two</h2>
      <div className="flex flex-wrap gap-4">
        {(
          [
            ['From', left, setLeft],
            ['To', right, setRight],
          ] as const
        ).map(([label, value, set]) => (
          <Field key={label} label={label}>
            {(control) => (
              <Select {...control} value={value} onChange={(event) => set(event.target.value)}>
                {options.map((option) => (
                  <option key={option.key} value={option.key}>
                    {option.words}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ))}
      </div>
      {texts.left === undefined || texts.right === undefined ? (
        <p className="text-ink-2">Reading…</p>
      ) : (
        <DiffView left={texts.left} right={texts.right} label={`${wordsOf(left)}, and ${wordsOf(right)}`} />
      )}
    </section>
  )
}

function useText(key: string, data: FileData): string | undefined {
  const [side = '', id = ''] = key.split(' ')
  const isStored = side === 'after' || side === 'before'
  const query = useQuery({
    ...queryOf('runbooks.version', { id: Number(id) || 1 }),
    enabled: isStored,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (side === 'now') return data.text
  if (side === 'file') return data.fileText ?? ''
  return side === 'after' ? query.data?.text : query.data?.baseText
}

function Proposals({
  proposals,
  slug,
}: {
  readonly proposals: HistoryData['proposals']
  readonly slug: string
}): ReactNode {
  return (
    <Panel title="Proposals" note="newest first">
      <ol>
        {proposals.map((it) => (
          <li key={it.id} className="border-t">
            <Link
              href={`/runbooks/${slug}?proposal=${it.id}`}
              className="grid gap-x-4 py-1.5 hover:bg-raise md:grid-cols-[6rem_minmax(0,1fr)_auto]"
            >
              <span className={it.state === 'open' ? 'text-accent' : 'text-ink-2'}>{it.state}</span>
              <span className="text-pretty">
                {it.why}
                {it.decidedWhy === '' ? null : <span className="text-ink-3"> · “{it.decidedWhy}”</span>}
              </span>
              <span className="text-12 text-ink-3">
                @{it.by} · <Instant at={it.atMs / 1000} />
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
