import type { InstanceInside } from './health/model'
import type { AgentEndpoint, AgentReport } from './sources/agent/types'
import type { Reading } from './sources/reading'

/** insideOf gives what triage needs of an agent's report: programs, endpoints, model files, driver and error lines. */
export function insideOf(report: AgentReport): InstanceInside {
  const at = report.clocks.sampledAt
  return {
    at,
    programs: mapped(report.supervisor, (programs) =>
      programs.map(({ name, state, startedAt }) => ({
        name,
        state,
        ...(startedAt ? { startedAt } : {}),
        startsAt: [],
      })),
    ),
    controlPlane: report.endpoints.temporalAddress.value,
    missingEndpoints: missing(report.endpoints),
    modelFiles: filesOf(report),
    driver: report.nvidiaSmi.state,
    errorLines: report.logs.map(({ path, errorLines }) => ({ path, lines: errorLines })),
  }
}

function mapped<T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> {
  if (reading.kind === 'known') return { ...reading, value: change(reading.value) }
  const { last, ...rest } = reading
  return last ? { ...rest, last: { ...last, value: change(last.value) } } : rest
}

const NAMES = {
  temporalAddress: 'TEMPORAL_ADDRESS',
  minioEndpoint: 'MINIO_ENDPOINT',
  minioSecure: 'MINIO_SECURE',
} as const

function missing(endpoints: AgentReport['endpoints']): Reading<readonly string[]> {
  const all = Object.entries(NAMES) as [keyof typeof NAMES, string][]
  const unread = all
    .map(([key]): AgentEndpoint['present'] => endpoints[key].present)
    .find((it) => it.kind === 'unknown')
  if (unread?.kind === 'unknown')
    return { kind: 'unknown', why: unread.why, source: unread.source, since: unread.since }
  const { present } = endpoints.temporalAddress
  return mapped(present, () =>
    all.flatMap(([key, name]) => {
      const one = endpoints[key].present
      return one.kind === 'known' && !one.value ? [name] : []
    }),
  )
}

function filesOf(report: AgentReport): Reading<readonly string[]> {
  const { models, clocks } = report
  const unread = models.patterns.find((pattern) => pattern.matches.kind === 'unknown')
  if (models.truncated || models.patterns.length === 0 || unread) {
    return { kind: 'unknown', why: 'not_evaluated', source: 'agent', since: clocks.sampledAt }
  }
  const value = models.files.map((file) => file.path)
  return { kind: 'known', value, unit: '', source: 'agent', observedAt: models.sampledAt ?? clocks.sampledAt }
}
