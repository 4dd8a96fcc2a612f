import type { Console } from '../console'
import type { Job } from './runner'

const EVERY_MS = 60_000
const SWEEPS: readonly { readonly name: string; readonly text: string; readonly keepMs: number }[] = [
  { name: 'health deltas', text: 'DELETE FROM health_delta WHERE at < $1', keepMs: 2 * 3_600_000 },
  {
    name: 'health checkpoints',
    text: 'DELETE FROM health_checkpoint WHERE at < $1 AND extract(minute from at)::int % 15 <> 0',
    keepMs: 24 * 3_600_000,
  },
  { name: 'old checkpoints', text: 'DELETE FROM health_checkpoint WHERE at < $1', keepMs: 30 * 86_400_000 },
  { name: 'health events', text: 'DELETE FROM health_event WHERE at < $1', keepMs: 30 * 86_400_000 },
  { name: 'queue minutes', text: 'DELETE FROM queue_minute WHERE minute_at < $1', keepMs: 30 * 86_400_000 },
  { name: 'API minutes', text: 'DELETE FROM api_minute WHERE minute_at < $1', keepMs: 30 * 86_400_000 },
  { name: 'hints', text: 'DELETE FROM live_hint WHERE at < $1', keepMs: 24 * 3_600_000 },
  { name: 'idempotency keys', text: 'DELETE FROM idempotency WHERE created_at < $1', keepMs: 24 * 3_600_000 },
  {
    name: 'understood deliveries',
    text: `DELETE FROM hook_inbox WHERE id IN (SELECT id FROM hook_inbox WHERE received_at < $1 AND state = 'done'
      AND delivery_id IS NULL AND NOT EXISTS (SELECT 1 FROM hook_quarantine AS q WHERE q.inbox_id = hook_inbox.id
      AND q.state = 'held') LIMIT 5000)`,
    keepMs: 24 * 3_600_000,
  },
  {
    // A sender's own delivery id must stay known for 30 days, or a replay would count.
    name: 'deliveries with an id',
    text: "DELETE FROM hook_inbox WHERE received_at < $1 AND state = 'done'",
    keepMs: 30 * 86_400_000,
  },
  { name: 'quarantine', text: 'DELETE FROM hook_quarantine WHERE received_at < $1', keepMs: 30 * 86_400_000 },
  { name: 'hook tallies', text: 'DELETE FROM hook_tally WHERE minute_at < $1', keepMs: 7 * 86_400_000 },
  {
    name: 'ended alerts',
    text: "DELETE FROM alert WHERE status = 'resolved' AND resolved_at < $1",
    keepMs: 400 * 86_400_000,
  },
  {
    name: 'finished drafts',
    text: 'DELETE FROM incident_draft WHERE text IS NULL AND saved_at < $1',
    keepMs: 30 * 86_400_000,
  },
  {
    name: 'forgotten drafts',
    text: 'DELETE FROM incident_draft WHERE saved_at < $1',
    keepMs: 180 * 86_400_000,
  },
  {
    // How an incident's path went is kept with the incident; the board's own only while somebody may ask.
    name: 'answers of the board',
    text: `DELETE FROM triage_change WHERE at < $1 AND run_id IN (SELECT id FROM triage_run WHERE incident_id IS NULL)`,
    keepMs: 7 * 86_400_000,
  },
  {
    name: 'evidence archives',
    text: 'DELETE FROM evidence_archive WHERE at < $1',
    keepMs: 400 * 86_400_000,
  },
  { name: 'orders to agents', text: 'DELETE FROM agent_order WHERE issued_at < $1', keepMs: 90 * 86_400_000 },
  {
    name: 'sign-ups that were not confirmed',
    text: "DELETE FROM subscriber WHERE state = 'pending' AND confirm_until < $1",
    keepMs: 86_400_000,
  },
  {
    name: 'ended subscriptions',
    text: "DELETE FROM subscriber WHERE state = 'ended' AND ended_at < $1 AND (confirm_until IS NULL OR confirm_until < $1)",
    keepMs: 30 * 86_400_000,
  },
  {
    name: 'mails at their end',
    text: "DELETE FROM subscriber_mail WHERE created_at < $1 AND state NOT IN ('queued', 'retry', 'sending')",
    keepMs: 400 * 86_400_000,
  },
  {
    name: 'letters at their end',
    text: "DELETE FROM person_mail WHERE created_at < $1 AND state NOT IN ('queued', 'retry', 'sending')",
    keepMs: 400 * 86_400_000,
  },
  { name: 'requests of Slack', text: 'DELETE FROM slack_request WHERE at < $1', keepMs: 600_000 },
  {
    name: 'counts of sign-ups',
    text: 'DELETE FROM subscriber_throttle WHERE window_at < $1',
    keepMs: 86_400_000,
  },
  { name: 'presence', text: 'DELETE FROM incident_presence WHERE seen_at < $1', keepMs: 3_600_000 },
  { name: 'ended sessions', text: 'DELETE FROM session WHERE expires_at < $1', keepMs: 30 * 86_400_000 },
]

/** housekeepingJob deletes what is past its retention, once a minute; a failed sweep is tried again with the next. */
export function housekeepingJob(console: Console): Job {
  return {
    name: 'housekeeping',
    start: async ({ held }) => {
      const { clock, hot, log } = console
      const sweep = async (): Promise<void> => {
        for (const each of SWEEPS) {
          if (!held()) return
          const before = new Date(clock.now().getTime() - each.keepMs)
          const { rowCount } = await hot.query(each.text, [before])
          if (rowCount) log.debug({ rows: rowCount, what: each.name }, 'past retention')
        }
      }
      const timer = setInterval(() => {
        sweep().catch((error: unknown) => log.warn({ err: error }, 'retention sweep failed'))
      }, EVERY_MS)
      return async () => clearInterval(timer)
    },
  }
}
