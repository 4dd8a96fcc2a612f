import { z } from 'zod'
import { redactText } from '../platform/redact'

/** storable replaces what Postgres refuses, NUL in text and lone surrogates in JSON: either would cost the command its transaction. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD')
}

/** A record is never changed, so a secret that somebody pastes must not come into it. */
function kept(text: string): string {
  return redactText(storable(text))
}

/** line is one line of text between 1 and `max` characters, trimmed; what looks like a secret is masked. */
export function line(max: number, empty: string): z.ZodType<string, string> {
  return z
    .string()
    .transform((text) => kept(text).replace(/\s+/g, ' ').trim())
    .pipe(z.string().min(1, empty).max(max, `at most ${max} characters`))
}

/** prose is text of several lines up to `max` characters; may be empty; what looks like a secret is masked. */
export function prose(max: number): z.ZodType<string, string> {
  return z
    .string()
    .transform((text) => kept(text).trim())
    .pipe(z.string().max(max, `at most ${max} characters`))
}

/** claimedText is a claimed time exactly as the writer gave it, up to 60 characters; it is judged, never refused. */
export const claimedText: z.ZodType<string, string> = z.string().max(60).transform(storable)

/** incidentId names an incident by its id. */
export const incidentId = z.uuid('must be an incident id')

/** alertTarget names alerts by id, or every one that fires of a rule and level. */
export const alertTarget = z.union([
  z.strictObject({ ids: z.array(z.uuid('must be an alert id')).min(1).max(500) }),
  z.strictObject({
    group: z.strictObject({ name: z.string().max(200), level: z.enum(['P1', 'P2', 'P3', 'P4']) }),
  }),
])
