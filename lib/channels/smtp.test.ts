import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MailFault, MailServer } from '@/simulator/protocols/mail'
import { openSmtp, type SmtpAnswer, type SmtpServer } from './smtp'

const server = new MailServer()
let settings: SmtpServer

beforeAll(async () => {
  const port = await server.listen(0)
  settings = {
    host: '127.0.0.1',
    port,
    security: 'none',
    from: 'status@northlight.example',
    fromName: 'Northlight status',
    perMinute: 6_000,
  }
})

afterAll(() => server.close())

async function sendOne(to: string, changes: Partial<SmtpServer> = {}): Promise<SmtpAnswer> {
  const smtp = openSmtp({ ...settings, ...changes }, { silenceMs: 300 })
  try {
    return await smtp.send({
      to,
      subject: 'Training jobs stop – again',
      text: 'Text.\n',
      html: '<p>Text.</p>',
      messageId: `<${to}>`,
      inReplyTo: '<before@northlight.example>',
      headers: { 'List-Unsubscribe': '<https://status.example/status/unsubscribe?s=1&t=2>' },
    })
  } finally {
    smtp.close()
  }
}

function mailsTo(to: string) {
  return server.state().mails.filter((mail) => mail.to === to)
}

describe('a mail server', () => {
  it('gets the message with its id, its thread and the way out', async () => {
    expect(await sendOne('dana@example.com')).toEqual({ kind: 'accepted' })
    const [mail] = mailsTo('dana@example.com')
    expect(mail?.from).toBe('status@northlight.example')
    expect(mail?.raw).toContain('Message-ID: <dana@example.com>')
    expect(mail?.raw).toContain('In-Reply-To: <before@northlight.example>')
    expect(mail?.raw).toContain('References: <before@northlight.example>')
    expect(mail?.raw.replace(/\r\n\s+/g, ' ')).toContain(
      'List-Unsubscribe: <https://status.example/status/unsubscribe?s=1&t=2>',
    )
  })

  it.each<readonly [MailFault, Partial<SmtpAnswer> & object, number]>([
    ['hang-after-data', { kind: 'broken', hasSentData: true }, 1],
    ['disconnect-after-data', { kind: 'broken', hasSentData: true }, 1],
    ['later-at-data', { kind: 'replied', command: 'DATA', code: 452 }, 0],
    ['refused-at-data', { kind: 'replied', command: 'DATA', code: 554 }, 0],
    ['later-at-recipient', { kind: 'replied', command: 'RCPT TO', code: 451 }, 0],
    ['gone', { kind: 'replied', command: 'RCPT TO', code: 550 }, 0],
    ['refused-sender', { kind: 'replied', command: 'MAIL FROM', code: 550 }, 0],
  ])('that fails with %s is told apart, and the mail leaves once at most', async (fault, expected, taken) => {
    const to = `${fault}@example.com`
    server.plan({ fault, times: 1, to: fault === 'refused-sender' ? undefined : to })
    expect(await sendOne(to)).toMatchObject(expected)
    expect(mailsTo(to)).toHaveLength(taken)
  })

  it('that is away has surely not taken the mail', async () => {
    expect(await sendOne('away@example.com', { port: 1 })).toMatchObject({
      kind: 'broken',
      hasSentData: false,
    })
  })

  it('that can offer no STARTTLS is not spoken to in the clear', async () => {
    const answer = await sendOne('clear@example.com', { security: 'starttls' })
    expect(answer.kind).not.toBe('accepted')
    expect(mailsTo('clear@example.com')).toEqual([])
  })

  it('takes many mails over few connections, each once', async () => {
    const smtp = openSmtp(settings)
    const to = Array.from({ length: 40 }, (_, place) => `many${place}@example.com`)
    const answers = await Promise.all(
      to.map((address) =>
        smtp.send({
          to: address,
          subject: 's',
          text: 't',
          html: '<p>t</p>',
          messageId: `<${address}>`,
          inReplyTo: null,
          headers: {},
        }),
      ),
    )
    smtp.close()
    expect(answers.every(({ kind }) => kind === 'accepted')).toBe(true)
    expect(to.map((address) => mailsTo(address).length)).toEqual(to.map(() => 1))
  })
})
