import { escapedSlack, type NamedPerson, slackNames } from '../letters/model'
import { escapeHtml, type Letter } from '../subscribers/letters'
import { actionItemName, type Day, dueWords } from './model'
import type { Step } from './nags'

/** NagAbout is what a nag says of an item. */
export type NagAbout = {
  readonly number: number
  readonly title: string
  readonly dueOn: Day
  readonly doneWhen: string
  /** incident is the name of the incident that it came from; empty when there is none. */
  readonly incident: string
  readonly owner: string
  readonly href: string
  readonly nowMs: number
}

/** stepWords names a reminder by when it is given. */
export function stepWords(step: Step): string {
  if (step === 'before') return 'two days before'
  if (step === 'due') return 'on the day'
  const weeks = Number(step.slice('week-'.length))
  return weeks === 1 ? 'a week after' : `${weeks} weeks after`
}

/** slackText is what the channel reads of a nag, in Slack's own notation; people are named where nobody knows their Slack id. */
export function slackText(about: NagAbout, people: readonly NamedPerson[]): string {
  const from = about.incident === '' ? '' : `, from ${about.incident}`
  return `${slackNames(people)} <${about.href}|${actionItemName(about.number)}> is ${dueWords(about.dueOn, about.nowMs)}${from}: ${escapedSlack(about.title)}`
}

/** nagLetter is the mail of a nag. */
export function nagLetter(about: NagAbout): Letter {
  const name = actionItemName(about.number)
  const due = dueWords(about.dueOn, about.nowMs)
  const lines = [
    `${name} is ${due} (${about.dueOn}): ${about.title}`,
    about.doneWhen === '' ? 'It does not say when it is done.' : `Done when: ${about.doneWhen}`,
    `Owner: ${about.owner === '' ? 'nobody' : about.owner}${about.incident === '' ? '' : `, from ${about.incident}`}`,
    'Mark it done with its evidence, move its date, or drop it with a reason. It comes again every week until then.',
  ]
  const body = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 sans-serif">${body}<hr><p><a href="${escapeHtml(about.href)}">${name}</a></p></body></html>`
  const subject = `[${sentence(due)}] ${name} ${about.title}`.replace(/\s+/g, ' ').slice(0, 200)
  return { subject, text: `${[...lines, '-- ', about.href].join('\n\n')}\n`, html }
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
