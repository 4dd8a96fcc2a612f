import type { ChannelKind } from '@/lib/channels/channel'

/** ChannelField is one setting of a kind of channel in its form. */
export type ChannelField = {
  readonly path: string
  readonly title: string
  readonly kind: 'text' | 'flag'
  readonly example?: string
  readonly hint?: string
  readonly initial: string
}

const DRILLS: ChannelField = {
  path: 'drills',
  title: 'Also carries drills, marked as practice',
  kind: 'flag',
  initial: '',
}

/** CHANNEL_FIELDS gives the form of each kind of channel. */
export const CHANNEL_FIELDS: Readonly<Record<ChannelKind, readonly ChannelField[]>> = {
  'slack-bot': [
    {
      path: 'channel',
      title: 'Channel id',
      kind: 'text',
      example: 'C0123456789',
      hint: 'In Slack: the channel’s details, at the bottom. Invite the bot into the channel.',
      initial: '',
    },
    { path: 'apiUrl', title: 'Address of the API', kind: 'text', initial: 'https://slack.com/api' },
    DRILLS,
  ],
  'slack-webhook': [DRILLS],
  statuspage: [
    { path: 'pageId', title: 'Page id', kind: 'text', example: 'srhpyqt94yxb', initial: '' },
    {
      path: 'publicUrl',
      title: 'Address that readers open',
      kind: 'text',
      example: 'https://status.example.com',
      hint: 'Read back after each update. Leave empty to ask the API instead.',
      initial: '',
    },
    { path: 'apiUrl', title: 'Address of the API', kind: 'text', initial: 'https://api.statuspage.io/v1' },
    { path: 'notify', title: 'Tells the page’s subscribers', kind: 'flag', initial: 'yes' },
  ],
  pagerduty: [
    {
      path: 'url',
      title: 'Address of the Events API',
      kind: 'text',
      initial: 'https://events.pagerduty.com/v2/enqueue',
    },
    DRILLS,
  ],
  webhook: [
    {
      path: 'url',
      title: 'Address',
      kind: 'text',
      example: 'https://example.com/hooks/watchfloor',
      initial: '',
    },
    DRILLS,
  ],
}

/** ChannelForm is what is typed: texts by path; a flag is `yes` or empty. The secret is never among them. */
export type ChannelForm = {
  readonly id: string
  readonly name: string
  readonly audiences: readonly string[]
  readonly config: Readonly<Record<string, string>>
  /** map is one component a line: its name or id here, an equals sign, its id there. */
  readonly map: string
}

type Stored = {
  readonly id: string
  readonly name: string
  readonly audiences: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly componentMap: Readonly<Record<string, string>>
}

/** formOf fills a form from a stored channel, or with shipped values for a new one. */
export function formOf(kind: ChannelKind, stored: Stored | undefined): ChannelForm {
  const config = Object.fromEntries(
    CHANNEL_FIELDS[kind].map(({ path, kind: how, initial }) => {
      const value = stored?.config[path]
      if (value === undefined) return [path, stored === undefined ? initial : '']
      return [path, how === 'flag' ? (value === true ? 'yes' : '') : String(value)]
    }),
  )
  const map = Object.entries(stored?.componentMap ?? {})
    .map(([ours, theirs]) => `${ours} = ${theirs}`)
    .join('\n')
  return { id: stored?.id ?? '', name: stored?.name ?? '', audiences: stored?.audiences ?? [], config, map }
}

/** MapRead is a list of components as typed, or the first line that can't be read. */
export type MapRead =
  | { readonly ok: true; readonly map: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string }

/** mapOf reads one component a line, `ours = theirs`; empty lines are nothing. */
export function mapOf(text: string): MapRead {
  const map: Record<string, string> = {}
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [, ours, theirs] = /^\s*(.+?)\s*=\s*(\S+)\s*$/.exec(line) ?? []
    if (ours === undefined || theirs === undefined)
      return { ok: false, problem: `line ${at + 1}: write the name here, an equals sign, and the id there` }
    if (Object.hasOwn(map, ours)) return { ok: false, problem: `line ${at + 1}: ${ours} stands there twice` }
    map[ours] = theirs
  }
  return { ok: true, map }
}

/** configOf turns what was typed into settings as the server takes them; empty texts are left out. */
export function configOf(kind: ChannelKind, form: ChannelForm): Record<string, unknown> {
  const config: Record<string, unknown> = {}
  for (const { path, kind: how } of CHANNEL_FIELDS[kind]) {
    const value = form.config[path]?.trim() ?? ''
    if (how === 'flag') config[path] = value === 'yes'
    else if (value !== '') config[path] = value
  }
  return config
}

/** slugOf makes an id of a name: what a link to the channel is called. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
}
