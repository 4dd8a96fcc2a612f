import { randomUUID } from 'node:crypto'
import { benchAlert, HOOK_HEADERS, webhookBody } from './alert-posts'
import { until } from './clock'
import type { Rig } from './rig'

/** Seeded is what a large incident is made of. */
export type SeedSize = { readonly entries: number; readonly alerts: number; readonly rules: number }

const BATCH = 200

/** seedEntries fills an incident's record up to this many entries, as they stand after a long night. */
export async function seedEntries(rig: Rig, incident: string, entries: number): Promise<void> {
  await rig.database.pool.query(
    `WITH head AS (
       UPDATE incident SET next_seq = $2 WHERE id = $1 RETURNING (SELECT next_seq FROM incident WHERE id = $1) AS known
     )
     INSERT INTO timeline_event (incident_id, seq, id, kind, source, actor, actor_name, occurred_at, received_at, body)
     SELECT $1, seq, gen_random_uuid(), kind, CASE kind WHEN 'pin' THEN 'probe' ELSE 'human' END, 'bench', 'bo',
       now() - (($2 - seq) || ' seconds')::interval, now() - (($2 - seq) || ' seconds')::interval,
       CASE kind
         WHEN 'note' THEN jsonb_build_object('text', 'Host ' || seq || ' drained, p95 back to ' || seq % 900 || ' ms')
         WHEN 'decision' THEN jsonb_build_object('proposal', 'Drain host ' || seq, 'objections', '',
           'outcome', 'Drain it after the queue is empty', 'executor', 'li')
         ELSE jsonb_build_object('title', 'p95 of host ' || seq, 'value', seq % 900 || ' ms', 'source', 'prometheus', 'url', '')
       END
     FROM head, generate_series(head.known + 1, $2::int) AS seq,
       LATERAL (SELECT CASE WHEN seq % 11 = 0 THEN 'decision' WHEN seq % 7 = 0 THEN 'pin' ELSE 'note' END AS kind) AS kinds`,
    [incident, entries],
  )
}

/** deliverAlerts posts distinct alerts through the hook and returns once every one of them is an episode. */
export async function deliverAlerts(
  rig: Rig,
  size: { readonly alerts: number; readonly rules: number },
): Promise<void> {
  const startMs = Date.now() - size.alerts
  for (let from = 0; from < size.alerts; from += BATCH) {
    const alerts = Array.from({ length: Math.min(BATCH, size.alerts - from) }, (_, index) =>
      benchAlert(from + index, { rules: size.rules, startMs }),
    )
    const answer = await fetch(`${rig.base}/api/hooks/alertmanager`, {
      method: 'POST',
      headers: HOOK_HEADERS,
      body: webhookBody(alerts.map((alert) => ({ alert, status: 'firing' as const }))),
    })
    if (answer.status !== 202) throw new Error(`seeding alerts answered ${answer.status}`)
  }
  await until(
    'every alert is an episode',
    async () => {
      const { rows } = await rig.database.pool.query<{ count: string }>(
        "SELECT count(*) FROM alert WHERE source = 'alertmanager'",
      )
      return Number(rows[0]?.count) === size.alerts
    },
    60_000,
  )
}

/** seedAlerts delivers alerts and links every one of them to the incident. */
export async function seedAlerts(rig: Rig, incident: string, size: SeedSize): Promise<void> {
  await deliverAlerts(rig, size)
  await rig.database.pool.query(
    `INSERT INTO incident_link (id, incident_id, kind, ref, title, at, by)
     SELECT gen_random_uuid(), $1, 'alert', id::text, name, now(), 'bench' FROM alert WHERE source = 'alertmanager'`,
    [incident],
  )
}

/** endAlert tells the end of a stored alert through the hook; gives the moment at which the request was begun (epoch ms). */
export async function endAlert(rig: Rig, alertId: string): Promise<number> {
  const { rows } = await rig.database.pool.query<{
    labels: Record<string, string>
    starts_raw: string
    fingerprint: string
  }>('SELECT labels, starts_raw, fingerprint FROM alert WHERE id = $1', [alertId])
  const [row] = rows
  if (!row) throw new Error(`there is no alert ${alertId}`)
  const alert = { labels: row.labels, startsAt: row.starts_raw, fingerprint: row.fingerprint }
  const body = webhookBody([{ alert, status: 'resolved', endsAt: new Date().toISOString() }])
  const startedMs = performance.timeOrigin + performance.now()
  const answer = await fetch(`${rig.base}/api/hooks/alertmanager`, {
    method: 'POST',
    headers: HOOK_HEADERS,
    body,
  })
  if (answer.status !== 202) throw new Error(`the end of an alert was answered ${answer.status}`)
  return startedMs
}

/** noteText is a text that no other note has. */
export function noteText(): string {
  return `bench note ${randomUUID()}`
}
