import type { Audience, Due } from './promises'

const TO: Readonly<Record<Audience, string>> = {
  public: 'customers',
  internal: 'the team',
  executive: 'executives',
}

/** utcTime writes an instant as the time that was promised: `14:30 UTC`. */
export function utcTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`
}

/** audiencesText names who was promised an update. */
export function audiencesText(audiences: readonly Audience[]): string {
  const names = audiences.map((audience) => TO[audience])
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

type About = {
  readonly ref: string
  readonly severity: string
  readonly due: Pick<Due, 'dueAtMs' | 'audiences'>
  readonly href: string
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** mentionOf is what the channel reads when a promised update is due and not there, in Slack's own notation. */
export function mentionOf(
  about: About & { readonly commander: string; readonly slackUser: string | null },
): string {
  const { ref, severity, due, href, commander, slackUser } = about
  const who = slackUser === null ? '<!here>' : `<@${slackUser}>`
  const named = slackUser === null && commander !== '' ? ` (commander: ${escaped(commander)})` : ''
  return `${who}${named} ${severity} <${href}|${ref}>: an update was promised to ${audiencesText(due.audiences)} by ${utcTime(due.dueAtMs)} and is not out.`
}

/** summaryOf is what the pager says of an overdue update. */
export function summaryOf({ ref, severity, due }: About, nowMs: number): string {
  const minutes = Math.max(0, Math.floor((nowMs - due.dueAtMs) / 60_000))
  return `${ref} ${severity}: promised update is ${minutes} minutes late (due ${utcTime(due.dueAtMs)})`
}

/** recordText is what the incident's record says of a step. */
export function recordText({
  step,
  dueAtMs,
  audiences,
}: Pick<Due, 'step' | 'dueAtMs' | 'audiences'>): string {
  const promised = `the update promised to ${audiencesText(audiences)} by ${utcTime(dueAtMs)}`
  switch (step) {
    case 'nudge':
      return `Nudged the commander about ${promised}`
    case 'mention':
      return `Called in the channel for ${promised}`
    case 'page':
      return `Paged for ${promised}`
    case 'public':
      return `The public page says that ${promised} is missing`
  }
}
