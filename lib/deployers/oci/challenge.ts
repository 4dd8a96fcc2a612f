/** Challenge is what a registry asks for before it answers. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string; readonly scope: string }

/** challengeOf reads `WWW-Authenticate`; undefined when it asks for something that we can’t give. */
export function challengeOf(header: string | undefined): Challenge | undefined {
  if (header === undefined) return undefined
  const scheme = /^\s*([A-Za-z]+)/.exec(header)?.[1]?.toLowerCase()
  if (scheme === 'basic') return { scheme: 'basic' }
  if (scheme !== 'bearer') return undefined
  const fields: Record<string, string> = {}
  for (const [, name = '', quoted, bare] of header.matchAll(
    /([A-Za-z_]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  ))
    fields[name.toLowerCase()] = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1')
  const { realm } = fields
  if (!realm) return undefined
  return { scheme: 'bearer', realm, service: fields.service ?? '', scope: fields.scope ?? '' }
}

/** tokenAddress is where a token for this scope is asked; undefined when the realm is no address we would send a password to. */
export function tokenAddress(
  challenge: Extract<Challenge, { scheme: 'bearer' }>,
  registryUrl: string,
  scope: string,
): string | undefined {
  if (!URL.canParse(challenge.realm)) return undefined
  const url = new URL(challenge.realm)
  // In the clear a password goes to nobody but the registry itself, which was configured so.
  if (url.protocol !== 'https:' && url.origin !== new URL(registryUrl).origin) return undefined
  if (challenge.service !== '') url.searchParams.set('service', challenge.service)
  url.searchParams.set('scope', scope)
  return url.href
}
