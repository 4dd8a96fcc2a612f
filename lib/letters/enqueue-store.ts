import type { Sql } from '../platform/sql'
import type { LetterKind } from './model'

/** enqueueLetters puts a letter to each of these people into the ledger, in the caller's transaction; a second one of the same occasion is none. */
export async function enqueueLetters(
  tx: Sql,
  letter: {
    readonly kind: LetterKind
    /** ref is the id of its occasion. */
    readonly ref: string
    readonly people: readonly string[]
    readonly now: Date
  },
): Promise<void> {
  const { kind, ref, people, now } = letter
  await tx.$queryRaw`
    INSERT INTO person_mail (id, kind, ref, person_id, not_before, created_at)
    SELECT gen_random_uuid(), ${kind}, ${ref}::uuid, person, ${now}::timestamptz, ${now}::timestamptz
    FROM unnest(${[...people]}::uuid[]) AS person ON CONFLICT DO NOTHING`
}
