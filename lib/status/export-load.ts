import { z } from 'zod'
import type { Sql } from '../platform/sql'
import type { Copied } from './copy-dispatch'
import { type ExportPlace, noteCopy, readExports, writeEnvironmentBucket } from './export-store'

export type { ExportPlace }

/** bucketConfig is what settings hold of a bucket beside its secret. */
export const bucketConfig = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  region: z.string().trim().min(1, 'must not be empty').max(60).default('auto'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,62}$/, 'must be a bucket’s name'),
  prefix: z
    .string()
    .max(200)
    .regex(/^[\w./-]*$/, 'letters, digits, dot, slash, hyphen, underscore')
    .transform((text) => text.replace(/^\/+|\/+$/g, ''))
    .default(''),
  accessKeyId: z.string().trim().min(1, 'must not be empty').max(200),
})

/** sealPlaceOf is where the secret of a place for copies is sealed to: it opens nowhere else. */
export function sealPlaceOf(id: string): string {
  return `status_export|${id}|sealed`
}

/** loadExports gives every place for copies, the worker’s own folder first. */
export function loadExports(sql: Sql): Promise<ExportPlace[]> {
  return readExports(sql)
}

/** setEnvironmentBucket keeps the bucket that the environment names, or takes it away where it names none. */
export function setEnvironmentBucket(
  sql: Sql,
  bucket: { readonly config: object; readonly sealed: string } | undefined,
): Promise<void> {
  return writeEnvironmentBucket(sql, bucket)
}

/** keepCopyResult keeps how a copy went. */
export function keepCopyResult(
  sql: Sql,
  note: { readonly id: string; readonly now: Date; readonly sequence: number } & (
    | { readonly copied: Copied }
    | { readonly error: string }
  ),
): Promise<void> {
  return noteCopy(sql, note)
}
