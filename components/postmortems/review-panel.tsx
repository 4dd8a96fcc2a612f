'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { type Mark, StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { onHint } from '@/lib/client/live'
import { LINT_WORDS, rowAnchor } from '@/lib/postmortems/lint'
import { SECTION_TITLES, type SectionKey, STATE_WORDS } from '@/lib/postmortems/model'
import type { CommandInput, CommandName } from '@/lib/registry'
import type { DocumentData, ReviewData, Viewer } from './editor-types'
import { linked } from './evidence'
import { useSend } from './use-send'

const AskReview = later(() => import('./ask-review').then((module) => module.AskReview))
const GiveVerdict = later(() => import('./give-verdict').then((module) => module.GiveVerdict))
const ReopenForm = later(() => import('./reopen-form').then((module) => module.ReopenForm))

/** ReviewPanel says where a document stands, who reviews it, what is still to be settled, and offers the next step. */
export function ReviewPanel({
  document,
  me,
  onExplain,
}: {
  readonly document: DocumentData
  readonly me: Viewer
  /** onExplain opens the section in which a finding is settled. */
  readonly onExplain?: (section: SectionKey, text: string) => void
}): ReactNode {
  const query = useQuery(queryOf('postmortems.review', { id: document.id }))
  useItemHints()
  if (query.isPending) return <Panel title="Review" face={{ kind: 'loading', rows: 5 }} />
  if (query.isError) return <Panel title="Review" face={failedFace(query, 'The review could not be read.')} />
  return (
    <div className="grid grid-cols-1 gap-6">
      <Panel title="Review" aside={STATE_WORDS[document.state]}>
        <Reviewers review={query.data} />
        <Steps document={document} review={query.data} me={me} />
      </Panel>
      <Findings review={query.data} {...(onExplain === undefined ? {} : { onExplain })} />
    </div>
  )
}

/** What is still to be settled changes with the action items too, which are another room's. */
function useItemHints(): void {
  const client = useQueryClient()
  useEffect(
    () =>
      onHint((hint) => {
        if (hint !== 'all' && hint.topic === 'action-items')
          void client.invalidateQueries({ queryKey: ['postmortems.review'] })
      }),
    [client],
  )
}

const STANDS: Readonly<Record<ReviewData['reviewers'][number]['stand'], readonly [Mark, string]>> = {
  asked: ['unknown', 'asked'],
  approved: ['clear', 'approved'],
  'approved-older': ['stale', 'approved an older version'],
  'changes-asked': ['warning', 'asks for changes'],
}

function Reviewers({ review }: { readonly review: ReviewData }): ReactNode {
  if (review.reviewers.length === 0)
    return (
      <p className="text-12 text-ink-3">
        Nobody is asked yet. One reviewer must not have responded or written here.
      </p>
    )
  return (
    <ul aria-label="Reviewers" className="grid grid-cols-1">
      {review.reviewers.map((one) => {
        const [mark, words] = STANDS[one.stand]
        const isInsider = review.insiders.includes(one.handle)
        return (
          <li key={one.id} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 border-b py-2">
            <span className="pt-1">
              <StateMark mark={mark} />
            </span>
            <span className="min-w-0 break-words">
              <b className="font-medium">@{one.handle}</b>
              <span className="block text-12 text-ink-3">
                {words} <Instant at={one.atMs / 1000} />,{' '}
                {isInsider ? 'responded or wrote here' : 'not in the response'}
              </span>
              {one.text === '' ? null : <span className="block text-13">{one.text}</span>}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

type Open = 'ask' | 'verdict' | 'reopen' | undefined

function Steps({
  document,
  review,
  me,
}: {
  readonly document: DocumentData
  readonly review: ReviewData
  readonly me: Viewer
}): ReactNode {
  const [open, setOpen] = useState<Open>(undefined)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const send = useSend()
  const { state, id, version } = document
  const musts = review.findings.filter(({ level }) => level === 'must').length
  const [mayEdit, mayReview, mayPublish] = [
    can(me.roles, 'postmortems.edit'),
    can(me.roles, 'postmortems.review'),
    can(me.roles, 'postmortems.publish'),
  ]
  const run = async <Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<void> => {
    setBusy(true)
    setProblem((await send(name, input))?.detail)
    setBusy(false)
  }
  const isUnder = state === 'in-review' || state === 'changes-asked'
  const waits = musts === 0 ? {} : { waitsFor: `waits for ${musts} ${musts === 1 ? 'finding' : 'findings'}` }
  const closing =
    review.openItems === 0
      ? {}
      : { waitsFor: `${review.openItems} action ${review.openItems === 1 ? 'item is' : 'items are'} open` }
  return (
    <div className="grid grid-cols-1 gap-2 pt-3">
      <p className="flex flex-wrap gap-2">
        {mayEdit && (state === 'draft' || isUnder) ? (
          <Button variant={state === 'in-review' ? 'plain' : 'primary'} onClick={() => setOpen('ask')}>
            {state === 'draft' ? 'Send for review' : 'Ask reviewers again'}
          </Button>
        ) : null}
        {mayReview && (isUnder || state === 'approved') ? (
          <Button variant={state === 'in-review' ? 'primary' : 'plain'} onClick={() => setOpen('verdict')}>
            Review it
          </Button>
        ) : null}
        {mayPublish && state === 'approved' ? (
          <Button
            variant="primary"
            busy={busy}
            {...waits}
            onClick={() => void run('postmortems.publish', { id, version })}
          >
            Publish
          </Button>
        ) : null}
        {mayPublish && state === 'published' ? (
          <Button busy={busy} {...closing} onClick={() => void run('postmortems.close', { id })}>
            Close
          </Button>
        ) : null}
        {mayEdit && (isUnder || state === 'approved') ? (
          <Button variant="quiet" busy={busy} onClick={() => void run('postmortems.takeBack', { id })}>
            Take back
          </Button>
        ) : null}
        {mayPublish && (state === 'published' || state === 'closed') ? (
          <Button variant="quiet" onClick={() => setOpen('reopen')}>
            Open again
          </Button>
        ) : null}
      </p>
      <p className="text-12 text-ink-3">
        Version {version}
        {document.approvedVersion === null ? '' : `, approved as version ${document.approvedVersion}`}
      </p>
      {problem === undefined ? null : (
        <p role="alert" className="text-breach">
          {problem}
        </p>
      )}
      {open === 'ask' ? (
        <AskReview document={document} review={review} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'verdict' ? (
        <GiveVerdict document={document} review={review} me={me} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'reopen' ? <ReopenForm id={id} onClose={() => setOpen(undefined)} /> : null}
    </div>
  )
}

type Finding = ReviewData['findings'][number]

function Findings({
  review,
  onExplain,
}: {
  readonly review: ReviewData
  readonly onExplain?: (section: SectionKey, text: string) => void
}): ReactNode {
  // What keeps it from being published stands first.
  const findings = review.findings.toSorted((a, b) => Number(b.level === 'must') - Number(a.level === 'must'))
  const musts = findings.filter(({ level }) => level === 'must').length
  const aside =
    findings.length === 0 ? 'all settled' : `${musts} to settle, ${findings.length - musts} to look at`
  return (
    <Panel title="Review checks" aside={aside}>
      {findings.length === 0 ? (
        <p className="flex items-center gap-2 text-13">
          <StateMark mark="clear" />
          No blame, no counterfactuals, every claim linked, every gap explained.
        </p>
      ) : (
        <ul aria-label="Findings" className="grid max-h-96 grid-cols-1 overflow-y-auto">
          {findings.map((finding) => (
            <li
              key={`${finding.rule} ${finding.section} ${finding.from} ${finding.ref}`}
              className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 border-b py-1.5 text-13"
            >
              <span className="pt-1">
                <StateMark mark={finding.level === 'must' ? 'blocks' : 'warning'} />
              </span>
              <span className="min-w-0 break-words">
                <b className="font-medium">{LINT_WORDS[finding.rule]}</b>{' '}
                <span className="text-ink-3">{placeOf(finding)}</span>
                <span className="block text-12 text-ink-2">{finding.why}</span>
                {finding.rule === 'gap' && onExplain !== undefined ? (
                  <Button size="small" onClick={() => onExplain('timeline', explanationOf(finding))}>
                    Explain
                  </Button>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function placeOf({ section }: Finding): string {
  return section === 'items' ? 'Action items' : SECTION_TITLES[section]
}

/** What begins an explanation: the gap by its times, linked to its row. */
function explanationOf({ why, ref }: Finding): string {
  return `${linked(why.split(': ')[0] ?? '', rowAnchor(ref))}: `
}
