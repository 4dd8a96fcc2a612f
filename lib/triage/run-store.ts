import type { Sql } from '../platform/sql'
import type { Forest } from './forest'
import { storedForest } from './load-forest'
import type { Diagnosis, Memory, Override } from './model'

/** Told is what an incident's record was told last: the firm causes, and when. */
export type Told = { readonly firm?: readonly string[]; readonly atMs?: number }

/** RunHead is what people and their answers change of a run. */
export type RunHead = {
  readonly id: string
  readonly incidentId: string | null
  readonly forestHash: string
  readonly overrides: Readonly<Record<string, Override>>
}

/** RunAnswer is what only the engine changes of a run: its newest diagnosis and what it remembers for the next. */
export type RunAnswer = {
  readonly diagnosedAt: Date | null
  readonly firstAt: Date | null
  readonly diagnosis: Diagnosis | null
  readonly memory: Memory
  readonly told: Told
}

/** pinForest keeps trees under their hash. */
export async function pinForest(sql: Sql, forest: Forest, now: Date): Promise<void> {
  await sql.$queryRaw`
    INSERT INTO triage_forest (hash, body, created_at)
    VALUES (${forest.hash}, ${JSON.stringify(forest.trees)}::jsonb, ${now}) ON CONFLICT DO NOTHING`
}

/** readForest gives pinned trees; undefined when they are gone or outgrown. */
export async function readForest(sql: Sql, hash: string): Promise<Forest | undefined> {
  const [row] = await sql.$queryRaw<{ body: unknown }[]>`SELECT body FROM triage_forest WHERE hash = ${hash}`
  return row ? storedForest(row.body, hash) : undefined
}

/** insertRun begins a run whose trees the worker pins at its first answer; one that stands already is left as it is. */
export async function insertRun(
  sql: Sql,
  run: { readonly id: string; readonly incidentId: string | null; readonly by: string; readonly now: Date },
): Promise<void> {
  await sql.$queryRaw`
    INSERT INTO triage_run (id, incident_id, forest_hash, started_at, started_by)
    VALUES (${run.id}::uuid, ${run.incidentId}::uuid, '', ${run.now}, ${run.by}) ON CONFLICT DO NOTHING`
}

/** activeRuns are the heads of the board's run and of those of incidents that go on, the oldest 200. */
export async function activeRuns(sql: Sql): Promise<readonly RunHead[]> {
  return sql.$queryRaw<RunHead[]>`
    SELECT run.id::text, run.incident_id::text AS "incidentId", run.forest_hash AS "forestHash",
      coalesce((
        SELECT jsonb_object_agg(o.question, jsonb_build_object('answer', o.answer, 'by', o.by, 'reason', o.reason,
          'atMs', (extract(epoch FROM o.at) * 1000)::bigint))
        FROM triage_override o WHERE o.run_id = run.id AND o.ended_at IS NULL
      ), '{}') AS overrides
    FROM triage_run run LEFT JOIN incident ON incident.id = run.incident_id
    WHERE run.incident_id IS NULL OR (incident.status <> 'resolved' AND incident.merged_into IS NULL)
    ORDER BY run.started_at LIMIT 200`
}

/** readAnswers gives the newest diagnosis of each run: asked once, when an engine takes a run up. */
export async function readAnswers(
  sql: Sql,
  ids: readonly string[],
): Promise<readonly (RunAnswer & { readonly id: string })[]> {
  return sql.$queryRaw<(RunAnswer & { readonly id: string })[]>`
    SELECT id::text, diagnosed_at AS "diagnosedAt", first_at AS "firstAt", diagnosis, memory, told
    FROM triage_run WHERE id = ANY(${ids}::uuid[])`
}

/** Change is one answer that became another. */
export type Change = {
  readonly question: string
  readonly before: string
  readonly after: string
  readonly by: string
  readonly detail: string
}

/** writeAnswer overwrites a run's diagnosis and appends what changed. */
export async function writeAnswer(
  sql: Sql,
  id: string,
  {
    answer,
    changes,
    forestHash,
    now,
  }: {
    readonly answer: RunAnswer
    readonly changes: readonly Change[]
    readonly forestHash: string
    readonly now: Date
  },
): Promise<void> {
  await sql.$queryRaw`
    UPDATE triage_run SET diagnosis = ${JSON.stringify(answer.diagnosis)}::jsonb,
      memory = ${JSON.stringify(answer.memory)}::jsonb, told = ${JSON.stringify(answer.told)}::jsonb,
      forest_hash = ${forestHash}, diagnosed_at = ${answer.diagnosedAt}, first_at = ${answer.firstAt}
    WHERE id = ${id}::uuid`
  if (changes.length === 0) return
  await sql.$queryRaw`
    INSERT INTO triage_change (run_id, at, question, before, after, by, detail)
    SELECT ${id}::uuid, ${now}::timestamptz, item.question, item.before, item.after, item.by, item.detail
    FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
      AS item(question text, before text, after text, by text, detail text)`
}

/** UntoldOverride is a person's answer that the incident's record has not been told. */
export type UntoldOverride = {
  readonly id: string
  readonly question: string
  readonly answer: string
  readonly reason: string
  readonly at: Date
  readonly byId: string
  readonly by: string
}

/** takeUntold gives the answers of people that no record was told, oldest first, and marks them told in the same transaction. */
export async function takeUntold(sql: Sql, runId: string, now: Date): Promise<readonly UntoldOverride[]> {
  const rows = await sql.$queryRaw<UntoldOverride[]>`
    UPDATE triage_override SET told_at = ${now} WHERE run_id = ${runId}::uuid AND told_at IS NULL
    RETURNING id::text, question, answer, reason, at, by_id AS "byId", by`
  return [...rows].sort((a, b) => a.at.getTime() - b.at.getTime())
}
