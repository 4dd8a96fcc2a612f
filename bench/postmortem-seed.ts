import type { Rig } from './rig'

/** WORDS are what the seeded texts are written of, and what is searched for. */
export const WORDS: readonly string[] = [
  'gateway',
  'fallback',
  'queue',
  'throttle',
  'lease',
  'driver',
  'thermal',
  'eviction',
  'quota',
  'credential',
  'region',
  'rollout',
  'checkpoint',
  'backlog',
  'timeout',
  'replica',
  'egress',
  'poller',
  'latency',
  'saturation',
]

/** seedPostmortems copies a drafted postmortem, with a short record, until there are so many, each with texts of its own. */
export async function seedPostmortems(rig: Rig, number: number, many: number): Promise<void> {
  const { pool } = rig.database
  await pool.query(
    `INSERT INTO postmortem (id, number, title, state, severity, visibility, leaf_ids, component_ids, tags, record,
       corrections, created_by, created_at, updated_at)
     SELECT gen_random_uuid(), p.number + n, ($3::text[])[1 + n % 20] || ' and ' || ($3::text[])[1 + (n * 7) % 20] || ', no. ' || n,
       'published', (ARRAY['P1', 'P2', 'P3'])[1 + n % 3], 'internal', p.leaf_ids, p.component_ids,
       jsonb_build_array(($3::text[])[1 + n % 20]), jsonb_set(p.record, '{timeline}', '[]'), '[]', 'bench',
       now() - (n || ' hours')::interval, now()
     FROM postmortem p, generate_series(1, $2::int - 1) AS n WHERE p.number = $1`,
    [number, many, WORDS],
  )
  await pool.query(
    `INSERT INTO postmortem_section (postmortem_id, key, body, edited_by, edited_at)
     SELECT p.id, s.key, (
       SELECT string_agg(($1::text[])[1 + (p.number * 13 + w * w * 7 + length(s.key)) % 20] ||
         CASE w % 9 WHEN 0 THEN '. Then the' ELSE ' of' END, ' ') FROM generate_series(1, 90) AS w), 'bench', now()
     FROM postmortem p, unnest(ARRAY['summary', 'impact', 'causes', 'resolution']) AS s(key)
     WHERE p.created_by = 'bench'`,
    [WORDS],
  )
  await pool.query('ANALYZE')
}
