import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { TimeAgo } from '@/components/time/time-ago'
import type { Mark } from '@/components/ui/state-mark'
import { StateMark } from '@/components/ui/state-mark'
import { Table } from '@/components/ui/table'
import type { MigrationData } from './types'

type Gate = NonNullable<MigrationData['traffic']['gate']>
type Signal = Gate['signals'][number]

const MARKS: Readonly<Record<Signal['rating'], Mark>> = {
  ok: 'clear',
  marginal: 'warning',
  breach: 'breach',
  unknown: 'unknown',
}
const RATINGS: Readonly<Record<Signal['rating'], string>> = {
  ok: 'good',
  marginal: 'between the limits',
  breach: 'beyond the limit',
  unknown: 'not known',
}

const figure = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 })

function shown(signal: Signal, value: number | null): string {
  if (value === null) return '–'
  return `${figure(value)} ${signal.unit}`.trim()
}

function share({ requests, wrong }: { readonly requests: number; readonly wrong: number }): string {
  return requests === 0 ? '0 %' : `${figure((wrong / requests) * 100)} %`
}

/** TrafficPanel shows what the facade reported: noise of the old side, comparisons, and the gate of the shift. */
export function TrafficPanel({ data }: { readonly data: MigrationData }): ReactNode {
  const { noise, compared, writes, gate, reverse } = data.traffic
  const isEmpty = noise === null && compared === null && writes === null && gate === null
  return (
    <Panel
      title="Traffic"
      note="as the facade and the plan’s queries tell it"
      face={
        isEmpty
          ? {
              kind: 'empty',
              sentence: 'No facade reported anything yet: see the client file for how it does.',
            }
          : { kind: 'ready' }
      }
    >
      <div className="grid grid-cols-1 gap-3 border-t pt-2">
        {gate === null ? null : <GateTable gate={gate} />}
        <dl className="grid grid-cols-1 gap-x-6 gap-y-1 sm:grid-cols-[auto_1fr]">
          <dt className="text-ink-2">Old against itself</dt>
          <dd>
            {noise === null ? 'not measured' : `${share(noise)} of ${noise.requests} differ: the noise`}
          </dd>
          <dt className="text-ink-2">Old against new</dt>
          <dd>{compared === null ? 'not compared' : `${share(compared)} of ${compared.requests} differ`}</dd>
          {writes === null ? null : (
            <>
              <dt className="text-ink-2">Writes to both</dt>
              <dd>{`${writes.wrong} of ${writes.requests} differed`}</dd>
            </>
          )}
          <dt className="text-ink-2">Reverse sync</dt>
          <dd>
            {reverse === null ? (
              'not reported'
            ) : (
              <>
                {figure(reverse.lagSeconds)} s behind, <TimeAgo at={reverse.atMs / 1000} />
              </>
            )}
          </dd>
        </dl>
        {data.mismatches.length === 0 ? null : (
          <Table label="Answers that differed, newest first">
            <thead>
              <tr>
                <th>When</th>
                <th>Key</th>
                <th>Old</th>
                <th>New</th>
              </tr>
            </thead>
            <tbody>
              {data.mismatches.map((one) => (
                <tr key={one.id}>
                  <td>
                    <Instant at={one.atMs / 1000} />
                  </td>
                  <td className="font-mono text-12">
                    {one.key} {one.field}
                  </td>
                  <td className="max-w-64 truncate font-mono text-12">{one.oldText}</td>
                  <td className="max-w-64 truncate font-mono text-12">{one.newText}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </div>
    </Panel>
  )
}

function GateTable({ gate }: { readonly gate: Gate }): ReactNode {
  return (
    <div className="grid grid-cols-1 gap-2">
      <p>
        <b className="font-medium">Gate:</b> {gate.words}
      </p>
      <Table label="Figures of the gate">
        <thead>
          <tr>
            <th>Figure</th>
            <th className="num">Now</th>
            <th className="num">Good below</th>
            <th className="num">Back above</th>
            <th className="num">Seen beyond</th>
          </tr>
        </thead>
        <tbody>
          {gate.signals.map((signal) => (
            <tr key={signal.signal}>
              <td className="min-w-44 whitespace-normal">
                <span className="inline-flex items-center gap-2">
                  <StateMark mark={MARKS[signal.rating]} className="size-3" />
                  {signal.title.charAt(0).toUpperCase() + signal.title.slice(1)}: {RATINGS[signal.rating]}
                </span>
                {signal.rating === 'unknown' && signal.why !== '' ? (
                  <span className="block text-12 text-ink-2">{signal.why}</span>
                ) : null}
              </td>
              <td className="num font-mono">{shown(signal, signal.value)}</td>
              <td className="num font-mono">{shown(signal, signal.limits.ok)}</td>
              <td className="num font-mono">{shown(signal, signal.limits.breach)}</td>
              <td className="num font-mono">
                {signal.trigger.creditedSeconds} of {signal.limits.holdSeconds} s
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
