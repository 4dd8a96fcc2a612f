import type pg from 'pg'
import type { Console } from '../console'
import { inSql, type Sql } from '../platform/sql'
import { writeHints } from '../run'
import { namesOf, setLinks } from './alert-links-store'
import { type Linking, type Match, matchAlerts } from './alert-match'
import { type FiringAlert, readCandidates, readOpenIncidents } from './alert-match-store'
import { appendEntries, type Entry } from './record-store'

const AUTHOR = { actor: 'machine:alerts', name: 'alerts' }

/** LinkOptions are the policy of one look, the alert that always fires, and the lease under which it is taken. */
export type LinkOptions = {
  readonly policy: Linking
  readonly heartbeat: string
  readonly lease: { readonly name: string; readonly epoch: number }
}

/**
 * advanceAlertLinks takes one look: alerts that surely belong to an open incident are linked, unsure ones proposed, each
 * with one entry of the record an incident. Gives how many were linked and proposed; nothing is written without the lease.
 */
export async function advanceAlertLinks(
  console: Pick<Console, 'hot'>,
  options: LinkOptions,
  now: Date,
): Promise<{ readonly linked: number; readonly proposed: number }> {
  const { policy, heartbeat } = options
  const incidents = await readOpenIncidents(console.hot)
  if (incidents.length === 0) return { linked: 0, proposed: 0 }
  const oldest = Math.min(...incidents.map(({ declaredAtMs }) => declaredAtMs))
  const since = new Date(oldest - policy.windowMinutes * 60_000)
  const candidates = await readCandidates(console.hot, { since, heartbeat })
  const matches = matchAlerts(candidates, incidents, policy)
  const alerts = new Map(candidates.map((candidate) => [candidate.id, candidate]))
  let [linked, proposed] = [0, 0]
  for (const { id } of incidents) {
    const own = matches.filter((match) => match.incidentId === id)
    if (own.length === 0) continue
    const done = await write(console.hot, { id, matches: own, alerts }, { options, now })
    linked += done.linked
    proposed += done.proposed
  }
  return { linked, proposed }
}

type Work = {
  readonly id: string
  readonly matches: readonly Match[]
  readonly alerts: ReadonlyMap<string, FiringAlert>
}

async function write(
  pool: pg.Pool,
  work: Work,
  around: { readonly options: LinkOptions; readonly now: Date },
): Promise<{ readonly linked: number; readonly proposed: number }> {
  const { options, now } = around
  return inSql(pool, async (sql) => {
    if (!(await mayWrite(sql, work.id, options.lease))) return { linked: 0, proposed: 0 }
    const linked = await settle(sql, work, { state: 'linked', now })
    const proposed = await settle(sql, work, { state: 'proposed', now })
    const entries = [...linked.entries, ...proposed.entries]
    if (entries.length > 0) {
      await appendEntries(sql, work.id, { author: AUTHOR, now, entries })
      await writeHints(sql, [{ topic: 'incidents', ref: work.id }], now)
    }
    return { linked: linked.count, proposed: proposed.count }
  })
}

/** The incident's lock, whether it still goes on, and whether the lease is still this process's. */
async function mayWrite(sql: Sql, id: string, lease: LinkOptions['lease']): Promise<boolean> {
  const rows = await sql.$queryRaw<{ held: boolean }[]>`
    SELECT true AS held FROM incident WHERE id = ${id}::uuid AND status <> 'resolved' AND merged_into IS NULL
      AND ${lease.epoch}::bigint = (SELECT epoch FROM lease WHERE name = ${lease.name} FOR SHARE)
    FOR UPDATE`
  return rows.length === 1
}

async function settle(
  sql: Sql,
  work: Work,
  how: { readonly state: 'linked' | 'proposed'; readonly now: Date },
): Promise<{ readonly entries: readonly Entry[]; readonly count: number }> {
  const { state, now } = how
  const matches = work.matches.filter((match) => match.state === state)
  const changed = await setLinks(sql, work, {
    alerts: matches.flatMap(({ alertId }) => work.alerts.get(alertId) ?? []),
    state,
    reasons: new Map(matches.map(({ alertId, reason }) => [alertId, reason])),
    isMachine: true,
    by: AUTHOR.name,
    now,
  })
  if (changed.length === 0) return { entries: [], count: 0 }
  const reasons = new Set(
    matches.filter(({ alertId }) => changed.some(({ id }) => id === alertId)).map(({ reason }) => reason),
  )
  const body = { ...namesOf(changed), reasons: [...reasons].slice(0, 5) }
  return { entries: [{ kind: `alerts-${state}`, source: 'machine', body }], count: changed.length }
}
