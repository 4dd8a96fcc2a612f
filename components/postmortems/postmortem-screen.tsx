'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ItemList } from '@/components/action-items/item-list'
import { Tags } from '@/components/library/tags'
import { duration } from '@/components/time/format'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { later } from '@/components/ui/later'
import { LinkButton } from '@/components/ui/link-button'
import { SeverityMark } from '@/components/ui/severity-mark'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { type CorrectedMilestone, figuresOf, turnsOf } from '@/lib/postmortems/corrected'
import { dayOf, minuteOf } from '@/lib/postmortems/instants'
import { SECTION_TITLES, type SectionKey } from '@/lib/postmortems/model'
import type { CorrectTarget } from './correct-form'
import { DocumentSection } from './document-section'
import { ExportBar } from './export-bar'
import { ImpactSection } from './impact-section'
import { MilestonesSection } from './milestones-section'
import { Outline } from './outline'
import { ActionsSection, MessagesSection, TriageSection } from './record-sections'
import { SectionText } from './section-text'
import { TimelineSection } from './timeline-section'
import type { Me, PostmortemData } from './types'
import { usePostmortemCommand } from './use-postmortem-command'

const Similar = later(() => import('@/components/library/similar').then((module) => module.Similar))
const CorrectForm = later(() => import('./correct-form').then((module) => module.CorrectForm))

const EMPTY: Readonly<Record<SectionKey, string>> = {
  summary: 'Nobody has said in a sentence or two what happened.',
  impact: 'Nobody has said what users saw.',
  timeline: 'Nobody has explained the course, its gaps or its disagreements.',
  causes: 'Nobody has written what contributed to it.',
  'went-well': 'Nobody has written what went well.',
  'was-hard': 'Nobody has written what was hard.',
  lucky: 'Nobody has written where we were lucky.',
  resolution: 'Nobody has written how it ended.',
}

/** PostmortemScreen is one postmortem to be read: what people wrote, over the record as it was frozen. */
export function PostmortemScreen({
  initial,
  me,
}: {
  readonly initial: PostmortemData
  readonly me: Me
}): ReactNode {
  const [rows, setRows] = useState<'key' | 'all'>('key')
  const query = useQuery({
    ...queryOf('postmortems.one', { number: initial.number, rows }),
    placeholderData: (before: PostmortemData | undefined) => before ?? initial,
  })
  const postmortem = query.data ?? initial
  const [target, setTarget] = useState<CorrectTarget | undefined>(undefined)
  const { busy, problem, send } = usePostmortemCommand()
  const isOpen = ['draft', 'in-review', 'changes-asked'].includes(postmortem.state)
  const mayEdit = isOpen && can(me.roles, 'postmortems.edit')
  const onCorrect = mayEdit ? setTarget : undefined
  const { id, version, record, corrections } = postmortem
  const turns = turnsOf(record, corrections)
  const text = (key: SectionKey): ReactNode => (
    <SectionText body={postmortem.sections.find((one) => one.key === key)?.body ?? ''} empty={EMPTY[key]} />
  )
  const accept = (turn: CorrectedMilestone): void => {
    const { key, proposedMs: value } = turn
    void send('postmortems.correct', {
      id,
      of: 'milestone',
      key,
      value,
      reason: 'accepted as proposed',
      version,
    })
  }
  return (
    <div className="postmortem flex-1 px-4 py-5 md:grid md:grid-cols-[13rem_minmax(0,1fr)] md:gap-8 md:px-6 xl:grid-cols-[15rem_minmax(0,42.5rem)]">
      <div className="max-md:pb-5 md:sticky md:top-5 md:self-start">
        <Outline postmortem={postmortem}>
          <LinkButton href={`/postmortems/${postmortem.name}/edit`} className="no-print justify-self-start">
            Write and review
          </LinkButton>
          <ExportBar postmortem={postmortem} />
        </Outline>
      </div>
      <article className="grid min-w-0 grid-cols-1 content-start gap-8">
        <Head
          postmortem={postmortem}
          turns={turns}
          mayTag={can(me.roles, 'postmortems.edit') && postmortem.state !== 'approved'}
        >
          {text('summary')}
        </Head>
        {problem === undefined ? null : (
          <p role="alert" className="text-breach">
            {problem.detail}
          </p>
        )}
        <ImpactSection
          postmortem={postmortem}
          figures={figuresOf(record, corrections)}
          mitigatedMs={turns.find((turn) => turn.key === 'mitigated')?.atMs ?? null}
          onCorrect={onCorrect}
        >
          {text('impact')}
        </ImpactSection>
        <MilestonesSection
          turns={turns}
          onAccept={mayEdit && !busy ? accept : undefined}
          onCorrect={onCorrect}
        />
        <TimelineSection
          rows={record.timeline}
          total={postmortem.timelineTotal}
          leftOut={record.leftOut}
          busy={query.isFetching}
          onAll={record.timeline.length < postmortem.timelineTotal ? () => setRows('all') : undefined}
        >
          {text('timeline')}
        </TimelineSection>
        <DocumentSection id="causes" title={SECTION_TITLES.causes}>
          {text('causes')}
        </DocumentSection>
        <TriageSection triage={record.triage} />
        <DocumentSection id="how" title="How we did">
          {(['went-well', 'was-hard', 'lucky'] as const).map((key) => (
            <div key={key} className="grid grid-cols-1 gap-1">
              <h3 className="text-14">{SECTION_TITLES[key]}</h3>
              {text(key)}
            </div>
          ))}
        </DocumentSection>
        <DocumentSection id="resolution" title={SECTION_TITLES.resolution}>
          {text('resolution')}
        </DocumentSection>
        <div id="items" className="scroll-mt-16 border-t border-line-2 pt-4">
          <ItemList postmortemId={id} mayWork={can(me.roles, 'action-items.work')} />
        </div>
        <ActionsSection actions={record.actions} />
        <MessagesSection messages={record.messages} />
        <div className="no-print">
          <Similar of={{ postmortemId: id }} />
        </div>
        <Provenance postmortem={postmortem}>
          {mayEdit && postmortem.incident !== null ? (
            <Button
              size="small"
              variant="quiet"
              busy={busy}
              className="no-print"
              onClick={() => void send('postmortems.readAgain', { id, version })}
            >
              Read the sources again
            </Button>
          ) : null}
        </Provenance>
      </article>
      {target === undefined ? null : (
        <CorrectForm postmortem={postmortem} target={target} onClose={() => setTarget(undefined)} />
      )}
    </div>
  )
}

function Head({
  postmortem,
  turns,
  mayTag,
  children,
}: {
  readonly postmortem: PostmortemData
  readonly turns: readonly CorrectedMilestone[]
  readonly mayTag: boolean
  readonly children: ReactNode
}): ReactNode {
  const { meta } = postmortem.record
  const at = (key: string): number | null => turns.find((turn) => turn.key === key)?.atMs ?? null
  const startMs = at('impact') ?? meta.startedAtMs
  const endMs = at('resolved')
  const changes = meta.severityChanges.slice(1)
  return (
    <header id="summary" className="grid scroll-mt-16 grid-cols-1 gap-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
        <SeverityMark severity={postmortem.isDrill ? 'drill' : postmortem.severity} />
        <span>
          {dayOf(startMs)}, {minuteOf(startMs)} {endMs === null ? 'on' : `to ${minuteOf(endMs)}`}
        </span>
        {endMs === null ? null : (
          <b className="font-semibold text-ink">{duration((endMs - startMs) / 1000)}</b>
        )}
        <span className="font-mono text-12">{postmortem.name}</span>
        {postmortem.visibility === 'restricted' ? <Chip tone="stale">restricted</Chip> : null}
      </p>
      <Tags postmortemId={postmortem.id} tags={postmortem.tags} mayEdit={mayTag} />
      <h1 className="text-24 leading-tight break-words text-balance sm:text-36">{postmortem.title}</h1>
      <div className="[&_p]:text-16 [&_p]:text-ink-2 sm:[&_p]:text-20">{children}</div>
      {changes.length === 0 ? null : (
        <p className="text-12 break-words text-ink-2">
          {changes
            .map(({ atMs, from, to, by, reason }) => {
              const why = reason === '' ? '' : `: ${reason}`
              return `${minuteOf(atMs)} ${from ?? ''} → ${to} by @${by}${why}`
            })
            .join(' · ')}
        </p>
      )}
    </header>
  )
}

function Provenance({
  postmortem,
  children,
}: {
  readonly postmortem: PostmortemData
  readonly children: ReactNode
}): ReactNode {
  const { draftedAtMs, responders } = postmortem.record.meta
  return (
    <footer className="grid grid-cols-1 gap-1 border-t pt-3 text-12 break-words text-ink-3">
      <p>
        The record was read on {dayOf(draftedAtMs)}, {minuteOf(draftedAtMs)}, and is frozen since; version{' '}
        {postmortem.version}, begun by @{postmortem.createdBy}
        {postmortem.origin === '' ? '' : `, imported from ${postmortem.origin}`}.
      </p>
      <p>In the response: {responders.map((handle) => `@${handle}`).join(', ') || 'nobody'}.</p>
      {children}
    </footer>
  )
}
