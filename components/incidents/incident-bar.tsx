'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { buttonLook } from '@/components/ui/button-look'
import { Chip } from '@/components/ui/chip'
import { OpenIcon } from '@/components/ui/icons'
import { can } from '@/lib/access/permissions'
import { STATUS_TITLES, VISIBILITY_TITLES } from '@/lib/incidents/words'
import type { DialogKind } from './dialog-kinds'
import { Elapsed } from './elapsed'
import { RolesStrip } from './roles-strip'
import { SeverityBlock } from './severity-block'
import type { IncidentData, Me } from './types'

/** IncidentBar is what stays in sight: how bad, what, which phase, how long, who. */
export function IncidentBar({
  incident,
  me,
  open,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  const isLead = can(me.roles, 'incidents.command') && incident.mergedInto === null
  const startMs = incident.impactStartedAtMs ?? incident.declaredAtMs
  const commander = incident.roles.find((one) => one.role === 'commander')
  return (
    <div className="flex items-center gap-3 border-b pr-4 md:h-14 md:gap-5 md:pr-6">
      {isLead ? (
        <button
          type="button"
          className="grid self-stretch"
          aria-label={`Severity ${incident.severity}, change it`}
          onClick={() => open({ kind: 'severity' })}
        >
          <SeverityBlock severity={incident.severity} isDrill={incident.isDrill} />
        </button>
      ) : (
        <SeverityBlock severity={incident.severity} isDrill={incident.isDrill} />
      )}
      <div className="flex min-w-0 flex-1 flex-col py-2 md:flex-none md:shrink md:flex-row md:items-baseline md:gap-3 md:py-0">
        <span className="order-2 truncate font-mono text-12 text-ink-2 md:order-none md:text-13">
          {incident.name}
          <span className="font-sans md:hidden">
            {' '}
            · {STATUS_TITLES[incident.status]} ·{' '}
            {commander === undefined ? 'no commander' : `@${commander.handle}`}
          </span>
        </span>
        <h1 className="text-16 leading-5 text-pretty md:truncate md:text-20 md:leading-7">
          {isLead ? (
            <button
              type="button"
              className="max-w-full text-left hover:underline md:truncate"
              title="Change the title"
              onClick={() => open({ kind: 'title' })}
            >
              {incident.title}
            </button>
          ) : (
            incident.title
          )}
        </h1>
      </div>
      <div className="hidden items-center gap-2 md:flex">
        {isLead && incident.status !== 'resolved' ? (
          <>
            <button
              type="button"
              className={buttonLook({ size: 'small' })}
              aria-label={`Status: ${STATUS_TITLES[incident.status]}, change it`}
              onClick={() => open({ kind: 'status' })}
            >
              {STATUS_TITLES[incident.status]} <OpenIcon className="size-3" />
            </button>
            <button
              type="button"
              className={buttonLook({ size: 'small', variant: 'quiet' })}
              aria-label={`Visibility: ${VISIBILITY_TITLES[incident.visibility]}, change it`}
              onClick={() => open({ kind: 'visibility' })}
            >
              {VISIBILITY_TITLES[incident.visibility]} <OpenIcon className="size-3" />
            </button>
          </>
        ) : (
          <>
            <Chip>{STATUS_TITLES[incident.status]}</Chip>
            <Chip>{VISIBILITY_TITLES[incident.visibility]}</Chip>
          </>
        )}
        {isLead && incident.status === 'resolved' ? (
          <Button size="small" onClick={() => open({ kind: 'reopen' })}>
            Reopen
          </Button>
        ) : null}
      </div>
      <Elapsed
        fromMs={startMs}
        toMs={incident.resolvedAtMs}
        className="clock ml-auto text-20 font-medium md:ml-0 md:text-26"
      />
      <p className="hidden text-12 whitespace-nowrap text-ink-2 xl:block">
        since <Instant at={startMs / 1000} both />
      </p>
      <RolesStrip incident={incident} me={me} open={open} />
    </div>
  )
}
