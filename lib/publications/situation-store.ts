import {
  type Audience,
  CHANNEL_FORMS,
  type ComponentImpact,
  type Inventory,
  type Severity,
  type Status,
} from '../comms/model'
import type { Db } from '../platform/db'
import type { Before, PageComponent, Way } from './situation'

const MOST_NAMES = 20_000

/** readBefore gives the newest message of each audience that went out for an incident. */
export async function readBefore(
  db: Db,
  incidentId: string,
): Promise<Readonly<Partial<Record<Audience, Before>>>> {
  const rows = await db.publication.findMany({
    where: { incidentId, state: 'released' },
    orderBy: { seq: 'desc' },
    distinct: ['audience'],
  })
  return Object.fromEntries(
    rows.map((row): [string, Before] => [
      row.audience,
      {
        id: row.id,
        seq: row.seq,
        severity: row.severity as Severity,
        status: row.status as Status,
        title: row.title,
        body: row.body,
        publishedAt: (row.releasedAt ?? row.createdAt).toISOString(),
        nextUpdateAt: row.nextUpdateAt?.toISOString() ?? null,
        components: row.components as unknown as readonly ComponentImpact[],
      },
    ]),
  )
}

/** readFiring counts the alerts of an incident that fire still. */
export async function readFiring(db: Db, incidentId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM incident_link AS l JOIN alert AS a ON a.id::text = l.ref
    WHERE l.incident_id = ${incidentId}::uuid AND l.kind = 'alert' AND l.state = 'linked' AND a.status = 'firing'`
  return row?.count ?? 0
}

/** readWasIdentified tells whether the incident was ever identified, by its record. */
export async function readWasIdentified(db: Db, incidentId: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM timeline_event WHERE incident_id = ${incidentId}::uuid
      AND ((kind = 'status' AND body->>'to' = 'identified')
        OR (kind = 'update' AND body->>'status' = 'identified'))) AS any`
  return row?.any === true
}

/** readInventory gives the names of our own world that no text for customers may hold; at most 20,000 of a kind. */
export async function readInventory(db: Db): Promise<Inventory> {
  const [machines, people] = await Promise.all([
    db.$queryRaw<{ id: string; machine: string; host: string; names: (string | null)[] }[]>`
      SELECT id, machine_id AS machine, host_id AS host, ARRAY[listed->>'public_ipaddr', listed->>'ssh_host',
        listed->>'hostname', listed->>'label'] AS names
      FROM instance_record WHERE gone_at IS NULL ORDER BY last_listed_at DESC LIMIT ${MOST_NAMES}`,
    db.person.findMany({
      where: { disabledAt: null },
      select: { handle: true, name: true },
      take: MOST_NAMES,
    }),
  ])
  return {
    hosts: distinct(machines.flatMap(({ names }) => names.filter((name) => name !== null))),
    instances: distinct(machines.flatMap(({ id, machine, host }) => [id, machine, host])),
    people: distinct(people.flatMap(({ handle, name }) => [handle, name])),
    customers: [],
    keys: [],
    providers: ['Vast.ai'],
    codeNames: [],
  }
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== ''))]
}

const FORMS: ReadonlySet<string> = new Set(CHANNEL_FORMS)

/** readWays gives the channels that may be told, by name, with why one can't be now. */
export async function readWays(db: Db, isDrill: boolean): Promise<readonly Way[]> {
  const rows = await db.channel.findMany({ where: { removedAt: null }, orderBy: { name: 'asc' } })
  return rows.flatMap((row): Way[] => {
    const audiences = row.audiences as Way['audiences']
    const config = row.config as { readonly drills?: unknown }
    if (!FORMS.has(row.kind)) return []
    // Practice never comes near a channel that customers read.
    if (isDrill && (audiences.includes('public') || config.drills !== true)) return []
    const problem = row.pausedAt === null ? '' : (row.pausedReason ?? 'it is paused')
    return [
      {
        id: row.id,
        name: row.name,
        form: row.kind as Way['form'],
        audiences,
        componentMap: row.componentMap as Way['componentMap'],
        problem,
      },
    ]
  })
}

/** readComponents gives what customers know by name, in the page's order, as it is shown now. */
export async function readComponents(db: Db): Promise<readonly PageComponent[]> {
  const rows = await db.statusComponent.findMany({
    where: { retiredAt: null },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  })
  return rows.map(({ id, name, state }) => ({ id, name, state: state as PageComponent['state'] }))
}
