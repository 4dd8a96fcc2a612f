import { type NextRequest, NextResponse } from 'next/server'
import { cookieNames, isHttps } from '@/lib/access/cookies'
import { csrfCookie, isCsrfCookie } from '@/lib/access/csrf'
import { METHOD_HEADER } from '@/lib/access/inbound'
import { cleanHeaders, commonHeaders, pagePolicy } from '@/lib/access/security-headers'
import { env } from '@/lib/platform/env'

/** API routes stay out: next.config.ts gives them their headers at no cost; so do files that never change. */
export const config = {
  matcher: ['/((?!_next/static/|api/|icon\\.svg|manifest\\.webmanifest).*)'],
}

/** proxy sets headers and the CSP nonce. It guards nothing: every door checks session and permission itself. */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  if (request.headers.has(METHOD_HEADER))
    return new NextResponse(null, { status: 405, headers: { allow: 'GET, HEAD, POST' } })
  const headers = cleanHeaders(request.headers, request.method)
  const answer = answerPage(request, { headers, path: `${pathname}${search}` })
  for (const [name, value] of Object.entries(commonHeaders(isHttps(env().NEXTAUTH_URL)))) {
    answer.headers.set(name, value)
  }
  return answer
}

function answerPage(
  request: NextRequest,
  page: { readonly headers: Headers; readonly path: string },
): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const policy = pagePolicy(nonce, env().NODE_ENV === 'development')
  page.headers.set('content-security-policy', policy)
  page.headers.set('x-nonce', nonce)
  page.headers.set('x-watchfloor-path', page.path)
  const answer = NextResponse.next({ request: { headers: page.headers } })
  answer.headers.set('content-security-policy', policy)
  if (page.path.startsWith('/sign-in')) ensureCsrf(request, answer)
  return answer
}

function ensureCsrf(request: NextRequest, answer: NextResponse): void {
  const { NEXTAUTH_SECRET, NEXTAUTH_URL } = env()
  const { csrf } = cookieNames(NEXTAUTH_URL)
  if (isCsrfCookie(request.cookies.get(csrf)?.value, NEXTAUTH_SECRET)) return
  answer.cookies.set(csrf, csrfCookie(NEXTAUTH_SECRET), {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: isHttps(NEXTAUTH_URL),
  })
}
