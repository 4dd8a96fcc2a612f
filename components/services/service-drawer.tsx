'use client'

import type { ReactNode } from 'react'
import { FigureValue } from '@/components/state/figure-value'
import { NextSteps } from '@/components/state/next-steps'
import { Panel } from '@/components/state/panel'
import { SourceAge } from '@/components/state/source-age'
import { SubjectEvents } from '@/components/state/subject-events'
import { Instant } from '@/components/time/instant'
import { Drawer } from '@/components/ui/drawer'
import { StateWord } from '@/components/ui/state-word'
import type { ServiceRow } from '@/lib/health/wire'
import { kindWords, serviceRunbook } from './service-words'

/** ServiceDrawer is one service: what is wrong in words, what to do, the parts it names, the changes. */
export function ServiceDrawer({
  service,
  onClose,
}: {
  readonly service: ServiceRow
  readonly onClose: () => void
}): ReactNode {
  return (
    <Drawer open onClose={onClose} title={service.name} subtitle={kindWords(service.kind)}>
      <div className="grid gap-5">
        <div>
          <StateWord rating={service.rating} word={service.state} />
          <p className="text-16">{service.reason}</p>
        </div>
        <NextSteps steps={serviceRunbook(service)} />
        <dl>
          <Line
            title="Latency"
            aside={<SourceAge source={service.latencyMs.source || 'probe'} at={service.latencyMs.at} />}
          >
            <FigureValue figure={service.latencyMs} />
          </Line>
          <Line title="Last success">
            <Instant at={service.lastSuccessAt} seconds both />
          </Line>
          <Line title="Misses in a row">{service.misses}</Line>
        </dl>
        <Panel
          title="Parts that it names"
          face={
            service.parts.length === 0
              ? { kind: 'empty', sentence: 'Its answer names no parts; only the whole is judged.' }
              : { kind: 'ready' }
          }
        >
          <ul>
            {service.parts.map((part) => (
              <li
                key={part.name}
                className="grid grid-cols-[6rem_minmax(0,1fr)_auto] items-baseline gap-4 border-t py-1.5"
              >
                <span className="font-medium">{part.name}</span>
                <span className="text-ink-2">{part.status}</span>
                <StateWord rating={part.rating} />
              </li>
            ))}
          </ul>
        </Panel>
        <SubjectEvents subject={service.id} />
      </div>
    </Drawer>
  )
}

function Line({
  title,
  aside,
  children,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className="grid grid-cols-[1fr_auto_auto] items-baseline gap-4 border-t py-1.5">
      <dt className="text-ink-2">{title}</dt>
      <dd className="font-mono">{children}</dd>
      <dd className="w-28 text-right">{aside}</dd>
    </div>
  )
}
