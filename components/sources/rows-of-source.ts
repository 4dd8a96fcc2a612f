import type { SourceRow } from '@/lib/health/wire'
import type { QueryResult } from '@/lib/registry'
import type { SourceId } from '@/lib/settings/sources'

const KINDS: Readonly<Record<SourceId, readonly string[]>> = {
  vast: ['vast'],
  prometheus: ['prometheus', 'dcgm'],
  alertmanager: ['alertmanager'],
  temporal: ['temporal'],
  statuspage: ['statuspage'],
  services: ['service-health', 'supervisor'],
  kubernetes: ['kubernetes'],
}

/** rowsOfSource gives the live rows that one configured source feeds: Prometheus, for example, feeds two. */
export function rowsOfSource(id: SourceId, rows: readonly SourceRow[]): readonly SourceRow[] {
  return rows.filter((row) => KINDS[id].includes(row.kind) && row.state !== 'off')
}

type Poll = NonNullable<QueryResult<'alerts.groups'>['poll']>

const POLL_MS = 60_000
const LATE_AFTER_SECONDS = 180
const SILENT_AFTER_SECONDS = 420

/** rowOfPoll is the look at Alertmanager's list as a row of sources; `nowSeconds` is the server's time (epoch s). */
export function rowOfPoll(poll: Poll, nowSeconds: number): SourceRow {
  const { okAt, triedAt, failures, isRefused, listed } = poll
  const ageSeconds = nowSeconds - okAt
  const state = isRefused
    ? 'refused'
    : okAt === 0 || ageSeconds > SILENT_AFTER_SECONDS
      ? 'silent'
      : failures > 1 || ageSeconds > LATE_AFTER_SECONDS
        ? 'late'
        : 'live'
  return {
    id: 'alertmanager',
    kind: 'alertmanager',
    title: 'Alertmanager',
    state,
    okAt,
    triedAt,
    failures,
    detail: poll.detail || (failures === 0 ? `${listed} alerts listed` : ''),
    wayRound: 'Deliveries still come in by their hooks; what they lose is not found meanwhile.',
    intervalMs: POLL_MS,
  }
}
