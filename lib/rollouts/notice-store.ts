import { randomUUID } from 'node:crypto'
import { enqueueDeliveries } from '../delivery/enqueue-store'
import type { Publishable } from '../delivery/model'
import { nameOf } from '../deployments/model'
import type { Tx } from '../platform/db'
import type { Sql } from '../platform/sql'
import type { Decision } from './motion'
import { slotsDue, textOf } from './notices'
import type { RolloutRow } from './rollout-store'

/** tellDue writes every announcement that is due and not yet written, and hands it to the channels of the team. */
export async function tellDue(
  tx: Tx,
  row: RolloutRow,
  { decision, now }: { readonly decision: Decision | null; readonly now: Date },
): Promise<number> {
  const due = slotsDue(
    { core: row.core, policy: row.policy, announcedMs: row.announcedAt?.getTime() ?? null },
    now.getTime(),
  )
  const known = await tx.rolloutNotice.findMany({ where: { rolloutId: row.id }, select: { slot: true } })
  const told = new Set(known.map(({ slot }) => slot))
  const fresh = due.filter(({ slot }) => !told.has(slot))
  for (const slot of fresh) {
    const text = textOf(slot, { number: row.number, plan: row.plan, core: row.core, decision })
    const channels = await tell(tx, aboutOf(row), { text, now })
    await tx.rolloutNotice.create({
      data: {
        rolloutId: row.id,
        slot: slot.slot,
        kind: slot.kind,
        dueAt: new Date(slot.dueMs),
        sentAt: now,
        text,
        channels,
      },
    })
  }
  return fresh.length
}

/** aboutOf says whose announcement it is. */
export function aboutOf(row: Pick<RolloutRow, 'number' | 'isDrill' | 'core'>) {
  return { title: nameOf(row.number), isDrill: row.isDrill, isBack: row.core.back !== null }
}

/** tell hands one text to every channel of the team; how many that were. */
export async function tell(
  tx: Sql,
  about: { readonly title: string; readonly isDrill: boolean; readonly isBack: boolean },
  { text, now }: { readonly text: string; readonly now: Date },
): Promise<number> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM channel WHERE removed_at IS NULL AND kind IN ('slack-bot', 'slack-webhook') AND audiences @> '["internal"]'::jsonb`
  if (rows.length === 0) return 0
  const { isBack } = about
  const publication: Publishable = {
    id: randomUUID(),
    incidentId: null,
    seq: 1,
    kind: isBack ? 'rollback' : 'deployment',
    audience: 'internal',
    severity: isBack ? 'P2' : 'P4',
    status: 'monitoring',
    title: about.title,
    body: text,
    nextUpdateAt: null,
    components: [],
    drill: about.isDrill,
  }
  await enqueueDeliveries({ tx, publication, channels: rows.map(({ id }) => id), now })
  return rows.length
}
