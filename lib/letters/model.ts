import type { Letter } from '../subscribers/letters'

/** LetterKind says who writes a letter when its turn comes: a reminder of an action item, a remark that calls somebody, or the ask for a review. */
export type LetterKind = 'nag' | 'call' | 'ask'

/** Written is a letter that is wanted still, with the address of its reader. */
export type Written = { readonly to: string; readonly letter: Letter }

/** NamedPerson is somebody as a line in Slack names them; slackUser is null where nobody knows their Slack id. */
export type NamedPerson = { readonly handle: string; readonly slackUser: string | null }

/** escapedSlack makes a text safe inside Slack's own notation. */
export function escapedSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** slackNames names people in Slack's own notation, which calls those whose Slack id is known. */
export function slackNames(people: readonly NamedPerson[]): string {
  return people
    .map(({ handle, slackUser }) => (slackUser === null ? `@${escapedSlack(handle)}` : `<@${slackUser}>`))
    .join(' ')
}
