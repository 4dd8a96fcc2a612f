'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { Table } from '@/components/ui/table'
import { can } from '@/lib/access/permissions'
import { queryUrl } from '@/lib/client/api'
import type { Me, MigrationData } from './types'
import { useMigrationCommand } from './use-migration-command'

const MARKS = { passed: 'clear', failed: 'breach', unknown: 'unknown' } as const

/** ValidationPanel shows the newest report, check by check with advice, and makes another one. */
export function ValidationPanel({ data, me }: { readonly data: MigrationData; readonly me: Me }): ReactNode {
  const { busy, send } = useMigrationCommand()
  const { number, reports, state } = data
  const [report] = reports
  const isOpen = state === 'validating' || state === 'backfilling'
  const href = (seq: number, format: 'markdown' | 'json'): string =>
    queryUrl('migrations.reportFile', { number, seq, format })
  return (
    <Panel
      title="Validation"
      note={
        report === undefined
          ? undefined
          : `report ${report.seq}: ${report.verdict === 'passed' ? 'every check passed' : 'not passed'}`
      }
      aside={
        isOpen && can(me.roles, 'migrations.work') ? (
          <Button size="small" busy={busy} onClick={() => void send('migrations.validate', { number })}>
            Make a report
          </Button>
        ) : undefined
      }
      face={
        report === undefined
          ? {
              kind: 'empty',
              sentence:
                'There is no report yet. It is made once data is moved: passed only if every check passed.',
            }
          : { kind: 'ready' }
      }
    >
      {report === undefined ? null : (
        <>
          <Table label="Checks">
            <thead>
              <tr>
                <th>Check</th>
                <th>Figures</th>
              </tr>
            </thead>
            <tbody>
              {report.checks.map((check) => (
                <tr key={check.id}>
                  <td className="whitespace-normal">
                    <span className="inline-flex items-start gap-2">
                      <StateMark mark={MARKS[check.verdict]} className="mt-1 size-3 shrink-0" />
                      <span>
                        {check.title}
                        <span className="block text-12 text-ink-2">
                          {check.verdict === 'unknown' ? 'not known' : check.verdict}
                        </span>
                      </span>
                    </span>
                  </td>
                  <td className="min-w-48 whitespace-normal">
                    <span className="break-words">{check.words}</span>
                    {check.advice === '' ? null : (
                      <span className="block text-12 text-ink-2">{check.advice}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
          <p className="flex flex-wrap items-baseline gap-x-3 pt-2 text-12 text-ink-2">
            <span>
              <Instant at={report.atMs / 1000} /> by @{report.by}
            </span>
            <a className="link inline-flex min-h-6 items-center" href={href(report.seq, 'markdown')} download>
              Markdown
            </a>
            <a className="link inline-flex min-h-6 items-center" href={href(report.seq, 'json')} download>
              JSON
            </a>
            <span className="font-mono break-all">SHA-256 {report.hash.slice(0, 16)}</span>
          </p>
        </>
      )}
    </Panel>
  )
}
