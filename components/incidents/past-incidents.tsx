'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useAddress } from '@/components/shell/use-address'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { duration } from '@/components/time/format'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { Select } from '@/components/ui/select'
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
  const [pages, setPages] = useState<readonly number[]>([])
  const before = pages.at(-1)
  const query = useQuery({
    ...queryOf('incidents.list', {
      status: status.value === 'all' || status.value === 'open' ? status.value : 'resolved',
      drills: drills.value === 'with' || drills.value === 'only' ? drills.value : 'without',
      text: text.value ?? '',
      ...(SEVERITIES.some((one) => one === severity.value)
        ? { severity: severity.value as (typeof SEVERITIES)[number] }
        : {}),
      ...(before === undefined ? {} : { before }),
    }),
    placeholderData: keepPreviousData,
  })
  const set = (param: ReturnType<typeof useAddress>, value: string): void => {
    setPages([])
    if (value === '') param.clear()
    else window.history.replaceState(null, '', param.linkTo(value).href)
  }
  return (
    <section className="pt-8">
      <search aria-label="Filter incidents" className="flex flex-wrap gap-2 pb-3">
        <Input
          aria-label="Title or number"
          placeholder="Title or number"
          data-search
          className="max-w-64"
          value={text.value ?? ''}
          onChange={(event) => set(text, event.target.value)}
        />
        <Select
          aria-label="Status"
          value={status.value ?? ''}
          onChange={(event) => set(status, event.target.value)}
        >
          <option value="">Resolved</option>
          <option value="open">Going on</option>
          <option value="all">All</option>
        </Select>
        <Select
          aria-label="Severity"
          value={severity.value ?? ''}
          onChange={(event) => set(severity, event.target.value)}
        >
          <option value="">Every severity</option>
          {SEVERITIES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <Select
          aria-label="Drills"
          value={drills.value ?? ''}
          onChange={(event) => set(drills, event.target.value)}
        >
          <option value="">Without drills</option>
          <option value="with">With drills</option>
          <option value="only">Only drills</option>
        </Select>
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
          <div className="flex gap-2 pt-3">
            {pages.length === 0 ? null : (
              <Button size="small" onClick={() => setPages(pages.slice(0, -1))}>
                Newer
              </Button>
            )}
            {query.data.next === null ? null : (
              <Button size="small" onClick={() => setPages([...pages, query.data.next ?? 0])}>
                Older
              </Button>
            )}
          </div>
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
