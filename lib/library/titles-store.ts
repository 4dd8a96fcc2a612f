import type { Tx } from '../platform/db'

/** readLeafTitles gives what triage called diagnoses in frozen records, by leaf; a leaf that no record names is missing. */
export async function readLeafTitles(
  db: Tx,
  leaves: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(leaves)]
  if (wanted.length === 0) return new Map()
  const rows = await db.$queryRaw<{ leaf: string; title: string }[]>`
    SELECT DISTINCT ON (leaf->>'id') leaf->>'id' AS leaf, leaf->>'title' AS title
    FROM (SELECT body FROM triage_forest ORDER BY created_at DESC LIMIT 1) AS f,
      jsonb_path_query(f.body, '$.**.leaves[*]') AS leaf
    WHERE leaf->>'id' = ANY(${wanted}::text[])`
  return new Map(rows.map(({ leaf, title }) => [leaf, title]))
}
