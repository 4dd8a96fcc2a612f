import { type Bracket, flanking, type Piece, PUNCTUATION, settled } from './markdown-marks'
import { type Inline, safeAddress } from './markdown-model'

/** References are the addresses of `[label]: address` lines, by label in lower case. */
export type References = ReadonlyMap<string, string>

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  copy: '©',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  times: '×',
  deg: '°',
}

/** unescaped reads backslashes before punctuation and character references. */
export function unescaped(text: string): string {
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&(?:#(\d{1,7})|#[xX]([\dA-Fa-f]{1,6})|([A-Za-z]{2,6}));/g, (whole, decimal, hex, name) =>
      reference(whole, decimal, hex, name),
    )
}

function reference(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name] ?? whole
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  const isBad = !(code > 0 && code <= 0x10_ff_ff) || (code >= 0xd8_00 && code <= 0xdf_ff)
  return isBad ? '\uFFFD' : String.fromCodePoint(code)
}

/** readInline reads the marks in a paragraph by the rules of CommonMark; HTML is text, a picture is a link to it. */
export function readInline(text: string, references: References): readonly Inline[] {
  return new Reader(text.trim(), references).read()
}

class Reader {
  private at = 0
  private readonly out: Piece[] = []
  private readonly brackets: number[] = []
  private readonly fences: ReadonlyMap<number, readonly number[]>

  constructor(
    private readonly text: string,
    private readonly references: References,
  ) {
    this.fences = fencesIn(text)
  }

  read(): readonly Inline[] {
    while (this.at < this.text.length) this.step()
    return settled(this.out)
  }

  private step(): void {
    const { text, at } = this
    const char = text.charAt(at)
    if (char === '\\') this.backslash()
    else if (char === '`') this.code()
    else if (char === '*' || char === '_' || char === '~') this.mark(char)
    else if (char === '[') this.open(char)
    else if (char === '!' && text.charAt(at + 1) === '[') this.open('![')
    else if (char === ']') this.close()
    else if (char === '<') this.angle()
    else if (char === '\n') this.lineEnd()
    else this.words()
  }

  private put(text: string): void {
    const last = this.out.at(-1)
    if (last?.kind === 'text') this.out[this.out.length - 1] = { kind: 'text', text: last.text + text }
    else this.out.push({ kind: 'text', text })
  }

  private backslash(): void {
    const next = this.text.charAt(this.at + 1)
    if (next === '\n') {
      this.out.push({ kind: 'break' })
      this.at += 2
      this.skipBlanks()
    } else {
      const isEscape = /[!-/:-@[-`{-~]/.test(next)
      this.put(isEscape ? next : '\\')
      this.at += isEscape ? 2 : 1
    }
  }

  private skipBlanks(): void {
    while (this.text.charAt(this.at) === ' ') this.at += 1
  }

  private lineEnd(): void {
    const last = this.out.at(-1)
    const before = last?.kind === 'text' ? last.text : ''
    if (last?.kind === 'text')
      this.out[this.out.length - 1] = { kind: 'text', text: before.replace(/ +$/, '') }
    if (before.endsWith('  ')) this.out.push({ kind: 'break' })
    else this.put('\n')
    this.at += 1
    this.skipBlanks()
  }

  private code(): void {
    const size = runFrom(this.text, this.at, '`')
    const end = after(this.fences.get(size) ?? [], this.at)
    if (end === undefined) {
      this.put('`'.repeat(size))
      this.at += size
      return
    }
    const inside = this.text.slice(this.at + size, end).replaceAll('\n', ' ')
    const isPadded = /^ .*[^ ].* $|^ [^ ] $/.test(inside)
    this.out.push({ kind: 'code', text: isPadded ? inside.slice(1, -1) : inside })
    this.at = end + size
  }

  private mark(char: string): void {
    const size = runFrom(this.text, this.at, char)
    const before = this.text.charAt(this.at - 1)
    const next = this.text.charAt(this.at + size)
    this.at += size
    if (char === '~' && size !== 2) {
      this.put(char.repeat(size))
      return
    }
    const [left, right] = flanking(before, next)
    const isUnder = char === '_'
    const opens = left && (!isUnder || !right || PUNCTUATION.test(before))
    const closes = right && (!isUnder || !left || PUNCTUATION.test(next))
    this.out.push({ kind: 'mark', char, count: size, size, opens, closes })
  }

  private open(text: string): void {
    this.brackets.push(this.out.length)
    this.at += text.length
    this.out.push({ kind: 'bracket', text, isActive: true, from: this.at })
  }

  private close(): void {
    const place = this.brackets.pop()
    const bracket = place === undefined ? undefined : this.out[place]
    const target = bracket?.kind === 'bracket' && bracket.isActive ? this.target(bracket) : undefined
    if (place === undefined || bracket?.kind !== 'bracket' || target === undefined) {
      this.put(']')
      this.at += 1
      return
    }
    this.at = target.end
    const inside = settled(this.out.splice(place).slice(1))
    const href = safeAddress(target.address)
    if (href === undefined) this.out.push(...inside, { kind: 'text', text: ` (${target.address})` })
    else {
      const label = inside.length === 0 ? [{ kind: 'text', text: href } as const] : inside
      this.out.push({ kind: 'link', href, children: label })
      // A link holds no link: what was opened before it stays text.
      if (bracket.text === '[') this.shut()
    }
  }

  private shut(): void {
    for (const place of this.brackets.toReversed()) {
      const outer = this.out[place]
      if (outer?.kind !== 'bracket' || outer.text !== '[') continue
      if (!outer.isActive) return
      outer.isActive = false
    }
  }

  private target(bracket: Bracket): { readonly address: string; readonly end: number } | undefined {
    const rest = this.text.slice(this.at + 1, this.at + 2_600)
    const inline =
      /^\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*))(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)/.exec(
        rest,
      )
    if (inline !== null)
      return {
        address: unescaped(inline[1] ?? inline[2] ?? ''),
        end: this.at + 1 + inline[0].length,
      }
    const named = /^\[([^[\]]{0,999})\]/.exec(rest)
    const label = named?.[1] || this.text.slice(bracket.from, this.at)
    if (label.length > 999) return undefined
    const address = this.references.get(labelOf(label))
    return address === undefined ? undefined : { address, end: this.at + 1 + (named?.[0].length ?? 0) }
  }

  private angle(): void {
    const rest = this.text.slice(this.at, this.at + 2_000)
    const address = /^<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>/.exec(rest)
    const mail = /^<([\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}))>/.exec(rest)
    const found = address ?? mail
    const href = safeAddress(address?.[1] ?? (mail === null ? '' : `mailto:${mail[1]}`))
    if (found === null || href === undefined) {
      this.put('<')
      this.at += 1
      return
    }
    this.out.push({ kind: 'link', href, children: [{ kind: 'text', text: found[1] ?? '' }] })
    this.at += found[0].length
  }

  private words(): void {
    const bare = this.bareAddress()
    if (bare !== undefined) {
      this.out.push({ kind: 'link', href: bare.href, children: [{ kind: 'text', text: bare.text }] })
      this.at += bare.text.length
      return
    }
    const rest = this.text.slice(this.at, this.at + 400)
    const plain = /^(?:[^\\`*_~[\]!<\n&h]+|h(?!ttps?:\/\/)|&(?:#\w{1,8}|[A-Za-z]{2,6});)/.exec(rest)?.[0]
    const text = plain ?? rest.charAt(0)
    this.put(text.startsWith('&') ? unescaped(text) : text)
    this.at += text.length
  }

  private bareAddress(): { readonly text: string; readonly href: string } | undefined {
    if (this.text.charAt(this.at) !== 'h' || /[\w/]/.test(this.text.charAt(this.at - 1))) return undefined
    const found = /^https?:\/\/[^\s<>"'`\\[\]]+/.exec(this.text.slice(this.at, this.at + 2_000))?.[0]
    const text = found?.replace(/[.,;:!?*_~)]+$/, '')
    const href = text === undefined ? undefined : safeAddress(text)
    return text === undefined || href === undefined ? undefined : { text, href }
  }
}

/** labelOf is how a label of a reference is compared. */
export function labelOf(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase()
}

function runFrom(text: string, at: number, char: string): number {
  let end = at
  while (text.charAt(end) === char) end += 1
  return end - at
}

/** Where runs of backticks of each length begin, so that one that never ends is found out once. */
function fencesIn(text: string): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>()
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const places = found.get(run.length)
    if (places === undefined) found.set(run.length, [index])
    else places.push(index)
  }
  return found
}

function after(places: readonly number[], at: number): number | undefined {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) > at) high = middle
    else low = middle + 1
  }
  return places[low]
}
