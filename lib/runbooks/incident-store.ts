import { withinSight } from '../access/sight'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'

/** NamedIn is an incident in whose record triage named a leaf. */
export type NamedIn = {
  readonly leaf: string
  readonly name: string
  readonly title: string
  readonly declaredAtMs: number
}

const EACH = 5

/** readNamedIn gives, for each leaf, the newest incidents in whose record triage called it certain or likely, as far as the actor may know of them. */
export async function readNamedIn(
  tx: Tx,
  actor: Actor,
  leaves: readonly string[],
): Promise<readonly NamedIn[]> {
  if (leaves.length === 0) return []
  const named = await tx.$queryRaw<{ incident_id: string; leaf: string }[]>`
    SELECT DISTINCT event.incident_id::text, cause ->> 'leaf' AS leaf
    FROM timeline_event event
    CROSS JOIN LATERAL jsonb_array_elements(
      CASE WHEN jsonb_typeof(event.body -> 'causes') = 'array' THEN event.body -> 'causes' ELSE '[]' END
    ) cause
    WHERE event.kind = 'triage' AND cause ->> 'leaf' = ANY(${leaves}::text[])`
  const incidents = await tx.incident.findMany({
    where: { AND: [{ id: { in: [...new Set(named.map((row) => row.incident_id))] } }, withinSight(actor)] },
    select: { id: true, number: true, drill: true, title: true, declaredAt: true },
    orderBy: { declaredAt: 'desc' },
    take: 500,
  })
  return leaves.flatMap((leaf) =>
    incidents
      .filter(({ id }) => named.some((row) => row.incident_id === id && row.leaf === leaf))
      .slice(0, EACH)
      .map(({ number, drill, title, declaredAt }) => ({
        leaf,
        name: nameOf(number, drill),
        title,
        declaredAtMs: declaredAt.getTime(),
      })),
  )
}

function nameOf(number: number, drill: boolean): string {
  return `${drill ? 'DRILL' : 'INC'}-${String(number).padStart(4, '0')}`
}
