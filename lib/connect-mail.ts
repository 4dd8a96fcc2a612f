import { openSmtp } from './channels/smtp'
import type { Console } from './console'
import type { Post } from './subscribers/advance'
import { readSmtp } from './subscribers/smtp-load'
import type { SmtpSettings } from './subscribers/smtp-settings'

/** hostOf is the host of the console's public address: it stands in the ids of mails. */
export function hostOf(console: Console): string {
  return new URL(publicUrlOf(console)).hostname
}

/** publicUrlOf is the console's address for people outside, without a slash at its end. */
export function publicUrlOf({ env }: Console): string {
  return (env.WATCHFLOOR_PUBLIC_URL ?? env.NEXTAUTH_URL).replace(/\/+$/, '')
}

/** openPost opens the configured mail server for a burst of mail; undefined while none is configured. */
export async function openPost(console: Console): Promise<Post | undefined> {
  const { held } = await readSmtp(console)
  if (held === undefined) return undefined
  return {
    page: held.settings.fromName,
    host: hostOf(console),
    mailer: openSmtp({ ...held.settings, password: held.password }),
  }
}

/** sendTestMail hands one mail to the server with these settings now and says in words what came of it. */
export async function sendTestMail(
  console: Console,
  test: { readonly settings: SmtpSettings; readonly password: string | undefined; readonly to: string },
): Promise<{ readonly ok: boolean; readonly sentence: string }> {
  const { settings, password, to } = test
  const mailer = openSmtp({ ...settings, password }, { silenceMs: 10_000 })
  try {
    const answer = await mailer.send({
      to,
      subject: `A test of ${settings.fromName}`,
      text: 'Mail from Watchfloor reaches you.\n',
      html: '<p>Mail from Watchfloor reaches you.</p>',
      messageId: `<test-${console.clock.now().getTime()}@${hostOf(console)}>`,
      inReplyTo: null,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    if (answer.kind === 'accepted')
      return { ok: true, sentence: 'The mail server took it. Look into your mail.' }
    if (answer.kind === 'replied')
      return { ok: false, sentence: `The mail server refused after ${answer.command}: ${answer.text}` }
    return {
      ok: false,
      sentence: answer.hasSentData
        ? `The mail server took the text and did not answer: ${answer.why}`
        : `The mail server can't be reached: ${answer.why}`,
    }
  } finally {
    mailer.close()
  }
}
