'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { TimeAgo } from '@/components/time/time-ago'
import { type Mark, StateMark } from '@/components/ui/state-mark'
import type { PageData } from './types'
import { countWords, percent, short, spell } from './words'

/** Cell is one of the six cells, parted by hairlines. */
export function Cell({
  title,
  aside,
  children,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  return (
    <Panel title={title} aside={aside} className="border-t py-4 md:px-4">
      {children}
    </Panel>
  )
}

/** ChangeCell is what is deployed against what runs. */
export function ChangeCell({ page }: { readonly page: PageData }): ReactNode {
  const { plan } = page
  const { about } = plan
  const config = Object.entries(plan.config)
  const irreversible = plan.migrations.filter((it) => !it.isReversible).length
  return (
    <Cell title="Change" aside={page.looks ? <TimeAgo at={page.looks.atMs / 1000} /> : undefined}>
      <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-y-2 text-13">
        <Row term="Commits">
          {about.commits === undefined
            ? 'not told'
            : `${about.commits.count} by ${countWords(about.commits.authors.length, 'person', 'people')}`}
          {about.link === undefined ? null : (
            <>
              {' '}
              <a className="link" href={about.link}>
                see them
              </a>
            </>
          )}
        </Row>
        <Row term="Image">
          <span className="font-mono text-12">
            {plan.baseline === null ? 'nothing' : short(plan.baseline.digest)} →{' '}
            {plan.artifacts.map(({ digest }) => short(digest)).join(', ')}
          </span>
        </Row>
        <Row term="Config">
          {config.length === 0
            ? 'unchanged'
            : config.map(([name, { from, to }]) => (
                <span key={name} className="block font-mono text-12 break-all">
                  {name} {from ?? 'unset'} → {to ?? 'unset'}
                </span>
              ))}
        </Row>
        <Row term="Migrations">
          {plan.migrations.length === 0
            ? 'none'
            : `${plan.migrations.length}, ${irreversible === 0 ? 'reversible' : `${irreversible} can’t be taken back`}`}
        </Row>
        <Row term="Targets">{plan.targets.map(({ name }) => name).join(', ')}</Row>
        <Row term="Notes">{about.notes ?? 'none'}</Row>
      </dl>
    </Cell>
  )
}

function Row({ term, children }: { readonly term: string; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-ink-3">{term}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}

/** SoakCell is how long staging has run this very image, and what was seen of it. */
export function SoakCell({ page }: { readonly page: PageData }): ReactNode {
  const { soak } = page
  const wanted = page.service.soakMinutes
  const digest = short(page.plan.artifacts[0]?.digest ?? '')
  if (soak === undefined)
    return (
      <Cell title="Staging soak">
        <p className="text-13 text-ink-2">Staging was never seen running {digest}.</p>
      </Cell>
    )
  const minutes = Math.floor((soak.seenAtMs - soak.sinceMs) / 60_000)
  const share = Math.min(1, minutes / Math.max(1, wanted))
  return (
    <Cell title="Staging soak" aside={<TimeAgo at={soak.seenAtMs / 1000} />}>
      <p>
        <b className="text-20 font-semibold">{minutes} m</b>{' '}
        <span className="text-13 text-ink-3">
          of {wanted} m, on <span className="font-mono">{digest}</span>
        </span>
      </p>
      <svg role="img" aria-label={`${minutes} of ${wanted} minutes`} className="mt-2 h-1.5 w-full">
        <rect width="100%" height="100%" className="fill-line" />
        <rect width={`${share * 100}%`} height="100%" className="fill-ink" />
      </svg>
      <p className="pt-2 text-13 break-words text-ink-2">
        {cleanWords(soak)} Seen there since <Instant at={soak.sinceMs / 1000} />.
      </p>
    </Cell>
  )
}

function cleanWords({ trouble, unseen }: { readonly trouble: string; readonly unseen: string }): string {
  if (trouble !== '') return trouble
  return unseen === '' ? 'Clean.' : `Nothing wrong was seen, but its health is not known: ${unseen}.`
}

/** ReachCell is how far it really goes: planned, achievable and measured. */
export function ReachCell({ page }: { readonly page: PageData }): ReactNode {
  const measured = page.measured as { readonly byRequests?: number } | null
  return (
    <Cell title="Reach" aside="planned, achievable, measured">
      {page.reaches === undefined ? (
        <p className="text-13 text-ink-2">How many units there are is not known.</p>
      ) : (
        <ul className="grid gap-3">
          {page.reaches.map((step) => (
            <li key={step.percent} className="grid gap-1 text-13">
              <p className="flex justify-between gap-2">
                <span>
                  {step.percent} % planned
                  {step.lines.map((line) => (
                    <span key={line.target} className="text-ink-3">
                      {' '}
                      · {line.target} {line.words}
                    </span>
                  ))}
                </span>
                <b className="font-mono font-semibold">{percent(step.sharePercent)}</b>
              </p>
              <svg
                role="img"
                aria-label={`planned ${step.percent} %, achievable ${percent(step.sharePercent)}`}
                className="h-2.5 w-full"
              >
                <rect y="4" width="100%" height="1" className="fill-line-2" />
                <rect width={`${step.sharePercent}%`} height="10" className="fill-spark" />
                <rect x={`${Math.min(step.percent, 99.5)}%`} width="2" height="10" className="fill-accent" />
              </svg>
            </li>
          ))}
        </ul>
      )}
      <p className="pt-2 text-12 text-ink-3">
        Measured: {measured?.byRequests === undefined ? 'not yet' : percent(measured.byRequests * 100)} by
        requests.{' '}
        {page.service.downstream.length === 0
          ? 'Nothing is downstream.'
          : `Downstream: ${page.service.downstream.join(', ')}.`}
        {page.service.tenants === undefined ? '' : ` About ${page.service.tenants} tenants.`}
      </p>
    </Cell>
  )
}

/** PowerCell is what the first step can show, and what it can't. */
export function PowerCell({ page }: { readonly page: PageData }): ReactNode {
  const { power } = page
  if (power === undefined)
    return (
      <Cell title="What the first step can show">
        <p className="text-13 text-ink-2">Neither traffic nor units are known: nobody can say.</p>
      </Cell>
    )
  return (
    <Cell
      title={`What ${power.minutes} minutes can show`}
      aside={`exact binomial, ${power.baselinePercent} % base`}
    >
      <p>
        <b className="text-20 font-semibold">{power.requests}</b>{' '}
        <span className="text-13 text-ink-3">
          requests at {power.percent} % for {power.minutes} m, traffic {power.basis}
        </span>
      </p>
      <ul className="grid gap-2 pt-2">
        {power.lines.map((line) => (
          <li key={line.rate} className="flex items-center gap-2 text-13">
            <span className="basis-24">{percent(line.rate * 100)} errors</span>
            <svg aria-hidden="true" className="h-2 min-w-0 flex-1">
              <rect y="3" width="100%" height="1" className="fill-line-2" />
              <rect width={`${line.chance * 100}%`} height="8" className="fill-spark" />
              <rect x="80%" width="1" height="8" className="fill-ink" />
            </svg>
            <b className="w-10 text-right font-mono font-semibold">{Math.round(line.chance * 100)} %</b>
            <span className="w-24 text-ink-2">{line.isSeen ? 'seen' : 'likely missed'}</span>
          </li>
        ))}
      </ul>
      <p className="pt-2 text-12 text-ink-3">
        {power.seenFromPercent === undefined
          ? 'No rate of errors is seen reliably.'
          : `It can detect ≥ ${power.seenFromPercent} % errors${power.seenFromPercent > 5 ? ', not 5 %' : ''}.`}
        {power.minutesFor5 === undefined || power.minutesFor5 <= power.minutes
          ? ''
          : ` ${power.requestsFor5} requests see 5 %: make the step ${power.minutesFor5} m long, or accept.`}
      </p>
    </Cell>
  )
}

const FACT_MARKS: Readonly<Record<'yes' | 'no' | 'unknown', Mark>> = {
  yes: 'clear',
  no: 'false',
  unknown: 'unknown',
}

/** WayBackCell is how it comes back, how long that takes and how that is known. */
export function WayBackCell({
  page,
  children,
}: {
  readonly page: PageData
  readonly children?: ReactNode
}): ReactNode {
  const { wayBack } = page
  const seconds = wayBack.seconds
  const top = Math.max(wayBack.budgetSeconds * 2, seconds ?? 0)
  return (
    <Cell
      title="Way back"
      aside={
        wayBack.rehearsal ? (
          <>
            rehearsed <Instant at={wayBack.rehearsal.atMs / 1000} />
          </>
        ) : wayBack.basis === 'computed' ? (
          'computed, not rehearsed'
        ) : (
          'not known'
        )
      }
    >
      <p>
        <b className="text-20 font-semibold">{seconds === undefined ? 'not known' : spell(seconds)}</b>{' '}
        <span className="text-13 text-ink-3">
          {wayBack.rehearsal ? 'measured' : 'predicted'}, limit {spell(wayBack.budgetSeconds)}
        </span>
      </p>
      {seconds === undefined ? null : (
        <svg role="img" aria-label={wayBack.words} className="mt-2 h-3 w-full">
          <rect y="5" width="100%" height="1" className="fill-line-2" />
          <rect
            x={`${(100 * wayBack.budgetSeconds) / top}%`}
            y="4"
            width="100%"
            height="3"
            className="fill-spark"
          />
          <rect x={`${(100 * wayBack.budgetSeconds) / top}%`} width="1" height="12" className="fill-ink" />
          <rect x={`${Math.min(99, (100 * seconds) / top)}%`} width="3" height="12" className="fill-accent" />
        </svg>
      )}
      <ul className="grid gap-1.5 pt-2 text-13">
        {wayBack.facts.map((fact) => (
          <li key={fact.words} className="flex items-start gap-2">
            <StateMark mark={FACT_MARKS[fact.state]} className="mt-1 size-3 shrink-0" />
            <span className="min-w-0 break-words">{fact.words}</span>
          </li>
        ))}
      </ul>
      {children}
    </Cell>
  )
}
