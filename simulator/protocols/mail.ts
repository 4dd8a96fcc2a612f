import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { z } from 'zod'

/** MAIL_FAULTS are the ways in which the simulated mail server fails the next mails. */
export const MAIL_FAULTS = [
  'hang-after-data',
  'disconnect-after-data',
  'later-at-data',
  'refused-at-data',
  'later-at-recipient',
  'gone',
  'refused-sender',
] as const

export type MailFault = (typeof MAIL_FAULTS)[number]

export const mailFaultBody = z.strictObject({
  fault: z.enum(MAIL_FAULTS),
  times: z.int().min(0).max(10_000).default(1),
  to: z.string().optional().describe('Only mail to this address; any mail when left out'),
})

type Planned = { readonly fault: MailFault; left: number; readonly to: string | undefined }

export type SimMail = {
  readonly from: string
  readonly to: string
  /** The message as it came, headers first. */
  readonly raw: string
  /** False for a mail that was taken without a word. */
  readonly confirmed: boolean
}

const KEPT = 2_000

/** A real SMTP server that keeps what it takes, and fails on request. */
export class MailServer {
  private readonly server: SMTPServer
  private readonly taken: SimMail[] = []
  private plans: Planned[] = []
  private port: number | undefined

  constructor() {
    this.server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      logger: false,
      closeTimeout: 100,
      onAuth: ({ username }, _session, callback) => callback(null, { user: username ?? 'anybody' }),
      onMailFrom: (_address, _session, callback) =>
        callback(this.takeFault(undefined, 'refused-sender') ? reply(550, '5.7.1 sender not allowed') : null),
      onRcptTo: ({ address }, _session, callback) => callback(this.atRecipient(address)),
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.once('end', () => this.atEnd(Buffer.concat(chunks).toString('utf8'), session, callback))
      },
    })
    this.server.on('error', () => undefined)
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve) => {
      const server = this.server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        this.port = typeof address === 'object' && address !== null ? address.port : port
        resolve(this.port)
      })
    })
  }

  close(): Promise<void> {
    if (this.port === undefined) return Promise.resolve()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  state(): { readonly port: number | undefined; readonly mails: readonly SimMail[] } {
    return { port: this.port, mails: this.taken }
  }

  plan({ fault, times, to }: z.output<typeof mailFaultBody>): void {
    this.plans = this.plans.filter((one) => one.fault !== fault || one.to !== to)
    if (times > 0) this.plans.push({ fault, left: times, to })
  }

  private takeFault(to: string | undefined, ...faults: readonly MailFault[]): MailFault | undefined {
    const found = this.plans.find(
      (one) => one.left > 0 && faults.includes(one.fault) && (one.to === undefined || one.to === to),
    )
    if (found) found.left -= 1
    return found?.fault
  }

  private atRecipient(address: string): Error | null {
    switch (this.takeFault(address, 'gone', 'later-at-recipient')) {
      case 'gone':
        return reply(550, `5.1.1 <${address}>: no such mailbox`)
      case 'later-at-recipient':
        return reply(451, '4.7.1 greylisted, try again')
      default:
        return null
    }
  }

  private atEnd(raw: string, session: SMTPServerSession, callback: (error?: Error | null) => void): void {
    const { mailFrom, rcptTo } = session.envelope
    const to = rcptTo[0]?.address ?? ''
    const keep = (confirmed: boolean): void => {
      this.taken.push({ from: mailFrom ? mailFrom.address : '', to, raw, confirmed })
      if (this.taken.length > KEPT) this.taken.shift()
    }
    const fault = this.takeFault(
      to,
      'hang-after-data',
      'disconnect-after-data',
      'later-at-data',
      'refused-at-data',
    )
    switch (fault) {
      case 'hang-after-data':
        keep(false)
        break
      case 'disconnect-after-data':
        keep(false)
        for (const connection of this.server.connections) if (connection.id === session.id) connection.close()
        break
      case 'later-at-data':
        callback(reply(452, '4.3.1 no space left'))
        break
      case 'refused-at-data':
        callback(reply(554, '5.7.1 not wanted'))
        break
      default:
        keep(true)
        callback(null)
    }
  }
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
