'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { duration } from '@/components/time/format'
import { Instant } from '@/components/time/instant'
import { Link } from '@/components/ui/link'
import { Table } from '@/components/ui/table'
import type { ReportData } from './types'

/** DrillReport is a drill that is over: the score with its reasons, and what was so beside what was done. */
export function DrillReport({ report }: { readonly report: ReportData }): ReactNode {
  const { score, incident } = report
  return (
    <div className="flex flex-1 flex-col gap-8 px-4 py-4 md:px-6">
      <header className="grid gap-1">
        <p className="text-12 text-ink-2">
          <Link href="/drills" className="link">
            Drills
          </Link>
        </p>
        <h1 className="text-20">{report.title}</h1>
        <p className="text-ink-2">{report.description}</p>
        <p className="text-12 text-ink-2">
          Begun <Instant at={report.startedAtMs / 1000} /> by @{report.startedBy} at {report.speed}×, took{' '}
          {duration((report.endedAtMs - report.startedAtMs) / 1000)}
          {incident === null ? null : (
            <>
              {' · '}
              <Link href={`/incidents/${incident.name}`} className="link">
                {incident.name}
              </Link>
              {incident.isOpen ? ', still open: resolve it' : ''}
            </>
          )}
        </p>
        {report.problem === '' ? null : <p className="text-breach">{report.problem}</p>}
      </header>
      <div className="grid items-start gap-8 xl:grid-cols-2">
        {score === null ? (
          <Panel
            title="Score"
            face={{ kind: 'empty', sentence: 'There is no score: it did not come to its end.' }}
          />
        ) : (
          <Panel title="Score" aside="kept out of all figures">
            <p className="pb-3 text-20">
              <b className="font-semibold">{score.percent} %</b>
            </p>
            <Table label="Points, with why">
              <thead>
                <tr>
                  <th>Part</th>
                  <th className="num">Points</th>
                  <th>Why</th>
                </tr>
              </thead>
              <tbody>
                {score.items.map((item) => (
                  <tr key={item.id}>
                    <td>{item.title}</td>
                    <td className="num font-mono">
                      {item.points === null ? 'not counted' : `${item.points} of ${item.of}`}
                    </td>
                    <td className="min-w-48 whitespace-normal text-ink-2">{item.why}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Panel>
        )}
        <Panel title="What was so, and what was done" note="from the beginning">
          <ol aria-label="Debrief" className="border-t">
            {report.lines.map((line, index) => (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a drill that is over never move
                key={index}
                className={clsx(
                  'flex items-baseline gap-3 border-b py-1.5',
                  line.kind === 'truth' && 'bg-drill-tint font-medium',
                )}
              >
                <span className="w-20 shrink-0 text-right font-mono text-12 text-ink-2">
                  {duration(Math.max(0, line.atMs - report.startedAtMs) / 1000)}
                </span>
                <span className="min-w-0 flex-1">
                  {line.kind === 'truth' ? <span className="text-drill">Truth: </span> : null}
                  {line.words}
                </span>
                {line.by === '' ? null : <span className="text-12 text-ink-3">{line.by}</span>}
              </li>
            ))}
          </ol>
        </Panel>
      </div>
    </div>
  )
}
