/** MAIL_STATES are the states of one row of the ledger. */
export const MAIL_STATES = ['queued', 'sending', 'retry', 'sent', 'unknown', 'failed', 'skipped'] as const

/** MailState says where one mail to one subscriber stands; `unknown` may have arrived, `skipped` was not wanted any more. */
export type MailState = (typeof MAIL_STATES)[number]

/** Verdict is what one try to hand a mail to the mail server came to. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** The mailbox does not exist: nothing is sent to it again. */
  | { readonly kind: 'bounced'; readonly code: string; readonly note: string }
  /** This mail is refused for good, the mailbox may be fine. */
  | { readonly kind: 'refused'; readonly code: string; readonly note: string }
  | { readonly kind: 'later'; readonly code: string; readonly note: string }
  /** The message left and no answer came: it may have arrived. */
  | { readonly kind: 'unclear'; readonly note: string }
  /** The server refuses us, or can't be reached: no mail leaves until that is over. */
  | { readonly kind: 'lane'; readonly code: string; readonly note: string }

/** SmtpOutcome is what the mail server said, or how the conversation broke off. */
export type SmtpOutcome =
  | { readonly kind: 'accepted' }
  /** command is the SMTP command that was answered; text is the whole reply. */
  | { readonly kind: 'replied'; readonly command: string; readonly code: number; readonly text: string }
  /** hasSentData is true once the server had let the message itself begin. */
  | { readonly kind: 'broken'; readonly hasSentData: boolean; readonly why: string }

/** Mail is one letter on its way to one address. */
export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** messageId stands in angle brackets and is the same at every try. */
  readonly messageId: string
  readonly inReplyTo: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** Mailer hands mails to a mail server; it never throws. */
export type Mailer = {
  readonly send: (mail: Mail) => Promise<SmtpOutcome>
  readonly close: () => void
}
