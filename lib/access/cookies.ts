import { decode } from 'next-auth/jwt'

/** CookieNames are the names of the console's cookies; with https they carry the `__Host-` prefix. */
export type CookieNames = {
  readonly session: string
  readonly csrf: string
  readonly login: string
  readonly device: string
}

/** isHttps tells whether the console's public address is https. */
export function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith('https://')
}

/** cookieNames gives the names for the console's public address. */
export function cookieNames(publicUrl: string): CookieNames {
  const prefix = isHttps(publicUrl) ? '__Host-' : ''
  return {
    session: `${prefix}watchfloor-session`,
    csrf: `${prefix}watchfloor-csrf`,
    login: `${prefix}watchfloor-login`,
    device: `${prefix}watchfloor-device`,
  }
}

/** cookieOf reads one cookie from a Cookie header; undefined when absent. */
export function cookieOf(header: string | null, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

/** sidOfToken opens the encrypted session cookie and gives the session id; undefined for anything forged or expired. */
export async function sidOfToken(token: string | undefined, secret: string): Promise<string | undefined> {
  if (!token) return undefined
  try {
    const claims = await decode({ token, secret })
    return typeof claims?.sid === 'string' ? claims.sid : undefined
  } catch {
    return undefined
  }
}
