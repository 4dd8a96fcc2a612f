import type { Db } from '../platform/db'
import type { Sql } from '../platform/sql'
import {
  type ComponentState,
  type Impact,
  type IncidentStatus,
  impactOf,
  type ShownState,
  worstImpact,
} from './model'
import { lockPage, publicIdOf, readComponents, settleComponents } from './store'

/** PublicText is what the page needs of a released publication. */
export type PublicText = {
  readonly id: string
  readonly incidentId: string | null
  readonly kind: 'update' | 'correction' | 'maintenance' | 'deployment' | 'rollback'
  readonly audience: 'internal' | 'public' | 'executive'
  readonly severity: 'P1' | 'P2' | 'P3' | 'P4'
  readonly status: IncidentStatus
  readonly title: string
  readonly body: string
  readonly nextUpdateAt: Date | string | null
  readonly components: readonly {
    readonly componentId: string
    readonly name: string
    readonly from: ShownState
    readonly to: ComponentState
  }[]
  readonly corrects: string | null
  readonly drill: boolean
  /** startedAt is since when users noticed, where that is known. */
  readonly startedAt?: Date | null
}

const IMPACT_OF_SEVERITY: Readonly<Record<PublicText['severity'], Impact>> = {
  P1: 'critical',
  P2: 'major',
  P3: 'minor',
  P4: 'none',
}

/**
 * applyPublicUpdate writes a released public text to the page: incident, update and component states, once whatever the
 * repeats. Other audiences, drills and texts without an incident change nothing.
 */
export async function applyPublicUpdate({
  tx,
  publication,
  now,
}: {
  readonly tx: Sql
  readonly publication: PublicText
  readonly now: Date
}): Promise<void> {
  if (publication.audience !== 'public' || publication.drill || publication.incidentId === null) return
  await writePublicUpdate(tx, {
    ...publication,
    publicId: publicIdOf(`incident|${publication.incidentId}`),
    updateId: publicIdOf(`publication|${publication.id}`),
    publicationId: publication.id,
    correctsId: publication.corrects === null ? null : publicIdOf(`publication|${publication.corrects}`),
    startedAt: publication.startedAt ?? (await impactStart(tx, publication.incidentId)),
    isEmergency: false,
    now,
  })
}

/** PublicWrite is one text for the page with the ids that it gets there. */
export type PublicWrite = Pick<
  PublicText,
  'incidentId' | 'severity' | 'status' | 'title' | 'body' | 'nextUpdateAt' | 'components'
> & {
  readonly publicId: string
  readonly updateId: string
  readonly publicationId: string | null
  readonly correctsId: string | null
  readonly startedAt: Date | null
  readonly isEmergency: boolean
  readonly now: Date
}

/** writePublicUpdate writes one text under the page’s lock; false when it stands there already. */
export async function writePublicUpdate(sql: Sql, write: PublicWrite): Promise<boolean> {
  const { now, updateId } = write
  await lockPage(sql, now)
  const known = new Map((await readComponents(sql)).map((component) => [component.id, component]))
  // What was before is what the page showed, whatever the writer believed.
  const words = write.components.flatMap(({ componentId, to }) => {
    const component = known.get(componentId)
    return component ? [{ componentId, name: component.name, from: component.state, to }] : []
  })
  const inserted = await sql.$queryRaw<{ id: string }[]>`
    INSERT INTO public_update (id, incident_id, publication_id, status, body, components, corrects, at, is_emergency)
    VALUES (${updateId}, ${write.publicId}, ${write.publicationId}::uuid, ${write.status}, ${write.body},
      ${JSON.stringify(words)}::jsonb, ${write.correctsId}, ${now}, ${write.isEmergency})
    ON CONFLICT DO NOTHING RETURNING id`
  if (inserted.length === 0) return false
  await upsertIncident(sql, { ...write, components: words })
  await settleComponents(sql, { now, cause: `update:${updateId}` })
  return true
}

async function upsertIncident(sql: Sql, write: PublicWrite): Promise<void> {
  const { now, status } = write
  const words = status === 'resolved' ? {} : wordsOf(write)
  const said = worstImpact([
    IMPACT_OF_SEVERITY[write.severity],
    ...write.components.map(({ to }) => impactOf(to)),
  ])
  const resolvedAt = status === 'resolved' ? now : null
  const monitoringAt = status === 'monitoring' ? now : null
  const next = status === 'resolved' || write.nextUpdateAt === null ? null : new Date(write.nextUpdateAt)
  const startedAt = write.startedAt !== null && write.startedAt < now ? write.startedAt : now
  await sql.$queryRaw`
    INSERT INTO public_incident (id, incident_id, name, status, impact, started_at, created_at, updated_at, monitoring_at,
      resolved_at, next_update_at, words)
    VALUES (${write.publicId}, ${write.incidentId}::uuid, ${write.title}, ${status}, ${said}, ${startedAt}, ${now}, ${now},
      ${monitoringAt}, ${resolvedAt}, ${next}, ${JSON.stringify(words)}::jsonb)
    ON CONFLICT (id) DO UPDATE SET name = ${write.title}, status = ${status}, impact = CASE WHEN ${status} = 'resolved' THEN public_incident.impact ELSE ${said} END, updated_at = ${now},
      monitoring_at = COALESCE(${monitoringAt}, public_incident.monitoring_at), resolved_at = ${resolvedAt},
      next_update_at = ${next},
      words = CASE WHEN ${status} = 'resolved' THEN '{}'::jsonb ELSE public_incident.words || ${JSON.stringify(words)}::jsonb END
    WHERE public_incident.updated_at <= ${now}`
}

function wordsOf({ components }: PublicWrite): Readonly<Record<string, ComponentState>> {
  return Object.fromEntries(components.map(({ componentId, to }) => [componentId, to]))
}

async function impactStart(sql: Sql, incidentId: string): Promise<Date | null> {
  const [row] = await sql.$queryRaw<{ at: Date | null }[]>`
    SELECT COALESCE(impact_started_at, declared_at) AS at FROM incident WHERE id = ${incidentId}::uuid`
  return row?.at ?? null
}

/** openPublicNotice tells whether the public page still shows this incident as open: it may not be closed then. */
export async function openPublicNotice({
  db,
  incidentId,
}: {
  readonly db: Sql | Db
  readonly incidentId: string
}): Promise<boolean> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM public_incident WHERE incident_id = ${incidentId}::uuid AND resolved_at IS NULL`
  return rows.length > 0
}
