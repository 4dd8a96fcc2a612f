/** SlackClass is what an error of Slack's Web API means for a message. */
export type SlackClass = 'rate' | 'ambiguous' | 'channel' | 'token' | 'malformed' | 'target' | 'other'

const CLASSES: Readonly<Record<Exclude<SlackClass, 'other'>, readonly string[]>> = {
  rate: ['ratelimited', 'rate_limited'],
  ambiguous: ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'no-word'],
  channel: [
    'channel_not_found',
    'is_archived',
    'not_in_channel',
    'restricted_action',
    'restricted_action_thread_locked',
    'restricted_action_read_only_channel',
    'restricted_action_non_threadable_channel',
    'ekm_access_denied',
    'message_limit_exceeded',
  ],
  token: [
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'missing_scope',
    'no_permission',
    'org_login_required',
    'team_access_not_granted',
    'team_not_found',
  ],
  malformed: [
    'invalid_blocks',
    'invalid_blocks_format',
    'msg_blocks_too_long',
    'too_many_attachments',
    'attachment_payload_limit_exceeded',
    'invalid_attachments',
  ],
  target: [
    'message_not_found',
    'cant_update_message',
    'edit_window_closed',
    'thread_not_found',
    'cannot_reply_to_message',
  ],
}

/** slackClass sorts an error code; what is not known is the message's own fault. */
export function slackClass(code: string): SlackClass {
  for (const [name, codes] of Object.entries(CLASSES)) if (codes.includes(code)) return name as SlackClass
  return 'other'
}

/** repairOf says what a person does about an error that stops a whole channel. */
export function repairOf(code: string): string {
  if (code === 'not_in_channel') return 'invite the bot into the channel'
  if (code === 'channel_not_found') return 'the id of the channel is not one that the bot can see'
  if (code === 'is_archived') return 'the channel is archived; choose another one'
  if (code === 'missing_scope')
    return 'give the bot the scopes chat:write and channels:history, and install it again'
  if (code === 'message_limit_exceeded') return 'the workspace has reached its limit of messages'
  if (CLASSES.channel.includes(code)) return 'the bot may not write in this channel'
  if (CLASSES.token.includes(code)) return 'install the bot again and put in its new token'
  return 'look at the settings of the channel'
}
