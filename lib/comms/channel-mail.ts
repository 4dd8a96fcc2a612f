import { type LimitFault, tooLong } from './limits'
import type { Outgoing } from './outgoing'
import { momentText } from './units'
import { isTouched, STATE_WORDS, STATUS_WORDS } from './words'

/** A header line holds 998 characters at most, and mail programs show far fewer. */
const SUBJECT_MAX = 200
const TEXT_MAX = 25_000

/** MailText is a message as mail: the sender adds what unsubscribes. */
export type MailText = { readonly subject: string; readonly text: string }

/** mailText gives subject and plain text; `pageHref` is where the page shows the same. */
export function mailText(out: Outgoing, pageHref: string | null): MailText {
  const touched = out.components.filter(isTouched)
  const lines = [
    out.body.trim(),
    ...(touched.length === 0
      ? []
      : [touched.map(({ name, to }) => `${name}: ${STATE_WORDS[to]}`).join('\n')]),
    ...(out.nextUpdateAt === null ? [] : [`Next update: ${momentText(Date.parse(out.nextUpdateAt))}`]),
    ...(pageHref === null ? [] : [pageHref]),
  ]
  return { subject: subjectOf(out), text: `${lines.join('\n\n')}\n` }
}

/** mailLimits gives what is too long for a mail. */
export function mailLimits(out: Outgoing): readonly LimitFault[] {
  return [
    ...tooLong('Mail subject', subjectOf(out), SUBJECT_MAX),
    ...tooLong('Mail text', mailText(out, null).text, TEXT_MAX),
  ]
}

// A line break in a subject would begin a header of its own.
function subjectOf({ status, title, kind, isDrill }: Outgoing): string {
  const mark = kind === 'correction' ? 'Correction' : STATUS_WORDS[status]
  return `${isDrill ? '[Drill] ' : ''}[${mark}] ${title.replace(/\s+/g, ' ').trim()}`
}
