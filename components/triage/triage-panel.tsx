'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { runCommand } from '@/components/shell/run-command'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { CauseList } from './cause-list'
import { EvidenceRow } from './evidence-row'
import { NextStep } from './next-step'
import { chosenCause, groundsOf, pathOf } from './path-of'
import { PathRail } from './path-rail'
import { TRIAGE_TITLE, TriageWaiting } from './triage-waiting'
import type { CauseData, Me, QuestionData, TriageData } from './types'
import { VerdictChip } from './verdict-chip'

const OverrideForm = later(() => import('./override-form').then((module) => module.OverrideForm))

const REFRESH_MS = 5_000
const LATE_MS = 30_000

/** TriagePanel shows the path that the looks propose, its evidence, the causes in order and what to do next. */
export function TriagePanel({
  incident,
  me,
}: {
  /** incident is whose triage it is; null is the board's. */
  readonly incident: { readonly id: string; readonly name: string; readonly isOver: boolean } | null
  readonly me: Me
}): ReactNode {
  const query = useQuery({
    ...queryOf('triage.run', { incidentId: incident?.id ?? null }),
    refetchInterval: incident?.isOver ? false : REFRESH_MS,
  })
  const run = query.data?.run
  if (query.data === undefined) {
    if (query.error === null) return <TriageWaiting />
    const retry = (): void => void query.refetch()
    return (
      <Panel
        title={TRIAGE_TITLE}
        face={{ kind: 'failed', sentence: 'The triage could not be read.', retry }}
      />
    )
  }
  if (!run) return <NotBegun incident={incident} me={me} />
  if (run.diagnosedAtMs === null)
    return (
      <Panel title={TRIAGE_TITLE}>
        <p className="text-ink-2">
          The first look is under way. If it does not come within seconds, the worker that looks is not
          running.
        </p>
      </Panel>
    )
  return <Proposed run={run} nowMs={query.data.nowMs} incident={incident} me={me} />
}

function NotBegun({
  incident,
  me,
}: {
  readonly incident: { readonly id: string; readonly isOver: boolean } | null
  readonly me: Me
}): ReactNode {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  async function begin(): Promise<void> {
    if (incident === null) return
    setBusy(true)
    await runCommand('triage.start', { incidentId: incident.id }).catch(() => undefined)
    await client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('triage.') })
    setBusy(false)
  }
  const mayBegin = incident !== null && !incident.isOver && can(me.roles, 'triage.work')
  return (
    <Panel
      title={TRIAGE_TITLE}
      face={{
        kind: 'empty',
        sentence:
          incident === null
            ? 'Nothing has been looked at yet: the worker that looks is not running.'
            : 'No triage was made of this incident.',
        ...(mayBegin
          ? {
              action: (
                <Button busy={busy} onClick={() => void begin()}>
                  Begin triage
                </Button>
              ),
            }
          : {}),
      }}
    />
  )
}

function Proposed({
  run,
  nowMs,
  incident,
  me,
}: {
  readonly run: TriageData
  readonly nowMs: number
  readonly incident: { readonly id: string; readonly name: string; readonly isOver: boolean } | null
  readonly me: Me
}): ReactNode {
  const [pickedCause, pickCause] = useState<string | undefined>(undefined)
  const [pickedQuestion, pickQuestion] = useState<string | undefined>(undefined)
  const [answering, setAnswering] = useState<QuestionData | undefined>(undefined)
  const cause = chosenCause(run, pickedCause)
  const { answered, question, ground } = pathOf(run, cause, pickedQuestion)
  const mayAnswer = can(me.roles, 'triage.work') && incident?.isOver !== true
  const order = run.causes.map((one) => one.leaf)
  const choose = (leaf: string): void => {
    pickCause(leaf)
    pickQuestion(undefined)
  }
  useTriageKeys({
    order,
    current: cause?.leaf,
    choose,
    answer: mayAnswer && question ? () => setAnswering(question) : undefined,
  })
  const isLate = incident?.isOver !== true && nowMs - (run.diagnosedAtMs ?? 0) > LATE_MS
  return (
    <section aria-labelledby="triage" className="grid content-start gap-4">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 id="triage" className="text-16">
          {run.headline}
        </h2>
        <span className="text-12 text-ink-3">
          <TimeAgo at={Math.floor((run.diagnosedAtMs ?? 0) / 1000)} />
        </span>
        <Link
          href={incident === null ? '/triage#tree' : `/triage?incident=${incident.name}#tree`}
          className="link ml-auto text-12"
        >
          Whole tree
        </Link>
      </header>
      {isLate ? (
        <p role="status" className="text-stale">
          Not answered anew since <TimeAgo at={Math.floor((run.diagnosedAtMs ?? 0) / 1000)} />: the worker
          that looks is late. What stands here is old.
        </p>
      ) : null}
      <PathRail questions={answered} onPick={pickQuestion} />
      {question === undefined ? null : (
        <InHand
          question={question}
          ground={ground}
          onAnswer={mayAnswer ? () => setAnswering(question) : undefined}
        />
      )}
      {cause === undefined ? (
        <p className="text-ink-2">
          No known pattern. You are in free investigation: log what you check in the record; it becomes a new
          branch.
        </p>
      ) : (
        <>
          <Grounds run={run} cause={cause} inHandId={question?.id} onPick={pickQuestion} />
          {cause.state === 'certain' || cause.state === 'likely' ? (
            <NextStep cause={cause} incident={incident} me={me} />
          ) : null}
        </>
      )}
      <Ranked run={run} chosen={cause?.leaf} onChoose={choose} />
      {answering === undefined ? null : (
        <OverrideForm
          question={answering}
          incidentId={incident?.id ?? null}
          onClose={() => setAnswering(undefined)}
        />
      )}
    </section>
  )
}

function InHand({
  question,
  ground,
  onAnswer,
}: {
  readonly question: QuestionData
  readonly ground: readonly QuestionData[]
  readonly onAnswer: (() => void) | undefined
}): ReactNode {
  return (
    <div className="grid gap-2 border-l-2 border-accent pl-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="text-20 text-balance">{question.ask}</h3>
        <VerdictChip question={question} />
        {onAnswer === undefined ? null : (
          <Button size="small" keys="O" className="ml-auto" onClick={onAnswer}>
            Override
          </Button>
        )}
      </div>
      {question.how === '' ? null : <p className="text-pretty text-ink-2">{question.how}</p>}
      <ul aria-label="Evidence">
        {(ground.length > 0 ? ground : [question]).map((one) => (
          <EvidenceRow key={one.id} question={one} />
        ))}
      </ul>
    </div>
  )
}

const SIDES = { for: 'For it', against: 'Against it', open: 'Not known' } as const

function Grounds({
  run,
  cause,
  inHandId,
  onPick,
}: {
  readonly run: TriageData
  readonly cause: CauseData
  readonly inHandId: string | undefined
  readonly onPick: (id: string) => void
}): ReactNode {
  const grounds = groundsOf(run, cause, inHandId)
  if (grounds.length === 0) return null
  return (
    <ul aria-label={`What speaks for and against: ${cause.title}`} className="grid">
      {grounds.map(({ side, question }) => (
        <li key={question.id} className="border-t">
          <button
            type="button"
            className="grid w-full grid-cols-[5.5rem_minmax(0,1fr)_auto] items-baseline gap-x-3 py-1.5 text-left hover:bg-raise"
            onClick={() => onPick(question.id)}
          >
            <span className="text-12 text-ink-3">{SIDES[side]}</span>
            <span className="text-pretty text-ink-2">{question.ask}</span>
            <VerdictChip question={question} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function Ranked({
  run,
  chosen,
  onChoose,
}: {
  readonly run: TriageData
  readonly chosen: string | undefined
  readonly onChoose: (leaf: string) => void
}): ReactNode {
  const firm = run.causes.filter((cause) => cause.state === 'certain' || cause.state === 'likely')
  const possible = run.causes.filter((cause) => cause.state === 'possible')
  return (
    <div className="grid gap-3">
      {firm.length === 0 ? null : <CauseList causes={firm} chosen={chosen} onChoose={onChoose} />}
      {run.unexplained.length === 0 ? null : (
        <p className="text-pretty text-ink-2">
          Not explained by any of these: {run.unexplained.map((id) => run.questions[id]?.ask ?? id).join(' ')}
        </p>
      )}
      {possible.length === 0 ? null : (
        <details open={firm.length === 0}>
          <summary className="cursor-pointer py-1 text-ink-2">
            {possible.length} possible, because something is not known · {run.excluded} excluded
          </summary>
          <CauseList causes={possible} chosen={chosen} onChoose={onChoose} />
        </details>
      )}
    </div>
  )
}

function useTriageKeys(options: {
  readonly order: readonly string[]
  readonly current: string | undefined
  readonly choose: (leaf: string) => void
  readonly answer: (() => void) | undefined
}): void {
  const { order, current, choose, answer } = options
  const orderKey = order.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the callbacks are made anew at each render and do the same
  const actions = useMemo((): readonly Action[] => {
    const step = (by: number) => (): void => {
      const at = order.indexOf(current ?? '')
      const next = order[Math.min(order.length - 1, Math.max(0, at + by))]
      if (next !== undefined) choose(next)
    }
    const group = 'On this page'
    return [
      ...(answer
        ? [
            {
              id: 'triage-override',
              title: 'Answer in place of the machine',
              keys: 'O',
              group,
              run: answer,
            } as const,
          ]
        : []),
      { id: 'triage-next', title: 'Next cause', keys: 'J', group, run: step(1) },
      { id: 'triage-before', title: 'Cause before', keys: 'K', group, run: step(-1) },
    ]
  }, [orderKey, current, answer === undefined])
  useActions(actions)
}
