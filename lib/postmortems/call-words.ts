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
  const subject = `[@${about.by} calls you] ${where}`
  return letterOf({ subject, lines, name, href })
}

/** AskAbout is what the ask for a review says of itself. */
export type AskAbout = Omit<CallAbout, 'section'>

/** askLine is what the internal channels read of an ask for a review, in Slack's own notation. */
export function askLine(about: AskAbout, people: readonly NamedPerson[], baseUrl: string): string {
  const name = postmortemName(about.number)
  return `${slackNames(people)} ${escapedSlack(about.by)} asks you to review <${hrefOf(about, baseUrl)}|${name}>: ${escapedSlack(about.title)}`
}

/** askLetter is the mail to somebody who is asked for a review. */
export function askLetter(about: AskAbout, baseUrl: string): Letter {
  const name = postmortemName(about.number)
  const where = about.isRestricted ? name : `${name} ${about.title}`
  const words = about.isRestricted ? 'It is restricted: its words are read in the console.' : about.text
  const lines = [
    `@${about.by} asks you to review ${where}.`,
    ...(words === '' ? [] : [words.slice(0, SHOWN)]),
    'Approve it there, or ask for changes; until then it stands under Waiting for you.',
  ]
  const subject = `[@${about.by} asks for your review] ${where}`
  return letterOf({ subject, lines, name, href: hrefOf(about, baseUrl) })
}

function letterOf({
  subject,
  lines,
  name,
  href,
}: {
  readonly subject: string
  readonly lines: readonly string[]
  readonly name: string
  readonly href: string
}): Letter {
  const body = lines.map((line) => `<p style="white-space:pre-line">${escapeHtml(line)}</p>`).join('')
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 sans-serif">${body}<hr><p><a href="${escapeHtml(href)}">${name}</a></p></body></html>`
  return {
    subject: subject.replace(/\s+/g, ' ').slice(0, 200),
    text: `${[...lines, '-- ', href].join('\n\n')}\n`,
    html,
  }
}
