'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { useDraft } from '@/components/state/use-draft'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { TextArea } from '@/components/ui/text-area'
import { toast } from '@/components/ui/toast-store'
import { ProblemError, queryOf } from '@/lib/client/api'
import { isOrphan } from '@/lib/postmortems/comments'
import { SECTION_TITLES, type SectionKey } from '@/lib/postmortems/model'
import type { DocumentData, ThreadData } from './editor-types'
import { Markdown } from './markdown'

/** Remarked is a remark that is about to be written: its section, and the passage that was selected. */
export type Remarked = { readonly section: SectionKey; readonly quote: string }

/** CommentsPanel holds the threads of a document; a new remark is begun from a section. */
export function CommentsPanel({
  document,
  mayComment,
  begun,
  onBegun,
}: {
  readonly document: DocumentData
  readonly mayComment: boolean
  readonly begun: Remarked | undefined
  readonly onBegun: (next: Remarked | undefined) => void
}): ReactNode {
  const [showsSettled, showSettled] = useState(false)
  const query = useQuery(queryOf('postmortems.comments', { id: document.id }))
  if (query.isPending) return <Panel title="Comments" face={{ kind: 'loading', rows: 3 }} />
  if (query.isError)
    return <Panel title="Comments" face={failedFace(query, 'The comments could not be read.')} />
  const { threads, open, calling } = query.data
  const shown = threads.filter(({ isOpen }) => isOpen || showsSettled)
  return (
    <Panel title="Comments" aside={`${open} open, ${threads.length - open} settled`}>
      <div className="grid grid-cols-1 gap-3">
        {begun === undefined ? null : (
          <CommentForm
            document={document}
            remarked={begun}
            label={`Remark on ${SECTION_TITLES[begun.section]}`}
            onDone={() => onBegun(undefined)}
          />
        )}
        {threads.length === 0 && begun === undefined ? (
          <p className="text-12 text-ink-3">
            No remarks yet. Select words of a section and press Remark; @ calls somebody.
          </p>
        ) : null}
        <ul aria-label="Threads" className="grid grid-cols-1 gap-3">
          {shown.map((thread) => (
            <Thread
              key={thread.id}
              thread={thread}
              document={document}
              mayComment={mayComment}
              isCalling={calling.includes(thread.id)}
            />
          ))}
        </ul>
        {threads.length === open ? null : (
          <button
            type="button"
            className="link justify-self-start text-12"
            aria-pressed={showsSettled}
            onClick={() => showSettled(!showsSettled)}
          >
            {showsSettled ? 'Hide what is settled' : 'Show what is settled'}
          </button>
        )}
      </div>
    </Panel>
  )
}

function Thread({
  thread,
  document,
  mayComment,
  isCalling,
}: {
  readonly thread: ThreadData
  readonly document: DocumentData
  readonly mayComment: boolean
  readonly isCalling: boolean
}): ReactNode {
  const [replies, reply] = useState(false)
  const act = useAct()
  const body = document.sections.find(({ key }) => key === thread.section)?.body ?? ''
  const settle = (isSettled: boolean): Promise<boolean> =>
    act(() => runCommand('postmortems.settleThread', { id: document.id, threadId: thread.id, isSettled }))
  return (
    <li className="grid grid-cols-1 gap-1.5 border-b pb-3">
      {thread.quote === '' ? null : (
        <p className="border-l-2 border-line-2 pl-2 text-12 break-words text-ink-2">
          {thread.quote}
          {isOrphan(thread, body) ? <span className="text-ink-3"> · the text has changed since</span> : null}
        </p>
      )}
      {thread.comments.map((comment, at) => (
        <div key={comment.id} className="min-w-0 text-13">
          <p className="flex flex-wrap items-center gap-x-1.5 text-12 text-ink-3">
            <b className="font-medium text-ink">@{comment.by}</b>
            {at === 0 ? `on ${SECTION_TITLES[thread.section]},` : ''} <Instant at={comment.atMs / 1000} />
            {at === 0 && isCalling ? <Chip tone="accent">calls you</Chip> : null}
          </p>
          <div className="[&_*]:text-13">
            <Markdown text={comment.text} level={4} home={`/postmortems/${document.name}`} />
          </div>
        </div>
      ))}
      {thread.isOpen ? null : <p className="text-12 text-ink-3">Settled by @{thread.settledBy}</p>}
      {!mayComment ? null : replies ? (
        <CommentForm
          document={document}
          remarked={{ section: thread.section, quote: '' }}
          threadId={thread.id}
          label="Your answer"
          onDone={() => reply(false)}
        />
      ) : (
        <p className="flex gap-2">
          <Button size="small" onClick={() => reply(true)}>
            Reply
          </Button>
          <Button size="small" variant="quiet" onClick={() => void settle(thread.isOpen)}>
            {thread.isOpen ? 'Settle' : 'Open again'}
          </Button>
        </p>
      )}
    </li>
  )
}

function useAct(): (deed: () => Promise<unknown>) => Promise<boolean> {
  const client = useQueryClient()
  return async (deed) => {
    try {
      await deed()
      return true
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      toast({ tone: 'failed', text: error.problem.title, detail: error.problem.detail })
      return false
    } finally {
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'postmortems.comments' })
    }
  }
}

function CommentForm({
  document,
  remarked,
  threadId,
  label,
  onDone,
}: {
  readonly document: DocumentData
  readonly remarked: Remarked
  readonly threadId?: string
  readonly label: string
  readonly onDone: () => void
}): ReactNode {
  const fieldId = useId()
  const draft = useDraft(
    `postmortem:${document.id}:${threadId === undefined ? `remark-${remarked.section}` : `to-${threadId}`}`,
  )
  const act = useAct()
  const [busy, setBusy] = useState(false)
  const text = draft.text ?? ''
  async function send(): Promise<void> {
    if (text.trim() === '' || busy) return
    setBusy(true)
    const input = { id: document.id, ...remarked, text, ...(threadId === undefined ? {} : { threadId }) }
    const isSent = await act(async () => {
      const { unknown, blind } = await runCommand('postmortems.addComment', input)
      if (unknown.length > 0)
        toast({ tone: 'done', text: `Nobody is called ${unknown.map((one) => `@${one}`).join(', ')} here.` })
      if (blind.length > 0)
        toast({
          tone: 'failed',
          text: `${blind.map((one) => `@${one}`).join(', ')} may not know of this incident.`,
          detail: 'It is restricted: name them in it, then call them.',
        })
    })
    setBusy(false)
    if (!isSent) return
    draft.settle(text)
    onDone()
  }
  return (
    <form
      className="grid grid-cols-1 gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <label htmlFor={fieldId} className="text-12 font-medium text-ink-2">
        {label}
      </label>
      {remarked.quote === '' ? null : (
        <p className="border-l-2 border-line-2 pl-2 text-12 break-words text-ink-2">{remarked.quote}</p>
      )}
      <TextArea
        id={fieldId}
        rows={3}
        value={text}
        placeholder="Markdown; @ calls somebody"
        onChange={(event) => (event.target.value === '' ? draft.drop() : draft.keep(event.target.value))}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey))
            event.currentTarget.form?.requestSubmit()
          if (event.key === 'Escape') onDone()
        }}
      />
      <p className="flex gap-2">
        <Button
          type="submit"
          size="small"
          busy={busy}
          {...(text.trim() === '' ? { waitsFor: 'say something' } : {})}
        >
          Send
        </Button>
        <Button size="small" variant="quiet" onClick={onDone}>
          Close
        </Button>
      </p>
    </form>
  )
}
