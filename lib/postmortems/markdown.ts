import { labelOf, type References, readInline, unescaped } from './markdown-inline'
import type { Block } from './markdown-model'

/** MARKDOWN_DEPTH is how deep quotes and lists may stand in one another; deeper ones are text. */
export const MARKDOWN_DEPTH = 12

type Raw =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly info: string; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Raw[] }
  | {
      readonly kind: 'list'
      readonly start: number | null
      readonly isTight: boolean
      readonly items: readonly (readonly Raw[])[]
    }
  | { readonly kind: 'rule' }
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }

type Read = { readonly block: Raw | undefined; readonly next: number }
type Book = { readonly references: Map<string, string>; readonly depth: number }

const FENCE = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$/
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]|$)/
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/
const QUOTE = /^ {0,3}>/
const ITEM = /^( {0,3})([-+*]|(\d{1,9})[.)])( +|$)/
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/
const TABLE = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/
const REFERENCE =
  /^ {0,3}\[([^[\]]{1,999})\]:[ \t]*(?:<([^<>]*)>|(\S+))(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*$/

/**
 * markdown reads CommonMark with tables and struck text. What it gives is data, never HTML: tags in a text are words, and
 * an address that could run anything is no link.
 */
export function markdown(text: string): readonly Block[] {
  const references = new Map<string, string>()
  const lines = text.replace(/\r\n?/g, '\n').replaceAll('\u0000', '\uFFFD').split('\n').map(withoutTabs)
  const raw = blocksOf(lines, { references, depth: 0 })
  return raw.map((block) => finished(block, references))
}

function withoutTabs(line: string): string {
  return line.replace(/^[ \t]+/, (lead) => {
    let width = 0
    for (const char of lead) width += char === '\t' ? 4 - (width % 4) : 1
    return ' '.repeat(width)
  })
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === ''
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function blocksOf(lines: readonly string[], book: Book): readonly Raw[] {
  if (book.depth > MARKDOWN_DEPTH) return [{ kind: 'paragraph', text: lines.join('\n') }]
  const blocks: Raw[] = []
  let at = 0
  while (at < lines.length) {
    if (isBlank(lines[at])) {
      at += 1
      continue
    }
    const { block, next } = blockAt(lines, at, book)
    if (block !== undefined) blocks.push(block)
    at = Math.max(next, at + 1)
  }
  return blocks
}

function blockAt(lines: readonly string[], at: number, book: Book): Read {
  const line = lines[at] ?? ''
  if (indentOf(line) >= 4) return indentedCode(lines, at)
  if (FENCE.test(line)) return fencedCode(lines, at)
  const heading = HEADING.exec(line)
  if (heading !== null) {
    const text = line.trim().slice(heading[1]?.length).trim()
    const level = heading[1]?.length ?? 1
    return { block: { kind: 'heading', level, text: text.replace(/(^|[ \t])#+$/, '').trim() }, next: at + 1 }
  }
  if (RULE.test(line)) return { block: { kind: 'rule' }, next: at + 1 }
  if (QUOTE.test(line)) return quote(lines, at, book)
  if (ITEM.test(line)) return list(lines, at, book)
  if (line.includes('|') && TABLE.test(lines[at + 1] ?? '')) return table(lines, at)
  return paragraph(lines, at, book)
}

function indentedCode(lines: readonly string[], from: number): Read {
  let at = from
  while (at < lines.length && (isBlank(lines[at]) || indentOf(lines[at] ?? '') >= 4)) at += 1
  const text = lines
    .slice(from, at)
    .map((line) => line.slice(4))
    .join('\n')
    .replace(/\s+$/, '')
  return { block: { kind: 'code', info: '', text }, next: at }
}

function fencedCode(lines: readonly string[], from: number): Read {
  const [, lead = '', fence = '', info = ''] = FENCE.exec(lines[from] ?? '') ?? []
  const end = new RegExp(`^ {0,3}\\${fence.charAt(0)}{${fence.length},}[ \\t]*$`)
  let at = from + 1
  while (at < lines.length && !end.test(lines[at] ?? '')) at += 1
  const text = lines
    .slice(from + 1, at)
    .map((line) => line.slice(Math.min(indentOf(line), lead.length)))
    .join('\n')
  return { block: { kind: 'code', info: unescaped(info.trim()), text }, next: at + 1 }
}

/** Whether a line ends a paragraph that it follows. */
function interrupts(line: string): boolean {
  if (HEADING.test(line) || FENCE.test(line) || RULE.test(line) || QUOTE.test(line)) return true
  const item = ITEM.exec(line)
  return item !== null && item[0].length < line.length && (item[3] === undefined || Number(item[3]) === 1)
}

function quote(lines: readonly string[], from: number, book: Book): Read {
  const inside: string[] = []
  let at = from
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (QUOTE.test(line)) inside.push(withoutTabs(line.trimStart().replace(/^> ?/, '')))
    else if (isBlank(line) || interrupts(line) || !isProse(inside.at(-1))) break
    else inside.push(line.trimStart())
  }
  const blocks = blocksOf(inside, { ...book, depth: book.depth + 1 })
  return { block: { kind: 'quote', blocks }, next: at }
}

function isProse(line: string | undefined): boolean {
  return (
    line !== undefined && !isBlank(line) && indentOf(line) < 4 && !HEADING.test(line) && !FENCE.test(line)
  )
}

type Marker = { readonly sort: string; readonly width: number; readonly start: number | null }

function markerOf(line: string): Marker | undefined {
  const item = RULE.test(line) ? null : ITEM.exec(line)
  if (item === null) return undefined
  const [whole, lead = '', mark = '', number, gap = ''] = item
  const isEmpty = whole.length === line.length
  const width = lead.length + mark.length + (isEmpty || gap.length > 4 ? 1 : gap.length)
  return { sort: mark.slice(-1), width, start: number === undefined ? null : Number(number) }
}

function list(lines: readonly string[], from: number, book: Book): Read {
  const first = markerOf(lines[from] ?? '')
  if (first === undefined) return paragraph(lines, from, book)
  const items: (readonly Raw[])[] = []
  let isTight = true
  let at = from
  for (;;) {
    const marker = markerOf(lines[at] ?? '')
    if (marker === undefined || marker.sort !== first.sort) break
    const item = itemAt(lines, at, marker.width)
    const blocks = blocksOf(item.lines, { ...book, depth: book.depth + 1 })
    items.push(blocks)
    if (item.hasGap && blocks.length > 1) isTight = false
    let next = item.next
    while (next < lines.length && isBlank(lines[next])) next += 1
    const isFollowed = markerOf(lines[next] ?? '')?.sort === first.sort
    if (isFollowed && next > item.next) isTight = false
    at = isFollowed ? next : item.next
    if (!isFollowed) break
  }
  return { block: { kind: 'list', start: first.start, isTight, items }, next: at }
}

function itemAt(
  lines: readonly string[],
  from: number,
  width: number,
): { readonly lines: readonly string[]; readonly next: number; readonly hasGap: boolean } {
  const inside = [withoutTabs((lines[from] ?? '').slice(width))]
  let at = from + 1
  let blanks = 0
  let hasGap = false
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (isBlank(line)) {
      blanks += 1
      continue
    }
    const isInside = indentOf(line) >= width
    const isLazy = blanks === 0 && isProse(inside.at(-1)) && !interrupts(line) && markerOf(line) === undefined
    if (!isInside && !isLazy) break
    if (blanks > 0 && inside.length === 1 && isBlank(inside[0])) break
    hasGap ||= blanks > 0
    inside.push(...Array.from({ length: blanks }, () => ''), isInside ? line.slice(width) : line.trimStart())
    blanks = 0
  }
  return { lines: inside, next: at - blanks, hasGap }
}

function cellsOf(line: string): readonly string[] {
  const bare = line.trim().replace(/^\|/, '').replace(/\|$/, '')
  return bare.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim())
}

function table(lines: readonly string[], from: number): Read {
  const head = cellsOf(lines[from] ?? '')
  if (cellsOf(lines[from + 1] ?? '').length !== head.length)
    return { block: { kind: 'paragraph', text: lines[from] ?? '' }, next: from + 1 }
  let at = from + 2
  const rows: (readonly string[])[] = []
  for (; at < lines.length && !isBlank(lines[at]) && !interrupts(lines[at] ?? ''); at += 1) {
    const cells = cellsOf(lines[at] ?? '')
    rows.push(head.map((_, column) => cells[column] ?? ''))
  }
  return { block: { kind: 'table', head, rows }, next: at }
}

function paragraph(lines: readonly string[], from: number, book: Book): Read {
  let at = from
  for (; at < lines.length; at += 1) {
    const reference = REFERENCE.exec(lines[at] ?? '')
    if (reference === null) break
    const [, label = '', bracketed, bare = ''] = reference
    if (!book.references.has(labelOf(label)))
      book.references.set(labelOf(label), unescaped(bracketed ?? bare))
  }
  if (at > from) return { block: undefined, next: at }
  for (at = from + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const underline = UNDERLINE.exec(line)
    if (underline !== null) {
      const level = underline[1]?.startsWith('=') ? 1 : 2
      return { block: { kind: 'heading', level, text: lines.slice(from, at).join('\n') }, next: at + 1 }
    }
    if (isBlank(line) || interrupts(line)) break
  }
  const text = lines
    .slice(from, at)
    .map((line) => line.trimStart())
    .join('\n')
  return { block: { kind: 'paragraph', text }, next: at }
}

function finished(raw: Raw, references: References): Block {
  switch (raw.kind) {
    case 'heading':
      return { kind: 'heading', level: raw.level, children: readInline(raw.text, references) }
    case 'paragraph':
      return { kind: 'paragraph', children: readInline(raw.text, references) }
    case 'quote':
      return { kind: 'quote', blocks: raw.blocks.map((block) => finished(block, references)) }
    case 'list':
      return { ...raw, items: raw.items.map((item) => item.map((block) => finished(block, references))) }
    case 'table': {
      const cells = (row: readonly string[]) => row.map((cell) => readInline(cell, references))
      return { kind: 'table', head: cells(raw.head), rows: raw.rows.map(cells) }
    }
    case 'code':
    case 'rule':
      return raw
  }
}
