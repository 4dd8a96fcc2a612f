import { z } from 'zod'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { rememberSecret } from '../platform/redact'
import { parseAddress } from './address'
import { linksOf } from './links-verify'
import { freeLane } from './mail-store'
import { readSmtp, SMTP_KEY, smtpPlace } from './smtp-load'
import { type SmtpSettings, smtpSettingsSchema } from './smtp-settings'
import { forget as forgetRow } from './subscriber-store'

const password = z.string().min(1).max(500).optional()

function sayingOf({ host, port, security, perMinute }: SmtpSettings) {
  return { host, port, security, perMinute }
}

/** configure sets the mail server, or turns mail off (`settings: null`); a password left out keeps the one held. */
export const configure = defineCommand({
  name: 'mail.configure',
  summary: 'Sets the mail server through which updates leave, or turns mail off (settings: null).',
  permission: 'mail.configure',
  input: z.strictObject({
    settings: smtpSettingsSchema.nullable(),
    password,
    version: z.number().int().min(0),
  }),
  run: async ({ console, tx, actor, now }, input) => {
    rememberSecret(input.password)
    const { held, version } = await readSmtp(console)
    if (version !== input.version)
      throw new AppError('conflict', 'Somebody changed the mail server meanwhile.', {
        current: held?.settings,
      })
    const kept = input.password ?? held?.password
    const isKept = input.settings !== null && input.settings.user !== '' && kept !== undefined
    const data = {
      value: input.settings ?? { off: true },
      sealed: isKept ? console.seal.seal(kept, smtpPlace) : null,
      version: version + 1,
      updatedAt: now,
      updatedBy: actor.id,
    }
    await tx.setting.upsert({ where: { key: SMTP_KEY }, create: { key: SMTP_KEY, ...data }, update: data })
    await freeLane(tx)
    await tx.$queryRaw`SELECT pg_notify('watchfloor_mail', 'settings')::text AS told`
    return {
      result: { version: version + 1 },
      audit: {
        subject: SMTP_KEY,
        detail: {
          settings: input.settings === null ? 'off' : sayingOf(input.settings),
          passwordChanged: input.password !== undefined,
        },
      },
      touched: [{ topic: 'subscribers', ref: 'settings' }],
    }
  },
})

/** test sends one mail to the own address of whoever asks, with the given settings or the stored ones. */
export const test = defineCommand({
  name: 'mail.test',
  summary: 'Sends one mail to your own address, with the given settings or the stored ones.',
  permission: 'mail.test',
  input: z.strictObject({ settings: smtpSettingsSchema.optional(), password }),
  before: async ({ console, actor }, input) => {
    rememberSecret(input.password)
    const { held } = await readSmtp(console)
    const settings = input.settings ?? held?.settings
    if (settings === undefined) return { ok: false, sentence: 'No mail server is set.' }
    if (actor.kind !== 'person') return { ok: false, sentence: 'Only a person can get a test mail.' }
    const person = await console.db.person.findUniqueOrThrow({ where: { id: actor.id } })
    // A password is sent only where it belongs: changed settings need it again.
    const isSameServer = held?.settings.host === settings.host && held.settings.port === settings.port
    const secret = input.password ?? (isSameServer ? held?.password : undefined)
    return console.sendTestMail({ settings, password: secret, to: person.email })
  },
  run: async ({ before }) => ({
    result: before,
    audit: { subject: SMTP_KEY, detail: { ok: before.ok } },
    touched: [],
  }),
})

/** resume tries the mail server at once instead of at the next time. */
export const resume = defineCommand({
  name: 'mail.resume',
  summary: 'Tries the mail server at once after it refused.',
  permission: 'mail.test',
  input: z.strictObject({}),
  run: async ({ tx, now }) => {
    await tx.$queryRaw`UPDATE mail_lane SET retry_at = ${now}::timestamptz WHERE id = 1`
    await tx.$queryRaw`SELECT pg_notify('watchfloor_mail', 'resume')::text AS told`
    return {
      result: {},
      audit: { subject: SMTP_KEY, detail: {} },
      touched: [{ topic: 'subscribers', ref: 'mail' }],
    }
  },
})

/** forget deletes a subscriber by address, with the sealed address; the audit entry does not name it. */
export const forget = defineCommand({
  name: 'subscribers.forget',
  summary: 'Deletes a subscriber by address; the record of it does not name the address.',
  permission: 'subscribers.manage',
  input: z.strictObject({ address: z.string().max(300) }),
  run: async ({ console, tx }, input) => {
    const address = parseAddress(input.address)
    if (address === undefined)
      throw new AppError('invalid', 'This is not a mail address.', {
        issues: [{ path: 'address', message: 'a mail address such as name@example.com' }],
      })
    const isFound = await forgetRow(tx, linksOf(console.env.NEXTAUTH_SECRET).digestOf(address))
    return {
      result: { isFound },
      audit: { subject: 'subscriber', detail: { isFound } },
      touched: isFound ? [{ topic: 'subscribers', ref: 'mail' }] : [],
    }
  },
})
