import type { Sql } from '../platform/sql'
import type { Copied } from './copy-dispatch'

/** ExportPlace is one place for copies with how the last copy went. */
export type ExportPlace = {
  readonly id: string
  readonly kind: 'folder' | 's3'
  readonly name: string
  readonly config: unknown
  readonly sealed: string | null
  readonly isOn: boolean
  readonly version: number
  readonly lastAt: Date | null
  readonly lastOkAt: Date | null
  readonly lastError: string | null
  readonly lastSequence: number | null
  readonly lastFiles: number | null
  readonly lastBytes: number | null
}

/** readExports gives every place for copies, the worker’s own folder first. */
export async function readExports(sql: Sql): Promise<ExportPlace[]> {
  return sql.$queryRaw<ExportPlace[]>`
    SELECT id, kind, name, config, sealed, is_on AS "isOn", version, last_at AS "lastAt", last_ok_at AS "lastOkAt",
      last_error AS "lastError", last_sequence AS "lastSequence", last_files AS "lastFiles", last_bytes AS "lastBytes"
    FROM status_export ORDER BY kind, id`
}

/** noteCopy keeps how a copy went; a failure leaves what is known of the last good one. */
export async function noteCopy(
  sql: Sql,
  note: { readonly id: string; readonly now: Date; readonly sequence: number } & (
    | { readonly copied: Copied }
    | { readonly error: string }
  ),
): Promise<void> {
  if ('error' in note) {
    await sql.$queryRaw`
      UPDATE status_export SET last_at = ${note.now}, last_error = ${note.error.slice(0, 500)} WHERE id = ${note.id}`
    return
  }
  await sql.$queryRaw`
    UPDATE status_export SET last_at = ${note.now}, last_ok_at = ${note.now}, last_error = NULL,
      last_sequence = ${note.sequence}, last_files = ${note.copied.files}, last_bytes = ${note.copied.bytes}
    WHERE id = ${note.id}`
}

/** writeEnvironmentBucket keeps the bucket that the environment names beside those of the settings, or takes it away. */
export async function writeEnvironmentBucket(
  sql: Sql,
  bucket: { readonly config: object; readonly sealed: string } | undefined,
): Promise<void> {
  if (bucket === undefined) {
    await sql.$queryRaw`DELETE FROM status_export WHERE id = 'environment'`
    return
  }
  await sql.$queryRaw`
    INSERT INTO status_export (id, kind, name, config, sealed)
    VALUES ('environment', 's3', 'Bucket of the environment', ${JSON.stringify(bucket.config)}::jsonb, ${bucket.sealed})
    ON CONFLICT (id) DO UPDATE SET config = ${JSON.stringify(bucket.config)}::jsonb, sealed = ${bucket.sealed}`
}
