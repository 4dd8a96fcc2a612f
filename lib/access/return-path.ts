const MAX_CHARS = 2_000
const BASE = 'http://console.invalid'
const NEVER = /^\/(api|sign-in|session-ended|disabled|refused|forbidden|_next)(\/|\?|$)/

/** safeReturnPath gives a path of this console to go back to, or `/` for anything that could lead elsewhere. */
export function safeReturnPath(text: string | null | undefined): string {
  if (!text || text.length > MAX_CHARS || !text.startsWith('/')) return '/'
  if (/[\\\s\p{Cc}]/u.test(text) || text.startsWith('//')) return '/'
  const url = URL.canParse(text, BASE) ? new URL(text, BASE) : undefined
  if (!url || url.origin !== BASE || url.pathname.startsWith('//') || NEVER.test(url.pathname)) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}
