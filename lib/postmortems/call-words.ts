import { escapedSlack, type NamedPerson, slackNames } from '../letters/model'
import { escapeHtml, type Letter } from '../subscribers/letters'
import { postmortemName, SECTION_TITLES, type SectionKey } from './model'

const SHOWN = 1_000

/** CallAbout is what a remark that calls somebody says of itself. */
export type CallAbout = {
  readonly number: number
  readonly title: string
  readonly section: SectionKey
  readonly by: string
  readonly text: string
  /** isRestricted leaves the words out: mail lies outside the console's sight. */
  readonly isRestricted: boolean
}

function hrefOf({ number }: Pick<CallAbout, 'number'>, baseUrl: string): string {
  return `${baseUrl}/postmortems/${postmortemName(number)}/edit`
}

/** callLine is what the internal channels read of a remark that calls people, in Slack's own notation. */
export function callLine(about: CallAbout, people: readonly NamedPerson[], baseUrl: string): string {
  const name = postmortemName(about.number)
  return `${slackNames(people)} a remark of ${escapedSlack(about.by)} calls you in <${hrefOf(about, baseUrl)}|${name}>: ${escapedSlack(about.title)}`
}

/** callLetter is the mail to somebody whom a remark calls. */
export function callLetter(about: CallAbout, baseUrl: string): Letter {
  const name = postmortemName(about.number)
  const href = hrefOf(about, baseUrl)
  const where = about.isRestricted ? name : `${name} ${about.title}`
  const lines = [
    `@${about.by} calls you in a remark on ${SECTION_TITLES[about.section]} of ${where}.`,
    about.isRestricted ? 'It is restricted: its words are read in the console.' : about.text.slice(0, SHOWN),
    'Answer there, or settle the thread; until then it stands under Waiting for you.',
  ]
  const body = lines.map((line) => `<p style="white-space:pre-line">${escapeHtml(line)}</p>`).join('')
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 sans-serif">${body}<hr><p><a href="${escapeHtml(href)}">${name}</a></p></body></html>`
  const subject = `[@${about.by} calls you] ${where}`.replace(/\s+/g, ' ').slice(0, 200)
  return { subject, text: `${[...lines, '-- ', href].join('\n\n')}\n`, html }
}
