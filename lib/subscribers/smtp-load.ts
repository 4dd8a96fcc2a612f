import type pg from 'pg'
import type { Seal } from '../platform/crypto'
import type { Env } from '../platform/env'
import { type SmtpSettings, smtpFromUrl, smtpSettingsSchema } from './smtp-settings'

/** SMTP_KEY is the row of the mail server's settings. */
export const SMTP_KEY = 'mail:smtp'

/** smtpPlace binds the sealed password to its row. */
export const smtpPlace = `setting|${SMTP_KEY}|sealed`

/** HeldSmtp is the mail server as configured, with where its settings come from. */
export type HeldSmtp = {
  readonly settings: SmtpSettings
  readonly password: string | undefined
  readonly origin: 'environment' | 'settings'
}

/** SmtpHome is what the settings are read from. */
export type SmtpHome = {
  readonly hot: Pick<pg.Pool, 'query'>
  readonly seal: Seal
  readonly env: Pick<Env, 'SMTP_URL' | 'SMTP_FROM' | 'SMTP_FROM_NAME'>
}

function fromEnvironment({ env }: SmtpHome): HeldSmtp | undefined {
  if (env.SMTP_URL === undefined || env.SMTP_FROM === undefined) return undefined
  const read = smtpFromUrl(env.SMTP_URL, { from: env.SMTP_FROM, fromName: env.SMTP_FROM_NAME })
  return read && { ...read, origin: 'environment' }
}

/** readSmtp gives the mail server in force and the version of its row; a setting made in the browser wins, `off` included. */
export async function readSmtp(
  home: SmtpHome,
): Promise<{ readonly held: HeldSmtp | undefined; readonly version: number }> {
  const { rows } = await home.hot.query<{ value: unknown; sealed: string | null; version: number }>(
    'SELECT value, sealed, version FROM setting WHERE key = $1',
    [SMTP_KEY],
  )
  const [row] = rows
  if (row === undefined) return { held: fromEnvironment(home), version: 0 }
  const parsed = smtpSettingsSchema.safeParse(row.value)
  if (!parsed.success) return { held: undefined, version: row.version }
  const password = row.sealed === null ? undefined : home.seal.open(row.sealed, smtpPlace)
  return { held: { settings: parsed.data, password, origin: 'settings' }, version: row.version }
}
