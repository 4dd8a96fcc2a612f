import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decode } from 'next-auth/jwt'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Console, setConsole } from '../console'
import type { SteppedClock } from '../platform/clock'
import type { Env } from '../platform/env'
import { testConsole } from '../platform/testing/database'
import { answerAuth } from './auth-door'
import { cookieNames } from './cookies'
import { csrfCookie, csrfTokenOf } from './csrf'
import { flashFrom } from './flash'
import { hashPassword } from './passwords'
import { visitorOfToken } from './session'
import { answerSignOut } from './sign-out'
import { answerStepUp, answerStepUpWay } from './step-up'

type TestConsole = Console & { readonly clock: SteppedClock }

const ORIGIN = 'http://127.0.0.1:3000'
const PASSWORD = 'the floor is quiet tonight'

/** A browser that keeps cookies and knows its own origin. */
function browserAt(origin: string) {
  const jar = new Map<string, string>()
  const keep = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const at = pair.indexOf('=')
      const isGone = attributes.some((attribute) => attribute.trim() === 'Max-Age=0')
      if (isGone) jar.delete(pair.slice(0, at))
      else jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }
  const cookie = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    jar,
    cookie,
    async call(path: string, form?: Record<string, string>, headers: Record<string, string> = {}) {
      const sent = new Headers({
        cookie: cookie(),
        'user-agent': 'vitest',
        ...(form
          ? { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
          : {}),
        ...headers,
      })
      if (headers['sec-fetch-site'] === '') sent.delete('sec-fetch-site')
      const request = new Request(`${origin}/api/auth/${path}`, {
        method: form ? 'POST' : 'GET',
        headers: sent,
        ...(form ? { body: new URLSearchParams(form) } : {}),
      })
      const response = await answerAuth(request, new URL(request.url).pathname.split('/').slice(3))
      keep(response)
      return response
    },
    keep,
  }
}

async function setup(changes: Partial<Env> = {}) {
  const console: TestConsole = await testConsole(changes)
  setConsole(console)
  process.env.NEXTAUTH_URL = console.env.NEXTAUTH_URL
  const origin = new URL(console.env.NEXTAUTH_URL).origin
  const names = cookieNames(console.env.NEXTAUTH_URL)
  const person = await console.db.person.create({
    data: {
      handle: 'ana',
      name: 'Ana Ruiz',
      email: 'ana@northlight.example',
      roles: ['commander'],
      passwordHash: await hashPassword(PASSWORD),
    },
  })
  const browser = browserAt(origin)
  const csrf = csrfCookie(console.env.NEXTAUTH_SECRET)
  browser.jar.set(names.csrf, encodeURIComponent(csrf))
  const form = (fields: Record<string, string>) => ({ csrfToken: csrfTokenOf(csrf), ...fields })
  const visitor = () => visitorOfToken(console, browser.jar.get(names.session), true)
  return { console, origin, names, person, browser, form, visitor }
}

let open: TestConsole[] = []
async function use(changes: Partial<Env> = {}) {
  const given = await setup(changes)
  open.push(given.console)
  return given
}

afterAll(async () => {
  await Promise.all(open.map((console) => console.close()))
  open = []
})

describe('the password door', () => {
  it('lets in, sets one cookie that carries the session id only, and goes back to the asked page', async () => {
    const { console, person, browser, form, visitor, names } = await use()
    const response = await browser.call(
      'callback/password',
      form({ login: 'ana', password: PASSWORD, callbackUrl: '/fleet?rating=breach' }),
    )
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/fleet?rating=breach')
    const line = response.headers.getSetCookie().find((text) => text.startsWith(`${names.session}=`))
    expect(line).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax/i)
    expect(await visitor()).toMatchObject({
      kind: 'person',
      actor: { id: person.id, handle: 'ana', roles: ['commander'], authAt: console.clock.now() },
    })
    const token = decodeURIComponent(browser.jar.get(names.session) ?? '')
    const claims = await decode({ token, secret: console.env.NEXTAUTH_SECRET })
    expect(Object.keys(claims ?? {}).sort()).toEqual(['exp', 'iat', 'jti', 'sid'])
    const audit = await console.db.auditEntry.findMany({
      select: { action: true, actor: true, detail: true },
    })
    expect(audit).toEqual([{ action: 'access.signIn', actor: person.id, detail: { method: 'password' } }])
  })

  it('sets a Secure __Host- cookie when the console is served over https', async () => {
    const { browser, form } = await use({ NEXTAUTH_URL: 'https://floor.northlight.example' })
    const response = await browser.call('callback/password', form({ login: 'ana', password: PASSWORD }))
    const line = response.headers.getSetCookie().find((text) => text.startsWith('__Host-watchfloor-session='))
    expect(line).toMatch(/Secure/)
    expect(line).not.toMatch(/Domain=/i)
  })

  it.each([
    ['another site', 'https://evil.example/x'],
    ['a protocol-relative address', '//evil.example'],
    ['a backslash trick', '/\\evil.example'],
    ['a script', 'javascript:alert(1)'],
  ])('goes to the board instead of %s', async (_name, callbackUrl) => {
    const { browser, form } = await use()
    const response = await browser.call(
      'callback/password',
      form({ login: 'ana', password: PASSWORD, callbackUrl }),
    )
    expect(response.headers.get('location')).toBe('/')
  })

  it('comes back to the form with the name kept out of the address, and no session', async () => {
    const { console, browser, form, names } = await use()
    const response = await browser.call(
      'callback/password',
      form({ login: 'ana', password: 'wrong wrong wrong', callbackUrl: '/queues' }),
    )
    expect(response.headers.get('location')).toBe('/sign-in?problem=refused&return=%2Fqueues')
    expect(flashFrom(decodeURIComponent(browser.jar.get(names.login) ?? ''))).toEqual({ login: 'ana' })
    expect(await console.db.session.count()).toBe(0)
  })

  it('answers scripts in JSON', async () => {
    const { browser, form } = await use()
    const fields = form({ login: 'ana', password: 'wrong wrong wrong' })
    const response = await browser.call('callback/password', fields, { accept: 'application/json' })
    expect(await response.json()).toEqual({
      problem: 'refused',
      to: '/sign-in?problem=refused',
      login: 'ana',
    })
  })

  it('refuses a form whose CSRF token is not the cookie’s', async () => {
    const { console, browser, form } = await use()
    const fields = { ...form({ login: 'ana', password: PASSWORD }), csrfToken: 'x' }
    const answer = await browser.call('callback/password', fields)
    expect(answer.headers.get('location')).toBe('/sign-in?problem=stale')
    expect(await console.db.session.count()).toBe(0)
  })

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['with a foreign origin and no fetch metadata', { 'sec-fetch-site': '', origin: 'https://evil.example' }],
  ])('refuses a post %s before anything is checked', async (_name, headers) => {
    const { console, browser, form } = await use()
    const fields = form({ login: 'ana', password: PASSWORD })
    await expect(browser.call('callback/password', fields, headers)).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(await console.db.session.count()).toBe(0)
    expect(await console.db.loginThrottle.count()).toBe(0)
  })

  it.each(['session', 'providers', 'verify-request', '_log', 'signout'])(
    'has no %s action',
    async (action) => {
      const { browser } = await use()
      expect((await browser.call(action)).status).toBe(404)
    },
  )

  it('has no demo way in unless the installation is simulated and the switch is on', async () => {
    const { console, browser, form } = await use({
      WATCHFLOOR_DEMO_SIGN_IN: true,
      WATCHFLOOR_SIMULATED: false,
    })
    await browser.call('callback/demo', form({ handle: 'ana' }))
    expect(await console.db.session.count()).toBe(0)
  })
})

describe('confirming and leaving', () => {
  async function signedIn() {
    const given = await use()
    await given.browser.call('callback/password', given.form({ login: 'ana', password: PASSWORD }))
    const confirm = (password: string) =>
      answerStepUp(
        new Request(`${ORIGIN}/api/auth/step-up`, {
          method: 'POST',
          headers: {
            cookie: given.browser.cookie(),
            'sec-fetch-site': 'same-origin',
            'content-type': 'application/json',
            'x-watchfloor-request': '1',
          },
          body: JSON.stringify({ password }),
        }),
      )
    return { ...given, confirm }
  }

  it('the right password makes the session fresh again; a wrong one changes nothing', async () => {
    const { console, confirm, visitor, browser } = await signedIn()
    const before = console.clock.now()
    console.clock.advanceMs(20 * 60_000)
    const ask = new Request(`${ORIGIN}/api/auth/step-up`, { headers: { cookie: browser.cookie() } })
    expect(await answerStepUpWay(ask)).toEqual({ way: 'password' })
    await expect(confirm('wrong wrong wrong')).rejects.toMatchObject({ code: 'invalid' })
    expect(await visitor()).toMatchObject({ actor: { authAt: before } })
    await confirm(PASSWORD)
    expect(await visitor()).toMatchObject({ actor: { authAt: console.clock.now() } })
  })

  it('slows down guesses at the confirmation', async () => {
    const { confirm } = await signedIn()
    const codes: string[] = []
    for (let index = 0; index < 7; index += 1) {
      await confirm('wrong wrong wrong').catch((error: { code: string }) => codes.push(error.code))
    }
    expect(codes).toEqual(['invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'too_many', 'too_many'])
  })

  it('signing out ends the session in the database, so the old cookie is worth nothing', async () => {
    const { console, browser, names, origin } = await signedIn()
    const token = browser.jar.get(names.session)
    const response = await answerSignOut(
      new Request(`${origin}/api/auth/signout`, {
        method: 'POST',
        headers: { cookie: browser.cookie(), 'sec-fetch-site': 'same-origin' },
      }),
    )
    expect(response.headers.get('location')).toBe('/session-ended?why=you')
    expect(response.headers.getSetCookie().join()).toMatch(/watchfloor-session=; .*Max-Age=0/)
    expect(await visitorOfToken(console, token, false)).toEqual({ kind: 'ended', why: 'revoked' })
  })
})

describe('single sign-on against a real OpenID provider', () => {
  let server: Server
  let issuer: string
  let claims: Record<string, unknown> = {}

  beforeAll(async () => {
    server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: 'watchfloor',
          client_secret: 'a-client-secret',
          redirect_uris: [`${ORIGIN}/api/auth/callback/oidc`],
        },
      ],
      claims: { email: ['email', 'email_verified'], profile: ['name'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: true } },
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims }) }),
    })
    server.on('request', provider.callback())
  })

  afterAll(() => server.close())

  /** Walks through the provider's own login and consent pages like a browser and gives the address of the way back. */
  async function walk(start: string): Promise<URL> {
    const idp = browserAt(issuer)
    let url = start
    let form: URLSearchParams | undefined
    for (let step = 0; step < 12; step += 1) {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: idp.cookie() },
        ...(form ? { method: 'POST', body: form } : {}),
      })
      idp.keep(response)
      form = undefined
      const location = response.headers.get('location')
      if (location) {
        const next = new URL(location, url)
        if (next.origin === ORIGIN) return next
        url = next.href
        continue
      }
      const html = await response.text()
      const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1]
      if (!prompt) throw new Error(`the provider answered ${response.status}: ${html.slice(0, 500)}`)
      form = new URLSearchParams(
        prompt === 'login' ? { prompt, login: 'ana-at-idp', password: 'x' } : { prompt },
      )
      url = new URL(/action="([^"]+)"/.exec(html)?.[1] ?? '', url).href
    }
    throw new Error('the provider never came back')
  }

  function oidc(): Partial<Env> {
    return { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'watchfloor', OIDC_CLIENT_SECRET: 'a-client-secret' }
  }

  async function start(given: Awaited<ReturnType<typeof use>>, path = 'signin/oidc'): Promise<string> {
    const response = await given.browser.call(path, given.form({ callbackUrl: '/queues' }))
    expect(response.status).toBe(200)
    const html = await response.text()
    return (/href="([^"]+)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&')
  }

  async function back(given: Awaited<ReturnType<typeof use>>, url: URL): Promise<Response> {
    return given.browser.call(`${url.pathname.replace('/api/auth/', '')}${url.search}`)
  }

  it('signs in a known person with code, PKCE, state and nonce', async () => {
    const given = await use(oidc())
    claims = { email: 'Ana@northlight.example', email_verified: true, name: 'Ana' }
    const address = await start(given)
    const query = new URL(address).searchParams
    expect(query.get('code_challenge_method')).toBe('S256')
    for (const name of ['code_challenge', 'state', 'nonce', 'max_age']) expect(query.get(name)).toBeTruthy()
    const response = await back(given, await walk(address))
    expect(response.headers.get('location')).toBe('/queues')
    expect(await given.visitor()).toMatchObject({
      kind: 'person',
      actor: { id: given.person.id },
      session: { method: 'oidc' },
    })
  })

  it.each([
    [
      'an unknown person',
      { email: 'stranger@northlight.example', email_verified: true },
      '/refused?why=unknown-person',
    ],
    [
      'an unconfirmed address',
      { email: 'ana@northlight.example', email_verified: false },
      '/refused?why=unconfirmed',
    ],
  ])('refuses %s with a page that says so, and makes no account', async (_name, given, location) => {
    const used = await use(oidc())
    claims = given
    const response = await back(used, await walk(await start(used)))
    expect(response.headers.get('location')).toBe(location)
    expect(await used.console.db.session.count()).toBe(0)
    expect(await used.console.db.person.count()).toBe(1)
  })

  it('refuses a code that was fetched for another browser', async () => {
    const victim = await use(oidc())
    claims = { email: 'ana@northlight.example', email_verified: true }
    const attackerBrowser = browserAt(victim.origin)
    const csrf = victim.browser.jar.get(victim.names.csrf) ?? ''
    attackerBrowser.jar.set(victim.names.csrf, csrf)
    const attackersWay = await walk(await start({ ...victim, browser: attackerBrowser }))
    await start(victim)
    const response = await back(victim, attackersWay)
    expect(response.headers.get('location')).toBe('/sign-in?problem=provider')
    expect(await victim.console.db.session.count()).toBe(0)
  })

  it('asks for a fresh proof when a confirmation needs one, and hands nothing else through', async () => {
    const given = await use(oidc())
    const query = new URL(
      await start(given, 'signin/oidc?prompt=login&redirect_uri=https://evil.example&scope=x'),
    ).searchParams
    expect(query.get('prompt')).toBe('login')
    expect(query.get('redirect_uri')).toBe(`${ORIGIN}/api/auth/callback/oidc`)
    expect(query.get('scope')).toBe('openid email profile')
  })
})
