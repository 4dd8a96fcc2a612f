import { type LimitFault, tooLong } from './limits'
import type { Severity, Status } from './model'
import type { Outgoing } from './outgoing'
import { clockText } from './units'
import { isTouched, STATE_WORDS, STATUS_WORDS } from './words'

const HEADER_MAX = 150
const SECTION_MAX = 3_000
const FIELD_MAX = 2_000
/** Edited cards are measured more strictly than new ones, and every card is edited some day. */
const TEXT_MAX = 4_000
/** Slack names no limit for a whole card; it refuses near 13,200, so half of that is safe. */
const CARD_MAX = 5_500
const BLOCKS_MAX = 50

const SEVERITY_MARKS: Readonly<Record<Severity, string>> = { P1: '🔴', P2: '🟠', P3: '🟡', P4: '🔵' }
const STATUS_MARKS: Readonly<Record<Status, string>> = {
  investigating: '🔎',
  identified: '🎯',
  monitoring: '👀',
  resolved: '✅',
}
const COLORS: Readonly<Record<Severity, string>> = {
  P1: '#D92D20',
  P2: '#E8710A',
  P3: '#EAB308',
  P4: '#3B82F6',
}
const RESOLVED_COLOR = '#16A34A'

type Mrkdwn = { readonly type: 'mrkdwn'; readonly text: string }
/** SlackBlock is one block of a card, as far as a card uses them. */
export type SlackBlock =
  | {
      readonly type: 'header'
      readonly block_id: string
      readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: true }
    }
  | {
      readonly type: 'section'
      readonly block_id: string
      readonly text?: Mrkdwn
      readonly fields?: readonly Mrkdwn[]
    }
  | { readonly type: 'context'; readonly block_id: string; readonly elements: readonly Mrkdwn[] }

/** SlackCard is the payload of chat.postMessage, chat.update and an incoming webhook without channel, thread and metadata. */
export type SlackCard = {
  readonly text: string
  readonly unfurl_links: false
  readonly unfurl_media: false
  readonly attachments: readonly [
    { readonly color: string; readonly fallback: string; readonly blocks: readonly SlackBlock[] },
  ]
}

/** escapeSlack makes a text harmless in Slack: `&`, `<` and `>` are all that Slack reads. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** slackCard gives the card of a message; its top text holds everything, because screen readers read nothing else. */
export function slackCard(out: Outgoing): SlackCard {
  const color = out.status === 'resolved' ? RESOLVED_COLOR : COLORS[out.severity]
  return {
    text: escapeSlack(plainCard(out)),
    unfurl_links: false,
    unfurl_media: false,
    attachments: [{ color, fallback: escapeSlack(headOf(out)), blocks: blocksOf(out) }],
  }
}

/** slackLine gives a message as plain text for an incoming webhook that shows no cards, and for a thread's reply. */
export function slackLine(out: Outgoing): { readonly text: string } {
  return { text: escapeSlack(plainCard(out)) }
}

/** slackLimits gives what is too long for a card. */
export function slackLimits(out: Outgoing): readonly LimitFault[] {
  const card = slackCard(out)
  const { blocks } = card.attachments[0]
  return [
    ...tooLong('Slack text', card.text, TEXT_MAX),
    ...blocks.flatMap((block) => blockLimits(block)),
    ...(blocks.length > BLOCKS_MAX
      ? [{ where: 'Slack blocks', length: blocks.length, max: BLOCKS_MAX }]
      : []),
    ...tooLong('Slack card', JSON.stringify(blocks), CARD_MAX),
  ]
}

function blockLimits(block: SlackBlock): readonly LimitFault[] {
  if (block.type === 'header') return tooLong('Slack title', block.text.text, HEADER_MAX)
  if (block.type === 'context')
    return block.elements.flatMap((it) => tooLong('Slack footer', it.text, FIELD_MAX))
  return [
    ...tooLong('Slack section', block.text?.text ?? '', SECTION_MAX),
    ...(block.fields ?? []).flatMap((it) => tooLong('Slack field', it.text, FIELD_MAX)),
  ]
}

function headOf({ severity, status, title, isDrill }: Outgoing): string {
  return `${isDrill ? 'DRILL ' : ''}${severity} ${STATUS_WORDS[status].toUpperCase()}: ${title}`
}

function plainCard(out: Outgoing): string {
  const { body, nextUpdateAt, commander } = out
  const next = nextUpdateAt === null ? '' : ` Next update by ${clockText(Date.parse(nextUpdateAt))}.`
  const has = (text: string): boolean => body.includes(text)
  return [
    `${headOf(out)}.`,
    body.replace(/\s+/g, ' ').trim(),
    next && !has(clockText(Date.parse(nextUpdateAt ?? ''))) ? next.trim() : '',
    commander !== null && !has(commander) ? `Commander: ${commander}.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function blocksOf(out: Outgoing): readonly SlackBlock[] {
  const { seq, severity, title, isDrill } = out
  const header = `${SEVERITY_MARKS[severity]} ${isDrill ? 'DRILL ' : ''}${severity} · ${title}`
  return [
    { type: 'header', block_id: `h-${seq}`, text: { type: 'plain_text', text: header, emoji: true } },
    { type: 'section', block_id: `f-${seq}`, fields: fieldsOf(out) },
    ...out.body
      .split(/\n{2,}/)
      .map((text) => text.trim())
      .filter(Boolean)
      .map(
        (text, at): SlackBlock => ({
          type: 'section',
          block_id: `p${at}-${seq}`,
          text: { type: 'mrkdwn', text: sectionText(text) },
        }),
      ),
    { type: 'context', block_id: `c-${seq}`, elements: [{ type: 'mrkdwn', text: footerOf(out) }] },
  ]
}

function fieldsOf({ status, commander, startedAt, nextUpdateAt, components }: Outgoing): readonly Mrkdwn[] {
  const touched = components.filter(isTouched)
  return [
    `*Status*\n${STATUS_MARKS[status]} ${STATUS_WORDS[status].toUpperCase()}`,
    ...(commander === null ? [] : [`*Commander*\n${escapeSlack(commander)}`]),
    `*Started*\n${dateToken(startedAt)}`,
    ...(nextUpdateAt === null
      ? []
      : [`*Next update*\n${dateToken(nextUpdateAt)} (${clockText(Date.parse(nextUpdateAt))})`]),
    ...(touched.length === 0
      ? []
      : [
          `*Components*\n${touched.map((it) => `${escapeSlack(it.name)}: ${STATE_WORDS[it.to]}`).join('\n')}`,
        ]),
  ].map((text) => ({ type: 'mrkdwn', text }))
}

/** A paragraph that begins with a label, as `Impact: …`, shows it as its heading. */
function sectionText(paragraph: string): string {
  const match = /^([A-Z][A-Za-z ]{1,24}):\s+([\s\S]+)$/.exec(paragraph)
  if (!match) return escapeSlack(paragraph)
  return `*${match[1] ?? ''}*\n${escapeSlack(match[2] ?? '')}`
}

function footerOf({ seq, factsAsOf, href, name }: Outgoing): string {
  const link =
    href === null ? escapeSlack(name) : `<${href.replace(/[|>\s]/g, encodeURIComponent)}|${labelText(name)}>`
  const read = factsAsOf === null ? '' : ` · data as of ${clockText(Date.parse(factsAsOf))}`
  return `Update ${seq}${read} · ${link}`
}

function labelText(text: string): string {
  return escapeSlack(text.replace(/[|>]/g, ' '))
}

function dateToken(iso: string): string {
  const ms = Date.parse(iso)
  return `<!date^${Math.floor(ms / 1000)}^{time}|${clockText(ms)}>`
}
