import { z } from 'zod'
import { parseAddress } from './address'

const host = z
  .string()
  .trim()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i, 'a host name or an address')

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3})$/

/** smtpSettingsSchema validates how mail leaves: the server, and in whose name. The password is kept apart, sealed. */
export const smtpSettingsSchema = z
  .strictObject({
    host,
    port: z.number().int().min(1).max(65_535),
    security: z.enum(['tls', 'starttls', 'none']),
    user: z.string().trim().max(200).default(''),
    from: z
      .string()
      .refine((text) => parseAddress(text) !== undefined, 'a mail address such as status@example.com'),
    fromName: z
      .string()
      .trim()
      .min(1, 'how mail is signed')
      .max(80)
      .regex(/^[^\p{Cc}<>"]*$/u, 'no quotes, brackets or line breaks'),
    perMinute: z.number().int().min(1).max(6_000).default(300),
  })
  .refine((value) => value.security !== 'none' || value.user === '' || LOOPBACK.test(value.host), {
    message: 'a password would travel unprotected: use TLS or STARTTLS',
    path: ['security'],
  })

/** SmtpSettings are the validated settings of the mail server. */
export type SmtpSettings = z.infer<typeof smtpSettingsSchema>

/**
 * smtpFromUrl reads `smtps://user:password@host:465` or `smtp://host:587?security=starttls|none`, STARTTLS unless told;
 * undefined for what is no such address.
 */
export function smtpFromUrl(
  text: string,
  sender: { readonly from: string; readonly fromName: string },
): { readonly settings: SmtpSettings; readonly password: string | undefined } | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isTls = url.protocol === 'smtps:'
  if (!isTls && url.protocol !== 'smtp:') return undefined
  const parsed = smtpSettingsSchema.safeParse({
    host: url.hostname,
    port: Number(url.port || (isTls ? 465 : 587)),
    security: isTls ? 'tls' : (url.searchParams.get('security') ?? 'starttls'),
    user: decodeURIComponent(url.username),
    ...sender,
  })
  if (!parsed.success) return undefined
  return {
    settings: parsed.data,
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
  }
}
