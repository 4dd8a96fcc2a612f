import type { NextApiRequest, NextApiResponse } from 'next'
import NextAuth, { type AuthOptions } from 'next-auth'
import { type Console, getConsole } from '../console'
import { authOptions, type SignInCourse } from './auth-options'
import { cookieNames, cookieOf, isHttps, sidOfToken } from './cookies'
import { deviceToken } from './device'
import { FLASH_SECONDS, type Flash } from './flash'
import { assertSameOriginForm } from './origin'
import { safeReturnPath } from './return-path'
import type { Surroundings } from './sign-in'

const DEVICE_SECONDS = 180 * 24 * 60 * 60
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GET: ['csrf', 'signin', 'callback', 'error'],
  POST: ['signin', 'callback'],
}

type Recorded = { status: number; readonly headers: Headers; body: string }

/** recorder stands in for the Node response that next-auth's API handler writes to. */
function recorder(): { readonly recorded: Recorded; readonly response: object } {
  const recorded: Recorded = { status: 200, headers: new Headers(), body: '' }
  const response = {
    status(code: number) {
      recorded.status = code
      return response
    },
    getHeader: (name: string) =>
      name.toLowerCase() === 'set-cookie' ? recorded.headers.getSetCookie() : recorded.headers.get(name),
    setHeader(name: string, value: string | readonly string[]) {
      recorded.headers.delete(name)
      for (const item of typeof value === 'string' ? [value] : value) recorded.headers.append(name, item)
      return response
    },
    end: () => undefined,
    json: (body: unknown) => {
      recorded.headers.set('content-type', 'application/json')
      recorded.body = JSON.stringify(body)
    },
    send: (body: unknown) => {
      recorded.body = typeof body === 'string' ? body : JSON.stringify(body ?? '')
    },
  }
  return { recorded, response }
}

type Parsed = {
  readonly path: readonly string[]
  readonly query: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, string>>
  readonly cookies: Readonly<Record<string, string>>
}

function cookiesOf(header: string | null): Record<string, string> {
  const pairs = (header ?? '').split(';').map((part) => part.trim().split('='))
  return Object.fromEntries(
    pairs.filter(([name]) => name).map(([name, ...rest]) => [name, decode(rest.join('='))]),
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function parse(request: Request, path: readonly string[]): Promise<Parsed> {
  const text = request.method === 'POST' ? (await request.text()).slice(0, 20_000) : ''
  return {
    path,
    query: Object.fromEntries(new URL(request.url).searchParams),
    form: Object.fromEntries(new URLSearchParams(text)),
    cookies: cookiesOf(request.headers.get('cookie')),
  }
}

/** The query of a sign-in start becomes parameters for the identity provider; only `prompt` may be chosen from outside. */
function queryOf(parsed: Parsed): Record<string, unknown> {
  const isStart = parsed.path[0] === 'signin'
  const query = isStart ? (parsed.query.prompt === 'login' ? { prompt: 'login' } : {}) : parsed.query
  return { ...query, nextauth: parsed.path }
}

async function runNextAuth(request: Request, parsed: Parsed, options: AuthOptions): Promise<Recorded> {
  const { recorded, response } = recorder()
  const { json: _never, ...body } = parsed.form
  const incoming = {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    cookies: parsed.cookies,
    query: queryOf(parsed),
    body,
  }
  await NextAuth(incoming as unknown as NextApiRequest, response as unknown as NextApiResponse, options)
  return recorded
}

/** surroundingsOf reads what a sign-in needs to know about its request. */
export async function surroundingsOf(console: Console, request: Request): Promise<Surroundings> {
  const names = cookieNames(console.env.NEXTAUTH_URL)
  const cookies = request.headers.get('cookie')
  return {
    now: console.clock.now(),
    requestId: crypto.randomUUID(),
    address: request.headers.get('x-forwarded-for'),
    userAgent: request.headers.get('user-agent') ?? '',
    deviceToken: cookieOf(cookies, names.device),
    previousSid: await sidOfToken(cookieOf(cookies, names.session), console.env.NEXTAUTH_SECRET),
  }
}

/** cookieLine writes a Set-Cookie line with the console's attributes; 0 seconds removes the cookie. */
export function cookieLine(
  console: Console,
  cookie: { readonly name: string; readonly value: string; readonly seconds: number },
): string {
  const secure = isHttps(console.env.NEXTAUTH_URL) ? '; Secure' : ''
  return `${cookie.name}=${encodeURIComponent(cookie.value)}; Path=/; Max-Age=${cookie.seconds}; HttpOnly; SameSite=Lax${secure}`
}

function problemOf(course: SignInCourse, location: string): string | undefined {
  if (course.verdict) return course.verdict.kind === 'in' ? undefined : course.verdict.kind
  if (location.includes('csrf=true')) return 'stale'
  if (location.includes('error=')) return 'provider'
  return undefined
}

function flashOf(course: SignInCourse, login: string): Flash {
  const { verdict } = course
  return {
    login: login.slice(0, 200),
    ...(verdict?.kind === 'wait' ? { seconds: verdict.seconds } : {}),
    ...(verdict?.kind === 'choose-password' && verdict.fault ? { fault: verdict.fault } : {}),
  }
}

/** answerAuth serves /api/auth/<action>/<provider> with next-auth and words its refusals for the sign-in page. */
export async function answerAuth(request: Request, path: readonly string[]): Promise<Response> {
  const console = getConsole()
  if (!ACTIONS[request.method]?.includes(path[0] ?? '')) return new Response('Not found', { status: 404 })
  if (request.method === 'POST') assertSameOriginForm(request)
  const parsed = await parse(request, path)
  const course: SignInCourse = {}
  const around = await surroundingsOf(console, request)
  const recorded = await runNextAuth(request, parsed, authOptions({ console, around, course }))
  return wordAnswer(console, { request, parsed, course, recorded })
}

function wordAnswer(
  console: Console,
  answer: {
    readonly request: Request
    readonly parsed: Parsed
    readonly course: SignInCourse
    readonly recorded: Recorded
  },
): Response {
  const { request, parsed, course, recorded } = answer
  const { headers } = recorded
  headers.set('cache-control', 'no-store')
  const location = headers.get('location')
  if (!location) return new Response(recorded.body, { status: recorded.status, headers })
  const problem = problemOf(course, location)
  const flash = flashOf(course, parsed.form.login ?? '')
  const names = cookieNames(console.env.NEXTAUTH_URL)
  if (course.verdict?.kind === 'in') {
    headers.append('set-cookie', cookieLine(console, { name: names.login, value: '', seconds: 0 }))
    const device = deviceToken(console.env.NEXTAUTH_SECRET, course.verdict.personId)
    headers.append(
      'set-cookie',
      cookieLine(console, { name: names.device, value: device, seconds: DEVICE_SECONDS }),
    )
  } else if (problem) {
    const value = JSON.stringify(flash)
    headers.append('set-cookie', cookieLine(console, { name: names.login, value, seconds: FLASH_SECONDS }))
  }
  const to = targetOf(console, { location, problem, back: safeReturnPath(parsed.form.callbackUrl) })
  if (request.headers.get('accept')?.includes('application/json')) {
    headers.delete('location')
    headers.set('content-type', 'application/json')
    return new Response(JSON.stringify({ problem: problem ?? null, to, ...flash }), { headers })
  }
  if (!to.startsWith('/')) return leaveFor(to, headers)
  headers.set('location', to)
  return new Response(null, { status: 303, headers })
}

/** A redirect after a form post to another origin is refused by `form-action 'self'`; a page that moves on is not. */
function leaveFor(address: string, headers: Headers): Response {
  const href = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  headers.delete('location')
  headers.set('content-type', 'text/html; charset=utf-8')
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>To your identity provider</title><meta http-equiv="refresh" content="0;url=${href}"><p><a href="${href}">Go on to your identity provider</a></p></html>`
  return new Response(html, { headers })
}

function targetOf(
  console: Console,
  answer: { readonly location: string; readonly problem: string | undefined; readonly back: string },
): string {
  const { location, problem, back } = answer
  if (problem === 'disabled') return '/disabled'
  if (problem === 'unknown-person' || problem === 'unconfirmed') return `/refused?why=${problem}`
  if (problem) {
    const query = new URLSearchParams({ problem, ...(back === '/' ? {} : { return: back }) })
    return `/sign-in?${query}`
  }
  const own = new URL(console.env.NEXTAUTH_URL).origin
  return location.startsWith(`${own}/`) || location === own ? location.slice(own.length) || '/' : location
}
