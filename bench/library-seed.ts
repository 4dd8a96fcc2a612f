import type { Database } from './postgres'

/** LIBRARY_SIZE is how many postmortems the search is measured over. */
export const LIBRARY_SIZE = 5_000

/** RARE is how far a place may lie behind the last word: such a place becomes a `case` number. */
const RARE = 30

/**
 * seedLibrary fills a database with postmortems of about 3,000 characters each and a frozen record of forty rows, written
 * from a vocabulary in which the first words stand in nearly every text, the last in fewer, and `case` numbers in some
 * twenty of all. The triggers index them as they come.
 */
export async function seedLibrary({ pool }: Pick<Database, 'pool'>, count: number): Promise<void> {
  const words = `'{${WORDS.join(',')}}'::text[]`
  await pool.query(`
    CREATE OR REPLACE FUNCTION bench_text(seed int, length int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
      SELECT string_agg(coalesce((${words})[1 + abs(hashint4(seed * 7919 + place * 31)) % (3 + abs(hashint4(seed + place)) % ${WORDS.length + RARE})],
        'case' || (abs(hashint4(seed * 131 + place)) % 4000)), ' ' ORDER BY place) FROM generate_series(1, length) AS place
    $$`)
  for (let from = 1; from <= count; from += 250)
    await pool.query(
      `WITH made AS (
         INSERT INTO postmortem (id, number, title, state, severity, leaf_ids, component_ids, tags, record, is_drill,
           created_by, created_at, updated_at)
         SELECT gen_random_uuid(), 100000 + n, initcap(bench_text(n, 7)), CASE WHEN n % 5 = 0 THEN 'draft' ELSE 'published' END,
           'P' || (1 + n % 4), jsonb_build_array('leaf-' || n % 37), jsonb_build_array('component-' || n % 5),
           jsonb_build_array('tag-' || n % 60), jsonb_build_object('meta', jsonb_build_object('incident', 'INC-' || n,
             'errorType', bench_text(n + 9, 2), 'startedAtMs', 1790000000000 + n, 'hosts', jsonb_build_array(n % 400)),
             'timeline', (SELECT jsonb_agg(jsonb_build_object('text', bench_text(n * 50 + row, 9), 'isKey', row < 6))
               FROM generate_series(1, 40) AS row)),
           n % 10 = 0, 'bench', now() - n * interval '1 hour', now() - n * interval '1 hour'
         FROM generate_series($1::int, $2::int) AS n RETURNING id, number
       )
       INSERT INTO postmortem_section (postmortem_id, key, body, edited_by, edited_at)
       SELECT made.id, key, bench_text(made.number + place::int, 60), 'bench', now()
       FROM made, unnest('{summary,impact,timeline,causes,went-well,was-hard,lucky,resolution}'::text[]) WITH ORDINALITY AS k(key, place)`,
      [from, Math.min(from + 249, count)],
    )
  await pool.query('DROP FUNCTION bench_text(int, int)')
  await pool.query('ANALYZE postmortem; ANALYZE postmortem_search; ANALYZE postmortem_section')
}

const WORDS: readonly string[] =
  `host queue provider instance gateway driver kernel latency error alert poller worker timeout retry region Europe lease network
card memory disk deployment rollback fallback capacity training inference video render batch request response region token
quota limit account credit invoice console operator responder commander update message customer page status channel mail
Slack pager drill runbook tree question answer evidence record timeline gap clock restart upgrade version image registry
digest container node cluster service probe metric threshold dashboard graph log trace sample window minute hour morning
night weekend handover shift contact vendor support ticket cable switch router route packet loss power cooling fan
temperature throttle ECC XID bus lane NVLink firmware BIOS certificate expiry renewal secret rotation key permission role
migration flag canary freeze window checksum replica shard backup restore index lock deadlock vacuum connection pool`.split(
    /\s+/,
  )
