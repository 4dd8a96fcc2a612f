'use client'

import { type ReactNode, useState } from 'react'
import type { Me } from '@/components/incidents/types'
import { useDraft } from '@/components/state/use-draft'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { useServerNow } from '@/lib/client/health-store'
import { STATUS_TITLES } from '@/lib/incidents/words'
import { ApprovalFace } from './approval-face'
import { CorrectionForm } from './correction-form'
import { Outcomes } from './outcomes'
import { type Kept, keptOf, type PublicationData } from './types'
import { useMessageCommand } from './use-message-command'
import { AUDIENCE_TITLES, STATE_WORDS } from './words'

const MARKS = {
  waiting: 'warning',
  holding: 'warning',
  released: 'clear',
  withdrawn: 'unknown',
  refused: 'blocks',
} as const

/** MessageRow is one message: what it says, where it stands, its undo, its approval, its correction, each channel's outcome. */
export function MessageRow({
  publication,
  me,
  isOpen = false,
}: {
  readonly publication: PublicationData
  readonly me: Me
  /** isOpen shows the whole text at once. */
  readonly isOpen?: boolean
}): ReactNode {
  const { state, audience } = publication
  const [isCorrecting, setCorrecting] = useState(false)
  const atMs = publication.releasedAtMs ?? publication.createdAtMs
  const mayCorrect =
    state === 'released' &&
    can(me.roles, audience === 'public' ? 'publications.publish-public' : 'publications.publish')
  return (
    <li className="grid gap-1.5 border-t pt-2.5">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <StateMark mark={MARKS[state]} />
        <span className="font-medium">{AUDIENCE_TITLES[audience]}</span>
        <span className="text-ink-2">
          {publication.kind === 'correction' ? 'Correction' : STATUS_TITLES[publication.status]}
        </span>
        <span className="text-12 text-ink-3">
          <Instant at={atMs / 1000} /> @{publication.author}
          {publication.approvedBy === null ? '' : `, agreed @${publication.approvedBy}`}
        </span>
        {state === 'released' ? null : (
          <span className="ml-auto text-12 text-ink-2">{STATE_WORDS[state]}</span>
        )}
      </p>
      <p className="font-medium break-words">{publication.title}</p>
      <p className={isOpen ? 'break-words whitespace-pre-wrap' : 'line-clamp-3 break-words text-ink-2'}>
        {publication.body}
      </p>
      {publication.endedNote === '' || state === 'released' ? null : (
        <p className="text-12 text-ink-2">
          {publication.endedBy === '' ? '' : `@${publication.endedBy}: `}
          {publication.endedNote}
        </p>
      )}
      {state === 'holding' ? <Undo publication={publication} me={me} /> : null}
      {state === 'waiting' ? <ApprovalFace publication={publication} me={me} /> : null}
      {state === 'released' ? <Outcomes publication={publication} /> : null}
      {state === 'withdrawn' || state === 'refused' ? <TakeUp publication={publication} me={me} /> : null}
      {mayCorrect && !isCorrecting ? (
        <p>
          <Button size="small" variant="quiet" onClick={() => setCorrecting(true)}>
            Correct it
          </Button>
        </p>
      ) : null}
      {isCorrecting ? (
        <CorrectionForm publication={publication} onClose={() => setCorrecting(false)} />
      ) : null}
    </li>
  )
}

/** Nothing that somebody typed is lost with a message that did not go out: it goes back into their composer. */
function TakeUp({ publication, me }: { readonly publication: PublicationData; readonly me: Me }): ReactNode {
  const draft = useDraft(`incident:${publication.incidentId}:composer`)
  const [isTaken, setTaken] = useState(false)
  if (publication.authorId !== me.id || publication.kind === 'correction') return null
  if (isTaken) return <p className="text-12 text-ink-2">It is in the composer again: press U.</p>
  return (
    <p>
      <Button
        size="small"
        variant="quiet"
        onClick={() => {
          const kept: Kept = {
            ...keptOf(draft.text),
            status: publication.status,
            edits: { ...keptOf(draft.text).edits, [publication.audience]: publication.draft },
          }
          draft.keep(JSON.stringify(kept))
          setTaken(true)
        }}
      >
        Write on from this text
      </Button>
    </p>
  )
}

function Undo({ publication, me }: { readonly publication: PublicationData; readonly me: Me }): ReactNode {
  const now = useServerNow()
  const { busy, problem, send } = useMessageCommand()
  const leftSeconds = Math.max(0, Math.ceil(((publication.holdUntilMs ?? 0) - now) / 1_000))
  if (now === 0 || leftSeconds === 0) return <p className="text-12 text-ink-2">Leaving…</p>
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p role="timer" aria-label="Leaves in">
        <span className="clock font-medium">{leftSeconds} s</span> until it leaves
      </p>
      {can(me.roles, 'publications.publish') ? (
        <Button
          size="small"
          busy={busy}
          onClick={() => void send('publications.withdraw', { id: publication.id })}
        >
          Undo
        </Button>
      ) : null}
      {problem === undefined ? null : (
        <p role="alert" className="text-12 text-breach">
          {problem.detail}
        </p>
      )}
    </div>
  )
}
