import type { CommandInput, QueryResult } from '@/lib/registry'

export type MailSettings = NonNullable<QueryResult<'mail.settings'>['settings']>

/** MailForm is the mail server as it is typed: every field a text. */
export type MailForm = Readonly<Record<keyof MailSettings, string>>

const EMPTY: MailForm = {
  host: '',
  port: '587',
  security: 'starttls',
  user: '',
  from: '',
  fromName: 'Status',
  perMinute: '300',
}

/** formOf writes settings as they are typed. */
export function formOf(settings: MailSettings | null): MailForm {
  if (settings === null) return EMPTY
  return { ...settings, port: String(settings.port), perMinute: String(settings.perMinute) }
}

/** settingsOf reads what was typed; the server judges it. */
export function settingsOf(form: MailForm): NonNullable<CommandInput<'mail.configure'>['settings']> {
  return {
    ...form,
    port: Number(form.port),
    perMinute: Number(form.perMinute),
    security: form.security as MailSettings['security'],
  }
}
