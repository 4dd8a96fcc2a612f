'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useAddress } from '@/components/shell/use-address'
import { usePages } from '@/components/shell/use-pages'
import { AddressSelect } from '@/components/state/address-select'
import { failedFace } from '@/components/state/failed-face'
import { OlderNewer } from '@/components/state/older-newer'
import { Panel } from '@/components/state/panel'
import { duration } from '@/components/time/format'
import { Instant } from '@/components/time/instant'
import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { Table } from '@/components/ui/table'
import { queryOf } from '@/lib/client/api'
import { SEVERITIES } from '@/lib/incidents/model'
import { STATUS_TITLES } from '@/lib/incidents/words'
import type { ListData } from './types'

type Past = ListData['incidents'][number]

/** PastIncidents is everything that was, filtered by the address, 50 at a time. */
export function PastIncidents(): ReactNode {
  const status = useAddress('status')
  const severity = useAddress('severity')
  const drills = useAddress('drills')
  const text = useAddress('text')
  const pages = usePages()
  const query = useQuery({
    ...queryOf('incidents.list', {
      status: status.value === 'all' || status.value === 'open' ? status.value : 'resolved',
      drills: drills.value === 'with' || drills.value === 'only' ? drills.value : 'without',
      text: text.value ?? '',
      ...(SEVERITIES.some((one) => one === severity.value)
        ? { severity: severity.value as (typeof SEVERITIES)[number] }
        : {}),
      ...(pages.before === undefined ? {} : { before: pages.before }),
    }),
    placeholderData: keepPreviousData,
  })
  return (
    <section className="pt-8">
      <search aria-label="Filter incidents" className="flex flex-wrap gap-2 pb-3">
        <Input
          aria-label="Title or number"
          placeholder="Title or number"
          data-search
          className="max-w-64"
          value={text.value ?? ''}
          onChange={(event) => {
            pages.restart()
            text.set(event.target.value)
          }}
        />
        <AddressSelect
          param={status}
          label="Status"
          options={[
            ['', 'Resolved'],
            ['open', 'Going on'],
            ['all', 'All'],
          ]}
          onChanged={pages.restart}
        />
        <AddressSelect
          param={severity}
          label="Severity"
          options={[['', 'Every severity'], ...SEVERITIES.map((one) => [one, one] as const)]}
          onChanged={pages.restart}
        />
        <AddressSelect
          param={drills}
          label="Drills"
          options={[
            ['', 'Without drills'],
            ['with', 'With drills'],
            ['only', 'Only drills'],
          ]}
          onChanged={pages.restart}
        />
      </search>
      {query.isPending ? (
        <Panel title="Before" face={{ kind: 'loading', rows: 4 }} />
      ) : query.isError ? (
        <Panel title="Before" face={failedFace(query, 'The list could not be read.')} />
      ) : query.data.incidents.length === 0 ? (
        <Panel title="Before" face={{ kind: 'empty', sentence: 'No incident matches.' }} />
      ) : (
        <Panel title="Before" note="newest first">
          <PastTable incidents={query.data.incidents} />
          <OlderNewer pages={pages} next={query.data.next} />
        </Panel>
      )}
    </section>
  )
}

function PastTable({ incidents }: { readonly incidents: readonly Past[] }): ReactNode {
  return (
    <Table label="Incidents, newest first">
      <thead>
        <tr>
          <th>Severity</th>
          <th>Incident</th>
          <th>Status</th>
          <th className="max-md:hidden">Commander</th>
          <th className="num">Took</th>
          <th className="num max-md:hidden">Declared</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map((incident) => (
          <tr key={incident.id} className="hover:bg-raise">
            <td>
              <SeverityMark severity={incident.isDrill ? 'drill' : incident.severity} />
            </td>
            <td className="min-w-48">
              <Link
                href={`/incidents/${incident.name}`}
                data-incident-row
                className="block font-medium hover:underline pointer-coarse:min-h-11"
              >
                {incident.title}
                <span className="block font-mono text-12 font-normal text-ink-2">{incident.name}</span>
              </Link>
            </td>
            <td>{STATUS_TITLES[incident.status]}</td>
            <td className="max-md:hidden">
              {incident.commander === null ? 'no one' : `@${incident.commander}`}
            </td>
            <td className="num font-mono">
              {incident.resolvedAtMs === null
                ? 'goes on'
                : duration(
                    (incident.resolvedAtMs - (incident.impactStartedAtMs ?? incident.declaredAtMs)) / 1000,
                  )}
            </td>
            <td className="num max-md:hidden">
              <Instant at={incident.declaredAtMs / 1000} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
