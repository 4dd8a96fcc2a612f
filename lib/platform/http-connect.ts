import { lookup as dnsLookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { BlockedError } from './http-failure'
import type { HttpLookup } from './http-types'
import { type AddressRule, checkAddress, checkTarget, parseTarget, type UrlTarget } from './ssrf'

/** Rules holds the private targets that may be called now; the holder is shared, its content is replaced. */
export type Rules = { current: readonly AddressRule[] }

/** systemLookup asks the machine's resolver for all addresses of a name. */
export const systemLookup: HttpLookup = async (hostname) => {
  const found = await dnsLookup(hostname, { all: true, verbatim: true })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

/** guardedConnector connects only to addresses that were checked; every address of a name must pass, so a name with one private address is refused whole. */
export function guardedConnector(guard: {
  readonly rules: Rules
  readonly lookup: HttpLookup
  readonly connectMs: number
  readonly ca?: string
}): buildConnector.connector {
  return (options, callback) => {
    void (async () => {
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80)
      const target = parseTarget(`${options.protocol}//${options.hostname}:${port}/`)
      if ('reason' in target) throw new BlockedError(target.reason)
      const addresses = await resolve(target, guard)
      const fixed: LookupFunction = (_name, wanted, done) => {
        const [first] = addresses
        if (wanted.all) done(null, [...addresses])
        else done(null, first?.address ?? '', first?.family)
      }
      const trust = guard.ca === undefined ? {} : { ca: guard.ca }
      buildConnector({ timeout: guard.connectMs, lookup: fixed, ...trust })(options, callback)
    })().catch((error: unknown) => {
      callback(error instanceof Error ? error : new Error('connect failed'), null)
    })
  }
}

async function resolve(
  target: UrlTarget,
  guard: { readonly rules: Rules; readonly lookup: HttpLookup; readonly connectMs: number },
): Promise<readonly { address: string; family: 4 | 6 }[]> {
  const early = checkTarget(target, guard.rules.current)
  if (!early.ok) throw new BlockedError(early.reason)
  if (target.literal) return [{ address: target.host, family: target.host.includes(':') ? 6 : 4 }]
  const addresses = await withTimeout(guard.lookup(target.host), guard.connectMs)
  if (addresses.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' })
  for (const { address } of addresses) {
    const verdict = checkAddress(address, target, guard.rules.current)
    if (!verdict.ok) throw new BlockedError(verdict.reason)
  }
  return [...addresses]
}

function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((fulfil, reject) => {
    const timer = setTimeout(
      () => reject(Object.assign(new Error('lookup took too long'), { code: 'EAI_AGAIN' })),
      ms,
    )
    work.then(fulfil, reject).finally(() => clearTimeout(timer))
  })
}
