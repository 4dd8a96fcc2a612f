/** Inline is a run of text within a block; an address is one that `safeAddress` let through. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'emphasis' | 'strong' | 'struck'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: 'break' }

/** Block is a part of a text; a list is tight when no empty line stands between its items. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly info: string; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly kind: 'list'
      /** start is the first number; null for a list without numbers. */
      readonly start: number | null
      readonly isTight: boolean
      readonly items: readonly (readonly Block[])[]
    }
  | { readonly kind: 'rule' }
  | {
      readonly kind: 'table'
      readonly head: readonly (readonly Inline[])[]
      readonly rows: readonly (readonly (readonly Inline[])[])[]
    }

const SCHEMES = ['http:', 'https:', 'mailto:']

/**
 * safeAddress gives an address that a link may have, or undefined: http, https, mailto, a place of this console or of this
 * page. Nothing that runs, and nothing that a browser would read otherwise than it looks.
 */
export function safeAddress(address: string): string | undefined {
  // Browsers drop control characters and blanks before they read the scheme.
  const bare = address.replace(/[\p{Cc}\s\u200B-\u200F\u2028-\u202E\u2060\uFEFF]/gu, '')
  if (bare === '' || bare.length > 2_000) return undefined
  if (bare.startsWith('#')) return bare
  if (bare.startsWith('/')) return /^\/[/\\]/.test(bare) || bare.includes('\\') ? undefined : bare
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(bare)?.[0].toLowerCase()
  if (scheme === undefined || !SCHEMES.includes(scheme)) return undefined
  if (scheme === 'mailto:') return bare
  return URL.canParse(bare) && /^https?:\/\/[^/\\]/i.test(bare) ? bare : undefined
}

/** plainOf gives the words of inline text without their marks. */
export function plainOf(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (inline.kind === 'break') return '\n'
      return 'text' in inline ? inline.text : plainOf(inline.children)
    })
    .join('')
}
