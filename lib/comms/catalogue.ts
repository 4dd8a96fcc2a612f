import type { Fact } from './model'
import type { FactUnit } from './units'

/**
 * FactDef is one fact that a text may hold. `from: message` are written by the message itself: they follow its fields
 * and can't be stale. Every other one must have been read within `ttlMs`.
 */
export type FactDef = {
  readonly id: string
  readonly label: string
  readonly unit: FactUnit
  readonly ttlMs: number
  readonly isPublic: boolean
  readonly from: 'facts' | 'message'
  /** sample is a value with which templates are tried. */
  readonly sample: string | number
}

const MINUTE_MS = 60_000
/** RECORD_TTL_MS is how old a reading of a record may be; whoever had the page open longer reads it again. */
const RECORD_TTL_MS = 5 * MINUTE_MS
/** FIGURE_TTL_MS is how old a measured figure may be. */
const FIGURE_TTL_MS = 2 * MINUTE_MS

type Row = readonly [id: string, label: string, unit: FactUnit, sample: string | number]

const defs = (rows: readonly Row[], rest: Pick<FactDef, 'ttlMs' | 'isPublic' | 'from'>): readonly FactDef[] =>
  rows.map(([id, label, unit, sample]) => ({ id, label, unit, sample, ...rest }))

const FROM_MESSAGE = { ttlMs: RECORD_TTL_MS, isPublic: true, from: 'message' } as const
const RECORD = { ttlMs: RECORD_TTL_MS, from: 'facts' } as const
const FIGURE = { ttlMs: FIGURE_TTL_MS, from: 'facts' } as const

const CATALOGUE: readonly FactDef[] = [
  ...defs(
    [
      ['status', 'status', 'text', 'Investigating'],
      ['headline', 'headline', 'text', 'Training fails for some users'],
      ['affected_components', 'components', 'text', 'Training'],
      ['component_impact', 'impact by component', 'text', 'Training fails for some users.'],
      ['severity_impact', 'impact by severity', 'text', 'Some requests fail or are slow.'],
      ['working_components', 'still works', 'text', 'Inference'],
      ['next_update', 'next update', 'clock', '2026-11-18T02:50:00.000Z'],
    ],
    FROM_MESSAGE,
  ),
  ...defs([['severity', 'severity', 'text', 'P2']], { ...FROM_MESSAGE, isPublic: false }),
  ...defs(
    [
      ['started_at', 'since', 'clock', '2026-11-18T02:06:00.000Z'],
      ['resolved_at', 'until', 'clock', '2026-11-18T03:18:00.000Z'],
      ['duration', 'lasted', 'minutes', 72],
      ['last_update_at', 'last told', 'clock', '2026-11-18T02:20:00.000Z'],
      ['workaround', 'what readers can do', 'text', 'Jobs that failed can be started again'],
      ['data_loss', 'data loss', 'text', 'No data was lost'],
      ['region', 'region', 'text', 'Europe'],
      ['maintenance_what', 'what is done', 'text', 'We move storage to new disks'],
      ['maintenance_effect', 'what users notice', 'text', 'New jobs wait in line while we work'],
      ['maintenance_starts_at', 'begins', 'moment', '2026-11-19T02:00:00.000Z'],
      ['maintenance_ends_at', 'ends', 'moment', '2026-11-19T04:00:00.000Z'],
    ],
    { ...RECORD, isPublic: true },
  ),
  ...defs(
    [
      ['incident_name', 'incident', 'text', 'INC-0142'],
      ['incident_title', 'title', 'text', 'Training jobs stop in the EU pool'],
      ['impact', 'impact', 'text', 'Training runs stop after their first step'],
      ['current_action', 'now', 'text', 'Moving the runs to spare hosts'],
      ['cause', 'cause', 'text', 'The provider’s gateway answers with errors'],
      ['needs', 'needs', 'text', 'A communications lead'],
      ['commander', 'commander', 'text', 'Dana Lee'],
      ['communications_lead', 'communications', 'text', 'Bo Chen'],
      ['alerts_firing', 'alerts firing', 'count', 3],
      ['tasks_open', 'tasks open', 'count', 2],
    ],
    { ...RECORD, isPublic: false },
  ),
  ...defs(
    [
      ['error_rate', 'failing', 'percent', 38],
      ['latency_p95', 'slowest of 20', 'ms', 840],
      ['queue_age', 'oldest in queue', 'seconds', 250],
    ],
    { ...FIGURE, isPublic: true },
  ),
  ...defs(
    [
      ['gpus_down', 'GPUs out', 'count', 12],
      ['gpus_total', 'GPUs', 'count', 40],
      ['hosts_down', 'hosts out', 'count', 2],
      ['requests_failed', 'requests failed', 'count', 16_742],
      ['queue_depth', 'in queue', 'count', 418],
      ['customers_affected', 'customers touched', 'count', 19],
      ['credit_runway', 'credit lasts', 'hours', 31],
      ['idle_cost', 'paid for idle GPUs', 'usd', 412],
      ['provider_status', 'provider says', 'text', 'Partial outage'],
    ],
    { ...FIGURE, isPublic: false },
  ),
  ...defs(
    [
      ['deployment_name', 'deployment', 'text', 'asr-api 1.43.0'],
      ['deployment_service', 'service', 'text', 'asr-api'],
      ['deployment_version', 'version', 'text', '1.43.0'],
      ['deployment_version_before', 'version before', 'text', '1.42.3'],
      ['deployment_environment', 'environment', 'text', 'production'],
      ['deployment_stage', 'stage', 'text', 'Canary'],
      ['deployment_percent', 'traffic', 'percent', 10],
      ['deployment_starts_at', 'begins', 'clock', '2026-11-18T02:40:00.000Z'],
      ['deployment_approver', 'approved by', 'text', 'Mira Holm'],
      ['deployment_engineer', 'engineer', 'text', 'Li Wen'],
      ['deployment_problem', 'problem', 'text', 'Health checks of the new version fail'],
      ['deployment_took', 'took', 'minutes', 24],
      ['rollback_reason', 'reason', 'text', 'More than one request in twenty fails'],
      ['rollback_step', 'step', 'text', 'The version before is starting'],
    ],
    { ...RECORD, isPublic: false },
  ),
  ...defs(
    [
      ['deployment_latency_p95', 'latency p95', 'ms', 310],
      ['deployment_error_rate', 'error rate', 'percent', 0.2],
      ['deployment_memory', 'memory', 'gib', 11.4],
    ],
    { ...FIGURE, isPublic: false },
  ),
]

/** FACT_DEFS are all facts that a text may hold, by id. */
export const FACT_DEFS: ReadonlyMap<string, FactDef> = new Map(CATALOGUE.map((def) => [def.id, def]))

/** factOf makes a fact with unit, lifetime and openness of the catalogue; undefined when the catalogue has none of this id. */
export function factOf(read: Pick<Fact, 'id' | 'value' | 'asOf' | 'source'>): Fact | undefined {
  const def = FACT_DEFS.get(read.id)
  if (!def) return undefined
  return { ...read, unit: def.unit, ttlMs: def.ttlMs, isPublic: def.isPublic }
}
