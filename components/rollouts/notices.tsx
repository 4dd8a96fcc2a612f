'use client'

import { type ReactNode, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { useServerNow } from '@/lib/client/health-store'
import { spanWords } from '@/lib/rollouts/span'
import type { RolloutData } from './types'
import { useRolloutCommand } from './use-rollout-command'

const SHOWN = 8
const LATE_MS = 60_000

/** Notices is what was announced, what is owed next, and a line to say more. */
export function Notices({
  data,
  maySay,
}: {
  readonly data: RolloutData
  readonly maySay: boolean
}): ReactNode {
  const now = useServerNow()
  const { dueMs, everyMinutes } = data.view.beat
  const left = dueMs === null || now === 0 ? undefined : dueMs - now
  return (
    <section aria-label="Announcements" className="grid min-w-0 grid-cols-1 content-start gap-2">
      <h2 className="text-13 font-medium">
        Announcements <span className="font-normal text-ink-3">owed every {everyMinutes} min</span>
      </h2>
      {left === undefined ? null : (
        <p className="text-13 text-ink-2">
          {left >= 0 ? (
            `The next is due in ${spanWords(left)}.`
          ) : (
            <span className="text-breach">An update is overdue since {spanWords(-left)}.</span>
          )}
        </p>
      )}
      {maySay ? <SayForm number={data.view.number} /> : null}
      <ul className="divide-y divide-line border-t border-line text-13">
        {data.notices.slice(0, SHOWN).map((notice) => (
          <li key={notice.slot} className="flex gap-3 py-1.5">
            <span className="text-ink-3">
              <Instant at={(notice.sentMs ?? notice.dueMs) / 1_000} />
            </span>
            <span className="min-w-0 flex-1 break-words">
              {notice.text}{' '}
              <span className="text-12 text-ink-3">
                {notice.by === 'rule' ? 'auto' : `@${notice.by}`}
                {notice.channels === 0 ? ', no channel is set up' : ''}
                {notice.sentMs !== null && notice.sentMs - notice.dueMs > LATE_MS
                  ? `, ${spanWords(notice.sentMs - notice.dueMs)} late`
                  : ''}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function SayForm({ number }: { readonly number: number }): ReactNode {
  const { busy, problem, send } = useRolloutCommand()
  const [text, setText] = useState('')
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void send('rollouts.say', { number, text }).then((done) => {
          if (done) setText('')
        })
      }}
    >
      <div className="min-w-0 flex-1">
        <Field label="Say more to the team">
          {(control) => <Input {...control} value={text} onChange={(event) => setText(event.target.value)} />}
        </Field>
      </div>
      <Button type="submit" busy={busy} {...(text.trim().length < 3 ? { waitsFor: 'waits for words' } : {})}>
        Tell
      </Button>
      {problem === undefined ? null : (
        <p role="alert" className="basis-full text-13 break-words text-breach">
          {problem.detail ?? problem.title}
        </p>
      )}
    </form>
  )
}
