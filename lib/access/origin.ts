import { getConsole } from '../console'
import { AppError } from '../platform/errors'

/** isSameOrigin tells whether a browser sent this from our own pages; the Host header is never trusted for it. */
export function isSameOrigin(headers: Headers, ownOrigin: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  return headers.get('origin') === ownOrigin
}

/** ownOrigin is the configured public origin of the console (scheme, host and port of NEXTAUTH_URL). */
export function ownOrigin(): string {
  return new URL(getConsole().env.NEXTAUTH_URL).origin
}

/** assertSameOriginForm guards a plain form post; throws forbidden. */
export function assertSameOriginForm(request: Request): void {
  if (isSameOrigin(request.headers, ownOrigin())) return
  throw new AppError(
    'forbidden',
    `This request did not come from the console's own pages. Open ${ownOrigin()} and try there; other clients send the header Origin: ${ownOrigin()}.`,
  )
}

/** assertSameOrigin guards a JSON door: same origin, JSON, and a header that no foreign form can send; throws forbidden. */
export function assertSameOrigin(request: Request): void {
  assertSameOriginForm(request)
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new AppError('forbidden', 'Send the body as application/json.')
  if (request.headers.get('x-watchfloor-request') !== '1') {
    throw new AppError('forbidden', 'Send the header X-Watchfloor-Request: 1.')
  }
}
