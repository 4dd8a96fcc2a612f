'use client'

import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { ProblemLine } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { FreezeForm } from './freeze-form'
import type { CalendarData, Me } from './types'
import { useDeploymentCommand } from './use-deployment-command'
import { YearStrip } from './year-strip'

/** CalendarScreen explains the year of windows: what is left open, every day that a rule closes, and the freezes. */
export function CalendarScreen({
  initial,
  me,
  isFramed = false,
}: {
  readonly initial: CalendarData
  readonly me: Me
  /** isFramed: it stands among the settings, under their heading. */
  readonly isFramed?: boolean
}): ReactNode {
  const [year, setYear] = useState(initial.strip.year)
  const { data } = useQuery({
    ...queryOf('deployments.calendar', { year }),
    ...(year === initial.strip.year ? { initialData: initial } : {}),
    placeholderData: (before: CalendarData | undefined) => before ?? initial,
  })
  const page = data ?? initial
  const mayFreeze = can(me.roles, 'deployments.freeze')
  const Heading = isFramed ? 'h2' : 'h1'
  return (
    <div className={clsx('flex flex-1 flex-col gap-6', !isFramed && 'px-4 py-4 md:px-6')}>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Heading className="text-20">Windows and freezes</Heading>
        <p className="text-13 text-ink-3">
          {page.zone}, policy <span className="font-mono">windows.yaml</span> {page.policyVersion}
        </p>
        <div className="flex flex-wrap items-center gap-2 md:ml-auto">
          <Button size="small" onClick={() => setYear(year - 1)}>
            {year - 1}
          </Button>
          <Button size="small" onClick={() => setYear(year + 1)}>
            {year + 1}
          </Button>
          <Link href="/runbooks" className="link text-13">
            Change the rules
          </Link>
        </div>
      </header>
      <YearStrip strip={page.strip} nowMs={page.nowMs} zone={page.zone} />
      <div className="grid grid-cols-1 items-start gap-8 xl:grid-cols-2">
        <Freezes page={page} mayFreeze={mayFreeze} />
        <div className="grid grid-cols-1 gap-8">
          <Panel title="Rules" note="a rule that denies beats one that allows">
            <ul className="text-13">
              {page.rules.map((rule) => (
                <li key={rule.id} className="flex flex-wrap gap-x-3 border-t py-1.5">
                  <span className="font-mono text-12">{rule.id}</span>
                  <span className="text-ink-3">
                    {rule.kind}, {rule.environments.join(' and ')}
                  </span>
                  <span className="min-w-0 break-words">{rule.reason}</span>
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title={`Closed by a rule in ${page.strip.year}`} note={String(page.strip.closed.length)}>
            <ul className="text-13">
              {page.strip.closed.map((it) => (
                <li key={it.day} className="flex flex-wrap gap-x-3 border-t py-1">
                  <span className="font-mono text-12">{it.day}</span>
                  <span className="min-w-0 break-words text-ink-2">{it.reasons.join(', ')}</span>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      </div>
    </div>
  )
}

function Freezes({
  page,
  mayFreeze,
}: {
  readonly page: CalendarData
  readonly mayFreeze: boolean
}): ReactNode {
  return (
    <Panel title="Freezes" note="never hold back an abort or a rollback">
      {page.incidents.map((it) => (
        <p key={`${it.number}`} className="border-t py-2 text-13">
          Frozen by itself: {it.severity} incident
          {it.number === undefined ? ' that is restricted' : ` ${it.number}, ${it.title}`}. {it.reach} It ends
          with the incident.
        </p>
      ))}
      {page.freezes.length === 0 && page.incidents.length === 0 ? (
        <p className="border-t py-2 text-13 text-ink-3">Nothing is frozen beyond the rules.</p>
      ) : null}
      <ul>
        {page.freezes.map((it) => (
          <FreezeRow key={it.id} freeze={it} nowMs={page.nowMs} mayFreeze={mayFreeze} />
        ))}
      </ul>
      {mayFreeze ? <FreezeForm /> : null}
    </Panel>
  )
}

function FreezeRow({
  freeze,
  nowMs,
  mayFreeze,
}: {
  readonly freeze: CalendarData['freezes'][number]
  readonly nowMs: number
  readonly mayFreeze: boolean
}): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const [reason, setReason] = useState<string | undefined>(undefined)
  const isOver =
    freeze.liftedAtMs !== undefined || (freeze.endsAtMs !== undefined && freeze.endsAtMs <= nowMs)
  return (
    <li className="grid grid-cols-1 gap-1 border-t py-2 text-13">
      <p className={isOver ? 'break-words text-ink-3' : 'break-words'}>
        {freeze.kind === 'stop-line' ? <b className="font-semibold">Every start is stopped. </b> : null}
        {freeze.reason} {freeze.service === '' ? '' : `(${freeze.service} only)`}
      </p>
      <p className="flex flex-wrap items-center gap-x-2 text-12 text-ink-3">
        @{freeze.by}, from <Instant at={freeze.startsAtMs / 1000} />{' '}
        {freeze.endsAtMs === undefined ? (
          'until it is lifted'
        ) : (
          <>
            to <Instant at={freeze.endsAtMs / 1000} />
          </>
        )}
        {freeze.liftedAtMs === undefined ? null : `· lifted by @${freeze.liftedBy}: ${freeze.liftedWhy}`}
        {isOver || !mayFreeze || reason !== undefined ? null : (
          <button type="button" className="link" onClick={() => setReason('')}>
            lift it
          </button>
        )}
      </p>
      {reason === undefined || isOver ? null : (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void send('deployments.lift', { freeze: freeze.id, reason })
          }}
        >
          <Field label="Why it ends early" className="min-w-0 flex-1 basis-48">
            {(control) => (
              <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
            )}
          </Field>
          <Button type="submit" busy={busy}>
            Lift it
          </Button>
          <ProblemLine problem={problem} />
        </form>
      )}
    </li>
  )
}
