'use client'

import type { ReactNode } from 'react'
import { useAddress } from '@/components/shell/use-address'
import { FigureValue } from '@/components/state/figure-value'
import { Panel } from '@/components/state/panel'
import { RoomHead } from '@/components/state/room-head'
import { SourceAge } from '@/components/state/source-age'
import { TimeAgo } from '@/components/time/time-ago'
import { later } from '@/components/ui/later'
import { LinkButton } from '@/components/ui/link-button'
import { StateWord } from '@/components/ui/state-word'
import { Table } from '@/components/ui/table'
import { useBoard } from '@/lib/client/health-store'
import type { ServiceRow } from '@/lib/health/wire'
import { kindWords } from './service-words'

const ServiceDrawer = later(() => import('./service-drawer').then((module) => module.ServiceDrawer))

/** ServicesScreen lists every probed service; the open one is in the address. */
export function ServicesScreen(): ReactNode {
  const services = useBoard((board) => board.services)
  const open = useAddress('service')
  const opened = services?.find((service) => service.id === open.value)
  return (
    <div className="px-4 pb-8 md:px-6">
      <RoomHead
        title="Services"
        ratings={services?.map((service) => service.rating)}
        noun={['service', 'services']}
      />
      {services === undefined ? (
        <Panel title="Services" face={{ kind: 'loading', rows: 6 }} />
      ) : services.length === 0 ? (
        <Panel
          title="Services"
          face={{
            kind: 'empty',
            sentence: 'No endpoint is probed. Name the health endpoint of your integration first.',
            action: <LinkButton href="/settings/sources#services">Name an endpoint</LinkButton>,
          }}
        />
      ) : (
        <Table label="Services">
          <thead>
            <tr>
              <th>Rating</th>
              <th>Service</th>
              <th>Parts that it names</th>
              <th className="num">Latency</th>
              <th className="num">Misses in a row</th>
              <th className="num">Last success</th>
              <th className="num">Source</th>
            </tr>
          </thead>
          <tbody>
            {services.map((service) => (
              <Row key={service.id} service={service} link={open.linkTo(service.id)} />
            ))}
          </tbody>
        </Table>
      )}
      {opened === undefined ? null : <ServiceDrawer service={opened} onClose={open.clear} />}
      {services !== undefined && open.value !== undefined && opened === undefined ? (
        <p className="pt-4 text-ink-2">The service {open.value} is not probed here.</p>
      ) : null}
    </div>
  )
}

function Row({
  service,
  link,
}: {
  readonly service: ServiceRow
  readonly link: ReturnType<ReturnType<typeof useAddress>['linkTo']>
}): ReactNode {
  return (
    <tr className="hover:bg-raise">
      <td>
        <StateWord rating={service.rating} word={service.state} />
      </td>
      <td className="min-w-56">
        <a {...link} className="block pointer-coarse:min-h-11">
          <span className="font-medium">{service.name}</span>{' '}
          <span className="text-ink-3">{kindWords(service.kind)}</span>
          <span className="block text-12 text-ink-2">{service.reason}</span>
        </a>
      </td>
      <td>
        <span className="flex flex-wrap gap-x-4">
          {service.parts.length === 0 ? <span className="text-ink-3">none</span> : null}
          {service.parts.map((part) => (
            <StateWord key={part.name} rating={part.rating} word={part.name} className="text-12" />
          ))}
        </span>
      </td>
      <td className="num font-mono">
        <FigureValue figure={service.latencyMs} />
      </td>
      <td className="num font-mono">{service.misses}</td>
      <td className="num">
        <TimeAgo at={service.lastSuccessAt} />
      </td>
      <td className="num">
        <SourceAge source={service.latencyMs.source || 'probe'} at={service.latencyMs.at} />
      </td>
    </tr>
  )
}
