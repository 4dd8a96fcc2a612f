import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/time/time-ago'
import { LinkButton } from '@/components/ui/link-button'
import { StateMark } from '@/components/ui/state-mark'
import type { InstanceDetail } from './gpu-identity'
import { fieldOf, listOf, looseFlag, looseText, secondsOf } from './loose'

/** GpuAgent is the instance from the inside: programs, endpoints, model files and the last error lines. */
export function GpuAgent({ agent }: { readonly agent: InstanceDetail['agent'] }): ReactNode {
  if (!agent) {
    return (
      <section aria-label="Agent">
        <h3 className="pb-1.5 text-12 font-medium text-ink-2">From the inside</h3>
        <p className="pb-2 text-unknown">
          No agent has reported from this instance, so its programs and logs are unknown.
        </p>
        <LinkButton size="small" href="/settings/agents">
          Install the agent
        </LinkButton>
      </section>
    )
  }
  const { report } = agent
  return (
    <section aria-label="Agent">
      <h3 className="flex justify-between pb-1.5 text-12 font-medium text-ink-2">
        From the inside
        <span className="font-normal text-ink-3">
          Agent · <TimeAgo at={secondsOf(agent.receivedAt)} />
        </span>
      </h3>
      <Programs report={report} />
      <Endpoints report={report} />
      <Models report={report} />
      <Logs report={report} />
    </section>
  )
}

type Report = Readonly<Record<string, unknown>>

function Programs({ report }: { readonly report: Report }): ReactNode {
  const processes = listOf(fieldOf(report, 'supervisor', 'processes'))
  if (processes.length === 0) {
    return <p className="text-unknown">Programs: {whyOf(fieldOf(report, 'supervisor'))}.</p>
  }
  return (
    <ul>
      {processes.map((process) => {
        const name = looseText(fieldOf(process, 'name')).value ?? 'not named'
        const state = looseText(fieldOf(process, 'state')).value ?? 'unknown'
        return (
          <li key={name} className="flex items-center gap-2 border-t py-1">
            <StateMark mark={state === 'RUNNING' ? 'clear' : state === 'unknown' ? 'unknown' : 'breach'} />
            <span className="font-mono">{name}</span>
            <span className="ml-auto text-12 text-ink-2">{state.toLowerCase()}</span>
          </li>
        )
      })}
    </ul>
  )
}

const ENDPOINTS = ['TEMPORAL_ADDRESS', 'MINIO_ENDPOINT', 'MINIO_SECURE'] as const

function Endpoints({ report }: { readonly report: Report }): ReactNode {
  return (
    <ul>
      {ENDPOINTS.map((name) => {
        const endpoint = fieldOf(report, 'endpoints', name)
        const present = looseFlag(fieldOf(endpoint, 'present')).value
        const value = fieldOf(endpoint, 'hostPort') ?? fieldOf(endpoint, 'value')
        return (
          <li key={name} className="flex items-center gap-2 border-t py-1">
            <StateMark mark={present === true ? 'clear' : present === false ? 'breach' : 'unknown'} />
            <span className="font-mono text-12">{name}</span>
            <span className="ml-auto truncate text-12 text-ink-2">
              {present === true ? endpointWords(value) : present === false ? 'not set' : 'unknown'}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function endpointWords(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : 'set'
}

function Models({ report }: { readonly report: Report }): ReactNode {
  const files = listOf(fieldOf(report, 'models', 'files'))
  const names = files
    .map((file) => looseText(fieldOf(file, 'name')).value ?? '')
    .filter((name) => name !== '')
  return (
    <p className="border-t py-1 text-12">
      <span className="text-ink-3">Models </span>
      {names.length === 0 ? <span className="text-unknown">none seen</span> : names.join(', ')}
    </p>
  )
}

function Logs({ report }: { readonly report: Report }): ReactNode {
  const logs = listOf(fieldOf(report, 'logs')).map((log) => ({
    path: looseText(fieldOf(log, 'path')).value ?? 'log',
    lines: listOf(fieldOf(log, 'errorLines')).map(lineText),
    isRead: Array.isArray(fieldOf(log, 'errorLines')),
  }))
  if (logs.length === 0) return <p className="border-t py-1 text-12 text-unknown">Logs: not reported.</p>
  return (
    <ul className="border-t pt-1 text-12">
      {logs.map((log) => (
        <li key={log.path} className="py-0.5">
          <span className="font-mono">{log.path}</span>{' '}
          <span className={log.isRead ? 'text-ink-3' : 'text-unknown'}>
            {log.isRead
              ? log.lines.length === 0
                ? 'no error lines'
                : `${log.lines.length} error lines`
              : 'not read'}
          </span>
          {log.lines.slice(-3).map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: log lines repeat word for word
            <code key={at} className="block truncate font-mono text-ink-2" title={line}>
              {line}
            </code>
          ))}
        </li>
      ))}
    </ul>
  )
}

function lineText(line: unknown): string {
  return looseText(line).value ?? looseText(fieldOf(line, 'text')).value ?? ''
}

function whyOf(part: unknown): string {
  const read = looseText(part)
  return read.value === undefined ? read.why : 'unknown'
}
