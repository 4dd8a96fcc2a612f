import { createTransport } from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool'

/** SmtpServer says which mail server to speak to, how, and in whose name. */
export type SmtpServer = {
  readonly host: string
  readonly port: number
  /** security is TLS from the first byte, STARTTLS that must succeed, or none, for a relay on the same machine. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly from: string
  readonly fromName: string
  readonly perMinute: number
}

/** SmtpMail is one letter to one address; the Message-ID stands in angle brackets. */
export type SmtpMail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  readonly inReplyTo: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** SmtpAnswer is what the server replied, or how the conversation broke off: after the message had begun, or before. */
export type SmtpAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'replied'; readonly command: string; readonly code: number; readonly text: string }
  | { readonly kind: 'broken'; readonly hasSentData: boolean; readonly why: string }

const CONNECT_MS = 10_000
const SILENCE_MS = 30_000
const MAX_CONNECTIONS = 4
const MAX_MESSAGES = 100

/** openSmtp keeps a small pool of connections to one mail server; close it after a burst. */
export function openSmtp(
  server: SmtpServer,
  limits: { readonly silenceMs?: number } = {},
): { readonly send: (mail: SmtpMail) => Promise<SmtpAnswer>; readonly close: () => void } {
  const transport = createTransport(optionsOf(server, limits.silenceMs ?? SILENCE_MS))
  // An idle connection that breaks is nobody's mail.
  transport.on('error', () => undefined)
  const begun = new Set<string>()
  transport.use('stream', (mail, done) => {
    const { message } = mail
    const id = message.messageId()
    const open = message.createReadStream.bind(message)
    message.createReadStream = (options) => {
      const stream = open(options)
      // It flows once the server has said "go ahead" to DATA; a refused recipient drains it too, but is a reply.
      stream.once('resume', () => begun.add(id))
      return stream
    }
    done()
  })
  return {
    send: async (mail) => {
      try {
        await transport.sendMail({
          from: { name: server.fromName, address: server.from },
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          messageId: mail.messageId,
          ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo, references: mail.inReplyTo }),
          headers: { ...mail.headers },
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return { kind: 'accepted' }
      } catch (error) {
        return answerOf(error, begun.has(mail.messageId))
      } finally {
        begun.delete(mail.messageId)
      }
    },
    close: () => transport.close(),
  }
}

function optionsOf(server: SmtpServer, silenceMs: number): SMTPPool.Options {
  const gapMs = Math.round(60_000 / server.perMinute)
  return {
    pool: true,
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    ...(server.user ? { auth: { user: server.user, pass: server.password ?? '' } } : {}),
    maxConnections: MAX_CONNECTIONS,
    maxMessages: MAX_MESSAGES,
    // By itself the pool sends a mail again when a connection closes, whether or not it was taken.
    ...{ maxRequeues: 0 },
    rateDelta: Math.max(1_000, gapMs),
    rateLimit: Math.max(1, Math.round(Math.max(1_000, gapMs) / gapMs)),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: silenceMs,
    logger: false,
  }
}

type SmtpFault = { readonly command?: string; readonly responseCode?: number; readonly response?: string }

function answerOf(error: unknown, hasSentData: boolean): SmtpAnswer {
  const { command = '', responseCode, response } = (error ?? {}) as SmtpFault
  if (responseCode !== undefined && response !== undefined)
    return { kind: 'replied', command, code: responseCode, text: response }
  return { kind: 'broken', hasSentData, why: error instanceof Error ? error.message : 'unknown' }
}
