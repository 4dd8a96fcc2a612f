const LINK = /\bhttps?:\/\/[^\s<>)\]"']+/gi
/** Most of a text's links that are opened to see whether they answer. */
export const LINKS_MAX = 10

/** linksIn gives the addresses that a text links to, as they stand in it, without a full stop or comma behind them. */
export function linksIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(LINK)].map(([link]) => link.replace(/[.,;:!?]+$/, '')))]
}

/** hostOf gives the host of a link in small letters; empty when it has none. */
export function hostOf(link: string): string {
  return /^https?:\/\/(?:[^/@\s]*@)?([^/:?#\s]+)/i.exec(link)?.[1]?.toLowerCase().replace(/\.$/, '') ?? ''
}

/** isBelow is whether a host is one of `hosts` or lies below one. */
export function isBelow(host: string, hosts: readonly string[]): boolean {
  return hosts.some((it) => host === it.toLowerCase() || host.endsWith(`.${it.toLowerCase()}`))
}

/** listedLinks gives the first links of a text whose host is listed: the only ones that are ever opened. */
export function listedLinks(text: string, hosts: readonly string[]): readonly string[] {
  return openable(text, hosts).slice(0, LINKS_MAX)
}

function openable(text: string, hosts: readonly string[]): readonly string[] {
  return linksIn(text)
    .filter((link) => URL.canParse(link) && new URL(link).hostname === hostOf(link))
    .filter((link) => isBelow(hostOf(link), hosts))
}

/** unopenedText says of a text's listed links that nobody opened them; undefined when it has none. */
export function unopenedText(text: string, hosts: readonly string[]): string | undefined {
  const links = openable(text, hosts)
  if (links.length === 0) return undefined
  const said = links.length === 1 ? 'Its link was not opened' : `Its ${links.length} links were not opened`
  return `${said}: X09 is judged by the host alone. See for yourself that this answers: ${links.join(' ')}`
}
