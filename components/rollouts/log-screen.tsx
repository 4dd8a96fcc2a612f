'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { laterInBrowser } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { can, type Role } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { Hotfixes } from './hotfixes'
import type { ImagesData, LogData } from './types'

const WouldHave = laterInBrowser(() => import('./would-have').then((it) => it.WouldHave))

const FIGURES = [
  {
    key: 'perDay',
    name: 'Deployment frequency',
    unit: 'a day',
    means: 'Deployments to production that reached anybody.',
  },
  {
    key: 'leadTimeHours',
    name: 'Change lead time',
    unit: 'h',
    means: 'Median from the newest commit to the end of a deployment that succeeded.',
  },
  {
    key: 'changeFailPercent',
    name: 'Change fail rate',
    unit: '%',
    means: 'Went back, failed, or were followed by a fix within 24 h.',
  },
  {
    key: 'recoveryMinutes',
    name: 'Recovery time',
    unit: 'min',
    means: 'Median from the decision to go back until the stable version ran everywhere.',
  },
  { key: 'reworkPercent', name: 'Rework rate', unit: '%', means: 'Deployments whose plan was a fix.' },
  {
    key: 'overridePercent',
    name: 'Override rate',
    unit: '%',
    means: 'Deployments that broke a rule on purpose.',
  },
] as const

/** LogScreen is how deployments went: the figures with their definitions, each entry, images, holds and hotfixes. */
export function LogScreen({
  log,
  images,
  roles,
}: {
  readonly log: LogData
  readonly images: ImagesData
  readonly roles: readonly Role[]
}): ReactNode {
  const { data } = useQuery({ ...queryOf('rollouts.log', {}), initialData: log })
  const { data: facts } = useQuery({ ...queryOf('rollouts.images', {}), initialData: images })
  return (
    <div className="grid grid-cols-1 gap-6 px-4 py-4 md:px-6">
      <h1 className="text-20 font-medium">Reliability log</h1>
      <dl className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {FIGURES.map(({ key, name, unit, means }) => {
          const value = data.dora[key]
          return (
            <div key={key} className="grid grid-cols-1 content-start border-t border-line pt-2">
              <dt className="text-12 text-ink-3">{name}</dt>
              <dd className="text-20">
                {value === null ? 'not known yet' : `${Math.round(value * 10) / 10} ${unit}`}
              </dd>
              <dd className="text-12 break-words text-ink-3">{means}</dd>
            </div>
          )
        })}
      </dl>
      <Entries log={data} />
      <Past services={[...new Set(facts.services.map(({ service }) => service))]} />
      <Hotfixes
        images={facts}
        mayRecord={can(roles, 'hotfixes.record')}
        mayLift={can(roles, 'rollouts.lift')}
      />
    </div>
  )
}

function Past({ services }: { readonly services: readonly string[] }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <section aria-label="Would have rolled back at" className="grid grid-cols-1 gap-2">
      <h2 className="text-13 font-medium">
        Would have rolled back at{' '}
        <span className="font-normal text-ink-3">other numbers of a trigger, tried on what is stored</span>
      </h2>
      {services.length === 0 ? (
        <p className="text-13 text-ink-3">No deployment was carried out yet: there is nothing to try on.</p>
      ) : isOpen ? (
        <WouldHave services={services} />
      ) : (
        <Button className="justify-self-start" onClick={() => setOpen(true)}>
          Try other numbers
        </Button>
      )}
    </section>
  )
}

function Entries({ log }: { readonly log: LogData }): ReactNode {
  const href = `data:text/markdown;charset=utf-8,${encodeURIComponent(log.markdown)}`
  return (
    <section aria-label="Entries" className="grid grid-cols-1 gap-2">
      <h2 className="flex flex-wrap justify-between gap-4 text-13 font-medium">
        Deployments of the last {log.dora.days} days
        <a className="link font-normal" href={href} download="reliability-log.md">
          Save as Markdown
        </a>
      </h2>
      {log.entries.length === 0 ? (
        <p className="text-13 text-ink-3">
          No deployment has ended yet. Each leaves one entry here that nobody can change.
        </p>
      ) : (
        <ul className="divide-y divide-line border-y border-line text-13">
          {log.entries.map((entry) => (
            <li key={entry.deployment} className="grid grid-cols-1 gap-0.5 py-2">
              <p className="flex flex-wrap gap-x-3">
                <Link className="font-mono underline" href={`/deployments/${entry.deployment}/rollout`}>
                  {entry.deployment}
                </Link>
                <span className="min-w-0 break-words">
                  {entry.service} {entry.versions.before} → {entry.versions.after}
                </span>
                <span>{entry.outcome.replace('_', ' ')}</span>
                <span className="text-ink-3">
                  <Instant at={Date.parse(entry.endedAt) / 1_000} />
                </span>
              </p>
              <p className="text-12 break-words text-ink-3">
                at most {entry.maxPercent} % for {entry.exposureMinutes} weighed minutes
                {entry.back === null ? '' : `, went back: ${entry.back.cause}`}
                {entry.overrides.length === 0 ? '' : `, ${entry.overrides.length} overrides`}
                {entry.announcements.late === 0 ? '' : `, ${entry.announcements.late} announcements late`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
