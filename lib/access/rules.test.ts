import { describe, expect, it } from 'vitest'
import { cookieOf } from './cookies'
import { csrfCookie, csrfTokenOf, isCsrfCookie } from './csrf'
import { deviceToken, knownDevice } from './device'
import { ONE_TIME_PATTERN, oneTimePassword } from './one-time'
import { isSameOrigin } from './origin'
import { hashPassword, passwordFault, verifyPassword } from './passwords'
import { safeReturnPath } from './return-path'
import { cleanHeaders, commonHeaders, pagePolicy } from './security-headers'
import { networkOf } from './throttle'

describe('the way back after signing in', () => {
  it.each([
    ['/fleet', '/fleet'],
    ['/fleet?rating=breach&gpu=7#top', '/fleet?rating=breach&gpu=7#top'],
    ['/a/../fleet', '/fleet'],
    [undefined, '/'],
    ['', '/'],
    ['fleet', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/a/..//evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/api/auth/signout', '/'],
    ['/sign-in?return=/sign-in', '/'],
    [`/${'x'.repeat(3_000)}`, '/'],
  ])('%j leads to %j', (text, path) => {
    expect(safeReturnPath(text)).toBe(path)
  })
})

describe('a request from our own pages', () => {
  const own = 'https://floor.northlight.example'
  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: own }, true],
    [{ origin: own }, true],
    [{ 'sec-fetch-site': 'same-site', origin: own }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: own }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ origin: 'null' }, false],
    [{ origin: `${own}.evil.example` }, false],
    [{ host: 'floor.northlight.example' }, false],
    [{}, false],
  ])('%j: %s', (headers, answer) => {
    expect(isSameOrigin(new Headers(headers as Record<string, string>), own)).toBe(answer)
  })
})

describe('passwords', () => {
  const person = { handle: 'ana', email: 'ana.ruiz@northlight.example' }
  it.each([
    ['elevenchars', true],
    ['password1234', true],
    ['PasswordPassword', true],
    ['abcabcabcabc', true],
    ['aaaaaaaaaaaaaaaa', true],
    ['ana.ruiz-2026', true],
    ['watchfloor-ana!', true],
    ['x'.repeat(257), true],
    ['the floor is quiet tonight', false],
    ['Tr0ub4dor&3-but-longer', false],
    ['日本語のとても長い合言葉です', false],
  ])('%s is refused: %s', (password, isRefused) => {
    expect(passwordFault(password, person) !== undefined).toBe(isRefused)
  })

  it('are kept as argon2id with 64 MiB, three passes and one lane, and compared after NFKC', async () => {
    const stored = await hashPassword('café au lait, please')
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    expect(await verifyPassword(stored, 'cafe\u0301 au lait, please')).toBe(true)
    expect(await verifyPassword(stored, 'cafe au lait, please')).toBe(false)
    expect(await verifyPassword(undefined, 'café au lait, please')).toBe(false)
    expect(await verifyPassword(null, '')).toBe(false)
  })

  it('one-time passwords fit their pattern and differ', () => {
    const made = Array.from({ length: 50 }, () => oneTimePassword(crypto.getRandomValues(new Uint8Array(20))))
    expect(made.every((password) => ONE_TIME_PATTERN.test(password))).toBe(true)
    expect(new Set(made).size).toBe(50)
    expect(() => oneTimePassword(new Uint8Array(5))).toThrow()
  })
})

describe('networks', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['203.0.113.77, 10.0.0.1', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['not an address', 'unknown'],
    [null, 'unknown'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('tokens', () => {
  it('a device is known for its own person and secret only', () => {
    const token = deviceToken('secret', 'person-1')
    expect(knownDevice('secret', token, 'person-1')).toBe(token.split('.')[0])
    expect(knownDevice('secret', token, 'person-2')).toBeUndefined()
    expect(knownDevice('other', token, 'person-1')).toBeUndefined()
    expect(knownDevice('secret', undefined, 'person-1')).toBeUndefined()
    expect(knownDevice('secret', 'x.y', 'person-1')).toBeUndefined()
  })

  it('a CSRF cookie is ours only with our secret', () => {
    const cookie = csrfCookie('secret')
    expect(isCsrfCookie(cookie, 'secret')).toBe(true)
    expect(isCsrfCookie(cookie, 'other')).toBe(false)
    expect(isCsrfCookie(undefined, 'secret')).toBe(false)
    expect(isCsrfCookie('|', 'secret')).toBe(false)
    expect(csrfTokenOf(cookie)).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    ['a=1; b=2', 'b', '2'],
    ['xb=1; b=2=3', 'b', '2=3'],
    ['a=1', 'b', undefined],
    [null, 'b', undefined],
  ])('%j has %s = %j', (header, name, value) => {
    expect(cookieOf(header, name)).toBe(value)
  })
})

describe('headers', () => {
  it('the page policy names every source and no unsafe one', () => {
    const policy = pagePolicy('bm9uY2U=', false)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self' 'nonce-bm9uY2U=' 'strict-dynamic'")
    expect(policy).toContain("style-src 'self' 'nonce-bm9uY2U='")
    expect(policy).not.toMatch(/unsafe|\*|http:|https:|ws:/)
  })

  it('strict transport security goes with https only', () => {
    expect(commonHeaders(true)['strict-transport-security']).toMatch(/^max-age=31536000/)
    expect(commonHeaders(false)).not.toHaveProperty('strict-transport-security')
  })

  it('drops what only the console itself may set', () => {
    const forged = {
      'content-security-policy': "script-src 'nonce-x'",
      'x-nonce': 'x',
      'x-watchfloor-path': '/x',
      'x-middleware-subrequest': 'proxy',
      'x-forwarded-host': 'evil.example',
      'next-action': 'abc',
      cookie: 'a=1',
    }
    expect([...cleanHeaders(new Headers(forged), 'GET').keys()]).toEqual(['cookie'])
    expect([...cleanHeaders(new Headers(forged), 'POST').keys()]).toEqual(['cookie', 'next-action'])
  })
})
