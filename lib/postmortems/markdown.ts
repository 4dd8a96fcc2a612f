import { Lexer, type MarkedToken, type Token, type Tokens } from 'marked'
import { type Block, type Inline, safeAddress } from './markdown-model'

/** How deep quotes, lists and marks may stand in one another; deeper ones are text. */
const MARKDOWN_DEPTH = 12

/**
 * markdown reads GitHub's Markdown. What it gives is data, never HTML: tags in a text are words, and an address that could
 * run anything is no link.
 */
export function markdown(text: string): readonly Block[] {
  const clean = text.replaceAll('\u0000', '\uFFFD')
  try {
    return blocksOf(new Lexer({ gfm: true }).lex(clean), 0)
  } catch (error) {
    // Quotes nested by the thousand are more than the reader's stack holds: such a text is shown as it is.
    if (error instanceof RangeError) return [{ kind: 'paragraph', children: [{ kind: 'text', text: clean }] }]
    throw error
  }
}

/** The tokens of the library are a closed list as long as no extension is installed, and none is. */
function known(token: Token): MarkedToken {
  return token as MarkedToken
}

function blocksOf(tokens: readonly Token[], depth: number): readonly Block[] {
  return tokens.flatMap((token) => blockOf(known(token), depth))
}

function blockOf(token: MarkedToken, depth: number): readonly Block[] {
  switch (token.type) {
    case 'space':
    case 'def':
      return []
    case 'heading':
      return [{ kind: 'heading', level: token.depth, children: inlinesOf(token.tokens, depth) }]
    case 'code':
      return [{ kind: 'code', info: token.lang ?? '', text: token.text }]
    case 'hr':
      return [{ kind: 'rule' }]
    case 'blockquote':
      if (depth >= MARKDOWN_DEPTH) return [asWords(token.raw)]
      return [{ kind: 'quote', blocks: blocksOf(token.tokens, depth + 1) }]
    case 'list':
      return [depth >= MARKDOWN_DEPTH ? asWords(token.raw) : listOf(token, depth)]
    case 'table':
      return [
        {
          kind: 'table',
          head: token.header.map((cell) => inlinesOf(cell.tokens, depth)),
          rows: token.rows.map((row) => row.map((cell) => inlinesOf(cell.tokens, depth))),
        },
      ]
    case 'paragraph':
    case 'text':
      return [{ kind: 'paragraph', children: inlinesOf(token.tokens ?? [token], depth) }]
    default:
      return [asWords(token.raw)]
  }
}

function asWords(raw: string): Block {
  return { kind: 'paragraph', children: [{ kind: 'text', text: raw.trim() }] }
}

function listOf(token: Tokens.List, depth: number): Block {
  return {
    kind: 'list',
    start: token.ordered ? Number(token.start) : null,
    isTight: !token.loose,
    items: token.items.map((item) => blocksOf(item.tokens, depth + 1)),
  }
}

function inlinesOf(tokens: readonly Token[], depth: number): readonly Inline[] {
  if (depth > 2 * MARKDOWN_DEPTH) return tokens.map(({ raw }) => ({ kind: 'text', text: raw }))
  return joined(tokens.flatMap((token) => inlineOf(known(token), depth + 1)))
}

const MARKS = { em: 'emphasis', strong: 'strong', del: 'struck' } as const

function inlineOf(token: MarkedToken, depth: number): readonly Inline[] {
  switch (token.type) {
    case 'em':
    case 'strong':
    case 'del':
      return [{ kind: MARKS[token.type], children: inlinesOf(token.tokens, depth) }]
    case 'codespan':
      return [{ kind: 'code', text: token.text }]
    case 'br':
      return [{ kind: 'break' }]
    case 'link':
      return linkOf(token.href, inlinesOf(token.tokens, depth))
    case 'image':
      return linkOf(token.href, [{ kind: 'text', text: spelled(token.text) || token.href }])
    case 'checkbox':
      return [{ kind: 'text', text: token.checked ? '☑ ' : '☐ ' }]
    case 'escape':
      return [{ kind: 'text', text: token.text }]
    case 'text':
      return token.tokens ? inlinesOf(token.tokens, depth) : [{ kind: 'text', text: spelled(token.text) }]
    default:
      return [{ kind: 'text', text: token.raw }]
  }
}

function linkOf(address: string, children: readonly Inline[]): readonly Inline[] {
  const href = safeAddress(spelled(address))
  if (href !== undefined) return [{ kind: 'link', href, children }]
  return [...children, { kind: 'text', text: ` (${address})` }]
}

function joined(inlines: readonly Inline[]): readonly Inline[] {
  const out: Inline[] = []
  for (const inline of inlines) {
    const last = out.at(-1)
    if (inline.kind === 'text' && last?.kind === 'text')
      out[out.length - 1] = { kind: 'text', text: last.text + inline.text }
    else out.push(inline)
  }
  return out
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
}

/** The library leaves references to characters for HTML; here they are spelled out. */
function spelled(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? all
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code === 0 || code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code)
  })
}
