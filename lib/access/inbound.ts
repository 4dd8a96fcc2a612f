import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = [Address, number]

/** parseProxies reads addresses and CIDR ranges separated by commas; throws an Error that names what it can't read. */
export function parseProxies(text: string | undefined): readonly Range[] {
  const parts = (text ?? '').split(',').map((part) => part.trim())
  return parts.filter(Boolean).map((part) => {
    const cidr = part.includes('/') ? part : `${part}/${part.includes(':') ? 128 : 32}`
    if (!ipaddr.isValidCIDR(cidr))
      throw new Error(`WATCHFLOOR_TRUSTED_PROXIES: ${part} is neither an address nor a range`)
    return ipaddr.parseCIDR(cidr)
  })
}

function isTrusted(text: string, proxies: readonly Range[]): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  return proxies.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))
}

/** clientAddress is the nearest address that is not one of our own proxies; the header counts only behind one of them. */
export function clientAddress(
  peer: string,
  forwarded: string | undefined,
  proxies: readonly Range[],
): string {
  if (!isTrusted(peer, proxies)) return peer
  const hops = (forwarded ?? '').split(',').map((hop) => hop.trim())
  return hops.filter(Boolean).findLast((hop) => !isTrusted(hop, proxies)) ?? peer
}

const CLAIMS = [
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'forwarded',
] as const

/** METHOD_HEADER carries a method that the framework can't represent to the proxy, which answers 405. */
export const METHOD_HEADER = 'x-watchfloor-method'

/** normaliseInbound makes a request's headers say only what is true, before the framework sees them. */
export function normaliseInbound(
  request: Pick<IncomingMessage, 'headers' | 'method'> & {
    readonly socket: { readonly remoteAddress?: string | undefined }
  },
  proxies: readonly Range[],
): void {
  const { headers } = request
  const peer = request.socket.remoteAddress ?? ''
  const given = headers['x-forwarded-for']
  if (!isTrusted(peer, proxies)) for (const name of CLAIMS) delete headers[name]
  headers['x-forwarded-for'] = clientAddress(peer, Array.isArray(given) ? given.join(',') : given, proxies)
  delete headers[METHOD_HEADER]
  if (request.method === 'TRACE' || request.method === 'TRACK') {
    headers[METHOD_HEADER] = request.method
    request.method = 'OPTIONS'
  }
}

/** guardInbound normalises every request of this process's HTTP servers; throws when the proxies can't be read. */
export function guardInbound(trustedProxies: string | undefined): void {
  const proxies = parseProxies(trustedProxies)
  subscribe('http.server.request.start', (message) => {
    normaliseInbound((message as { readonly request: IncomingMessage }).request, proxies)
  })
}
