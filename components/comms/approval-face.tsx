'use client'

import { type ReactNode, useState } from 'react'
import type { Me } from '@/components/incidents/types'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { can } from '@/lib/access/permissions'
import type { PublicationData } from './types'
import { useMessageCommand } from './use-message-command'

/** ApprovalFace asks a second person about exactly this text; its author sees that it waits and can take it back. */
export function ApprovalFace({
  publication,
  me,
}: {
  readonly publication: PublicationData
  readonly me: Me
}): ReactNode {
  const { busy, problem, send } = useMessageCommand()
  const [reason, setReason] = useState('')
  const { id, hash, audience } = publication
  const isMine = publication.authorId === me.id
  const blocks = publication.findings.filter(({ level }) => level === 'block')
  const mayAgree =
    !isMine &&
    can(me.roles, 'publications.approve') &&
    (audience !== 'public' || can(me.roles, 'publications.publish-public'))
  return (
    <div className="grid gap-2 border-l-2 border-warn pl-3">
      {publication.findings.length === 0 ? null : (
        <ul className="grid gap-0.5 text-12">
          {publication.findings.map((finding) => (
            <li key={`${finding.rule} ${finding.from}`}>
              {finding.why} <span className="font-mono text-ink-3">{finding.rule}</span>
            </li>
          ))}
        </ul>
      )}
      {mayAgree ? (
        <>
          <Field
            label={
              blocks.length === 0
                ? 'What is to be changed, to send it back'
                : 'Why it may pass, or what is to be changed'
            }
          >
            {(control) => (
              <Input
                {...control}
                value={reason}
                maxLength={500}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <p className="flex flex-wrap items-center gap-2">
            <Button
              variant="primary"
              busy={busy}
              {...(blocks.length > 0 && reason.trim() === '' ? { waitsFor: 'a reason' } : {})}
              onClick={() =>
                void send('publications.approve', { id, hash, reason: blocks.length > 0 ? reason : '' })
              }
            >
              Agree to this text
            </Button>
            <Button
              busy={busy}
              {...(reason.trim() === '' ? { waitsFor: 'what to change' } : {})}
              onClick={() => void send('publications.refuse', { id, reason })}
            >
              Send back
            </Button>
            <span className="font-mono text-12 text-ink-3" title="What you agree to, byte for byte">
              {hash.slice(0, 12)}
            </span>
          </p>
        </>
      ) : (
        <p className="flex flex-wrap items-center gap-3 text-12 text-ink-2">
          {isMine
            ? 'Another person agrees to it, here or in Slack.'
            : 'Somebody who leads or tells customers agrees to it.'}
          {isMine ? (
            <Button size="small" busy={busy} onClick={() => void send('publications.withdraw', { id })}>
              Take it back
            </Button>
          ) : null}
        </p>
      )}
      {problem === undefined ? null : (
        <div role="alert" className="grid gap-0.5 text-12 text-breach">
          <p>{problem.detail}</p>
          {problem.issues?.map((issue) => (
            <p key={issue.message}>{issue.message}</p>
          ))}
        </div>
      )}
    </div>
  )
}
