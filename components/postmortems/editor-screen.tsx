'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { ItemList } from '@/components/action-items/item-list'
import { KeptLine } from '@/components/incidents/kept-line'
import { useBeats } from '@/components/incidents/use-presence'
import { type Action, useActions } from '@/components/shell/actions'
import { Chip } from '@/components/ui/chip'
import { laterInBrowser } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { Skeleton } from '@/components/ui/skeleton'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { SECTION_KEYS, SECTION_TITLES, type SectionKey, STATE_WORDS } from '@/lib/postmortems/model'
import type { PostmortemView } from '@/lib/postmortems/view'
import type { Remarked } from './comments-panel'
import { appendToDraft, documentQuery } from './document-now'
import { EditableSection } from './editable-section'
import type { DocumentData, Viewer } from './editor-types'

const WAITING = <Skeleton className="h-40" />
const EditorSide = laterInBrowser(() => import('./editor-side').then((module) => module.EditorSide), WAITING)

/** EditorScreen is a postmortem to be written and reviewed: outline, sections, and beside them review, remarks and evidence. */
export function EditorScreen({
  initial,
  me,
}: {
  readonly initial: DocumentData
  readonly me: Viewer
}): ReactNode {
  const { data } = useQuery({ ...documentQuery(initial.number), initialData: initial })
  const document = data as PostmortemView
  const [opened, open] = useState<ReadonlySet<SectionKey>>(new Set())
  const [begun, begin] = useState<Remarked | undefined>(undefined)
  const isFinal = document.state === 'published' || document.state === 'closed'
  const mayEdit = can(me.roles, 'postmortems.edit') && !isFinal
  const mayComment = can(me.roles, 'postmortems.comment')
  const set = useCallback((key: SectionKey, isOpen: boolean): void => {
    open((now) => new Set(isOpen ? [...now, key] : [...now].filter((one) => one !== key)))
  }, [])
  useEditKeys(document, mayEdit, set)
  useBeats({ room: 'postmortems', id: document.id })
  return (
    <div className="grid grid-cols-1 gap-8 px-4 pt-5 pb-12 md:px-6 lg:grid-cols-[minmax(0,1fr)_19rem] 2xl:grid-cols-[12rem_minmax(0,1fr)_21rem]">
      <Outline document={document} />
      <div className="grid min-w-0 grid-cols-1 content-start gap-6">
        <Head document={document} />
        {isFinal ? (
          <p className="border-l-2 border-line-2 pl-3 text-ink-2">
            It is {STATE_WORDS[document.state].toLowerCase()}: open it again with a reason before you change
            it.
          </p>
        ) : null}
        {SECTION_KEYS.map((key) => (
          <EditableSection
            key={key}
            document={document}
            section={key}
            mayEdit={mayEdit}
            isOpened={opened.has(key)}
            onOpen={(isOpen) => set(key, isOpen)}
            {...(mayComment ? { onRemark: (quote: string) => begin({ section: key, quote }) } : {})}
          />
        ))}
        <ItemList postmortemId={document.id} mayWork={can(me.roles, 'action-items.work')} />
      </div>
      <aside aria-label="Review, comments and evidence" className="min-w-0">
        <EditorSide
          document={data}
          me={me}
          mayComment={mayComment}
          begun={begun}
          onBegun={begin}
          {...(mayEdit
            ? {
                onExplain: (section: SectionKey, text: string) => {
                  appendToDraft(document, section, text)
                  set(section, true)
                },
              }
            : {})}
        />
      </aside>
    </div>
  )
}

function useEditKeys(
  document: PostmortemView,
  mayEdit: boolean,
  set: (key: SectionKey, isOpen: boolean) => void,
): void {
  const empty = document.sections.find(({ body }) => body.trim() === '')?.key ?? 'summary'
  useActions(
    useMemo(
      (): readonly Action[] =>
        mayEdit
          ? [
              {
                id: 'write-next',
                title: 'Write the next empty section',
                group: 'On this page',
                keys: 'E',
                run: () => set(empty, true),
              },
              ...SECTION_KEYS.map(
                (key): Action => ({
                  id: `write-${key}`,
                  title: `Write: ${SECTION_TITLES[key]}`,
                  group: 'On this page',
                  run: () => set(key, true),
                }),
              ),
            ]
          : [],
      [mayEdit, empty, set],
    ),
  )
}

function Outline({ document }: { readonly document: PostmortemView }): ReactNode {
  const written = document.sections.filter(({ body }) => body.trim() !== '').length
  return (
    <nav
      aria-label="Sections"
      className="hidden content-start gap-1 self-start 2xl:sticky 2xl:top-16 2xl:grid"
    >
      <p className="pb-2 text-12 text-ink-3">
        {written} of {SECTION_KEYS.length} sections written
      </p>
      {document.sections.map(({ key, body }) => (
        <a key={key} href={`#${key}`} className="flex items-baseline gap-2 py-1 hover:text-ink">
          <StateMark mark={body.trim() === '' ? 'unknown' : 'clear'} />
          {SECTION_TITLES[key]}
        </a>
      ))}
    </nav>
  )
}

function Head({ document }: { readonly document: PostmortemView }): ReactNode {
  return (
    <header className="grid grid-cols-1 gap-1.5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-12 text-ink-3">
        <Link href={`/postmortems/${document.name}`} className="link">
          {document.name}
        </Link>
        <SeverityMark severity={document.severity} />
        {document.incident === null ? null : (
          <Link href={`/incidents/${document.incident.name}`} className="link">
            {document.incident.name}
          </Link>
        )}
        <Chip tone={document.state === 'approved' ? 'accent' : 'plain'}>{STATE_WORDS[document.state]}</Chip>
        {document.isDrill ? <Chip tone="drill">Drill</Chip> : null}
        <KeptLine />
      </p>
      <h1 className="text-24 leading-tight text-balance break-words">{document.title}</h1>
    </header>
  )
}
