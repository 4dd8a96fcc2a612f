/** SlackReply is what Slack shows: to the asking person alone, or to the channel. */
export type SlackReply = {
  readonly response_type: 'ephemeral' | 'in_channel'
  readonly text: string
  readonly blocks?: readonly Readonly<Record<string, unknown>>[]
  readonly replace_original?: boolean
}

const TEXT_LIMIT = 2_900

/** escapeSlack makes a text safe inside a message: nobody is mentioned and nothing is linked by it. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** onlyToYou says something to the asking person alone; the text is escaped by the caller. */
export function onlyToYou(text: string): SlackReply {
  return { response_type: 'ephemeral', text: text.slice(0, TEXT_LIMIT) }
}

/** NOTHING is said where Slack itself shows what came of it. */
export const NOTHING: SlackReply = { response_type: 'ephemeral', text: '' }

/** Waiting is a message that waits for a second person, as it is shown for approval. */
export type Waiting = {
  readonly id: string
  readonly hash: string
  readonly audience: string
  readonly title: string
  readonly body: string
  readonly author: string
}

/** APPROVE and REFUSE are the names of the two buttons. */
export const APPROVE = 'publication.approve'
export const REFUSE = 'publication.refuse'

/** approvalReply shows a waiting message to the channel with its two buttons, bound to exactly this text by its hash. */
export function approvalReply(
  incident: string,
  message: Waiting,
  scope: 'ephemeral' | 'in_channel',
): SlackReply {
  const head = `${escapeSlack(incident)}: an update to ${message.audience} by @${escapeSlack(message.author)} waits for a second person.`
  const body = `*${escapeSlack(message.title)}*\n${escapeSlack(message.body)}`.slice(0, TEXT_LIMIT)
  const value = `${message.id}:${message.hash}`
  const button = (name: string, action: string, style: string) => ({
    type: 'button',
    text: { type: 'plain_text', text: name },
    action_id: action,
    style,
    value,
  })
  return {
    response_type: scope,
    text: head,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: head } },
      { type: 'section', text: { type: 'mrkdwn', text: body } },
      {
        type: 'actions',
        elements: [button('Approve', APPROVE, 'primary'), button('Refuse', REFUSE, 'danger')],
      },
    ],
  }
}

/** pressedOf reads a button's value back; undefined when it is none of ours. */
export function pressedOf(value: string): { readonly id: string; readonly hash: string } | undefined {
  const found = /^([0-9a-f-]{36}):([0-9a-f]{64})$/.exec(value)
  return found?.[1] && found[2] ? { id: found[1], hash: found[2] } : undefined
}

/** refusalText says why something was refused, every finding on a line of its own. */
export function refusalText(refusal: {
  readonly message: string
  readonly issues: readonly { readonly message: string }[]
}): string {
  const lines = refusal.issues.slice(0, 12).map(({ message }) => `• ${escapeSlack(message)}`)
  return [`Not done. ${escapeSlack(refusal.message)}`, ...lines].join('\n')
}
