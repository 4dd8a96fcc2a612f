import ipaddr from 'ipaddr.js'

/** AddressRule lets one private target be called: by name or by CIDR, on one port or (without) on all. */
export type AddressRule = { readonly host?: string; readonly cidr?: string; readonly port?: number }

/** AddressVerdict says whether a target may be called and, if not, why, in a sentence without secrets. */
export type AddressVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** UrlTarget is a checked address: name or literal without brackets, and the effective port. */
export type UrlTarget = {
  readonly url: URL
  readonly host: string
  readonly port: number
  readonly literal: boolean
}

const PUBLIC_PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443])

/** Instance-metadata services: the door to the machine's credentials, some of them at ordinary-looking addresses. */
const METADATA_HOSTS: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
])
const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
])

/** Ranges that an operator may open by rule; everything else that is not public stays shut for good. */
const OPENABLE: ReadonlySet<string> = new Set([
  'private',
  'loopback',
  'uniqueLocal',
  'carrierGradeNat',
  'benchmarking',
])

const RANGE_WORDS: Readonly<Record<string, string>> = {
  private: 'a private address',
  loopback: 'this machine itself',
  uniqueLocal: 'a private address',
  carrierGradeNat: 'a carrier-internal address',
  linkLocal: 'a link-local address',
  unspecified: 'the unspecified address',
}

/** ruleFor gives the rule that opens exactly the host and port of a configured address; throws on an unusable URL. */
export function ruleFor(url: string): AddressRule {
  const target = parseTarget(url)
  if ('reason' in target) throw new Error(target.reason)
  return { host: target.host, port: target.port }
}

/** parseTarget reads an address and refuses what no call may use: other schemes, credentials in the URL, empty hosts. */
export function parseTarget(input: string): UrlTarget | { readonly reason: string } {
  let url: URL
  try {
    url = new URL(input)
  } catch {
    return { reason: 'The address is not a URL.' }
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { reason: `Only http and https are called, not ${url.protocol.replace(':', '')}.` }
  if (url.username !== '' || url.password !== '')
    return { reason: 'Credentials in the address are not allowed.' }
  const bare = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  const host = bare.replace(/\.+$/, '').toLowerCase()
  if (host === '') return { reason: 'The address names no host.' }
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return { url, host, port, literal: ipaddr.isValid(host) }
}

/** checkTarget judges what can be judged before any name is resolved: metadata names, the port, and literals in full. */
export function checkTarget(target: UrlTarget, rules: readonly AddressRule[]): AddressVerdict {
  if (METADATA_HOSTS.has(target.host)) return refuse('The metadata service of a cloud is never called.')
  if (target.literal) return checkAddress(target.host, target, rules)
  const named = rules.some((rule) => matchesHost(rule, target))
  // A CIDR rule may still open the port once the name is resolved; checkAddress decides then.
  const byRange = rules.some((rule) => rule.cidr !== undefined && matchesPort(rule, target.port))
  if (named || byRange || PUBLIC_PORTS.has(target.port)) return { ok: true }
  return refuse(`Port ${target.port} of ${target.host} is not on the allow-list.`)
}

/** checkAddress judges one resolved address of a target: public ones on common ports pass, private ones need a rule, link-local and metadata never pass. */
export function checkAddress(
  address: string,
  target: Pick<UrlTarget, 'host' | 'port'>,
  rules: readonly AddressRule[],
): AddressVerdict {
  const parsed = parseAddress(address)
  if (!parsed) return refuse(`${target.host} resolves to something that is not an address.`)
  if (METADATA_ADDRESSES.has(parsed.toString()) || METADATA_ADDRESSES.has(parsed.toNormalizedString()))
    return refuse(`${target.host} leads to the metadata service of a cloud, which is never called.`)
  const range = rangeOf(parsed)
  const opened = rules.some((rule) => matchesHost(rule, target) || matchesCidr(rule, parsed, target.port))
  if (range === 'unicast') {
    if (opened || PUBLIC_PORTS.has(target.port)) return { ok: true }
    return refuse(`Port ${target.port} of ${target.host} is not on the allow-list.`)
  }
  if (opened && OPENABLE.has(range)) return { ok: true }
  const words = RANGE_WORDS[range] ?? `an address of the range ${range}`
  const repair = OPENABLE.has(range) ? ', which is not on the allow-list' : ', which is never called'
  return refuse(`${target.host} leads to ${words}${repair}.`)
}

function refuse(reason: string): AddressVerdict {
  return { ok: false, reason }
}

/** An IPv4 address inside an IPv6 one is judged as the IPv4 address that it reaches. */
function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (!ipaddr.isValid(address)) return undefined
  const parsed = ipaddr.parse(address)
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return parsed.toIPv4Address()
  return parsed
}

/** Of IPv6 only 2000::/3 is handed out; the rest (old IPv4-compatible forms, site-local) is public to no one. */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3')

function rangeOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  const range = address.range()
  if (range !== 'unicast' || address instanceof ipaddr.IPv4) return range
  const [network, bits] = PUBLIC_IPV6
  return address.match(network, bits) ? range : 'reserved'
}

function matchesHost(rule: AddressRule, target: Pick<UrlTarget, 'host' | 'port'>): boolean {
  return rule.host !== undefined && rule.host.toLowerCase() === target.host && matchesPort(rule, target.port)
}

function matchesPort(rule: AddressRule, port: number): boolean {
  return rule.port === undefined || rule.port === port
}

function matchesCidr(rule: AddressRule, address: ipaddr.IPv4 | ipaddr.IPv6, port: number): boolean {
  if (rule.cidr === undefined || !matchesPort(rule, port) || !ipaddr.isValidCIDR(rule.cidr)) return false
  const [network, bits] = ipaddr.parseCIDR(rule.cidr)
  return network.kind() === address.kind() && address.match(network, bits)
}
