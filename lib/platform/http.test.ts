import { createServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { steppedClock } from './clock'
import { createHttp } from './http'
import type { Http, HttpLookup } from './http-types'
import { rememberSecret } from './redact'
import { FAULTS, json, type LocalServer, plain, startLocalServer } from './testing/local-server'

const t0 = new Date('2026-11-21T10:00:00Z')
const allow = [{ cidr: '127.0.0.0/8' }]
const open: Http[] = []
let server: LocalServer

beforeAll(async () => {
  server = await startLocalServer()
})
afterAll(async () => {
  await Promise.all(open.map((http) => http.close()))
  await server.close()
})

function client(lookup?: HttpLookup, rules: Parameters<typeof createHttp>[0]['allow'] = allow): Http {
  const http = createHttp({ allow: rules, clock: steppedClock(t0), ...(lookup ? { lookup } : {}) })
  open.push(http)
  return http
}

describe('a good answer', () => {
  it('arrives parsed, with status, headers and size', async () => {
    server.answer(json({ a: 1 }, 200, { 'X-Kind': 'test' }))
    const answer = await client().request({ url: server.url, deadlineMs: 2000, expect: 'json' })
    expect(answer).toMatchObject({ ok: true, value: { status: 200, json: { a: 1 }, sizeBytes: 7 } })
    expect(answer.ok && answer.value.headers['x-kind']).toBe('test')
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('is unpacked from %s', async (encoding, pack) => {
    server.answer((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding })
        .end(pack(Buffer.from('{"a":2}')))
    })
    const answer = await client().request({ url: server.url, deadlineMs: 2000, expect: 'json' })
    expect(answer).toMatchObject({ ok: true, value: { json: { a: 2 } } })
  })

  it('may begin with a byte-order mark', async () => {
    server.answer(plain('\uFEFF{"a":3}', 200, { 'content-type': 'application/json' }))
    const answer = await client().request({ url: server.url, deadlineMs: 2000, expect: 'json' })
    expect(answer).toMatchObject({ ok: true, value: { json: { a: 3 } } })
  })

  it('may have an accepted status that is no success', async () => {
    server.answer(json({ status: 'loading' }, 503))
    const answer = await client().request({
      url: server.url,
      deadlineMs: 2000,
      expect: 'json',
      accept: 'any',
    })
    expect(answer).toMatchObject({ ok: true, value: { status: 503, json: { status: 'loading' } } })
  })
})

describe('a bad answer', () => {
  it.each(FAULTS.filter(({ name }) => !/another type|JSON list|empty object/.test(name)))(
    '$name is a failure with its reason, never a throw',
    async ({ name, handler, why }) => {
      server.answer(handler)
      const deadlineMs = name === 'silence' ? 300 : 15_000
      const answer = await client().request({ url: server.url, deadlineMs, expect: 'json' })
      expect(answer.ok).toBe(false)
      expect(answer.ok ? '' : answer.why).toBeOneOf([...why])
    },
  )

  it('of 200 MB never grows memory by more than its cap', async () => {
    const fault = FAULTS.find(({ name }) => name === '200 MB')
    server.answer(fault?.handler ?? json({}))
    const before = process.memoryUsage()
    const answer = await client().request({ url: server.url, deadlineMs: 10_000, expect: 'json' })
    const after = process.memoryUsage()
    const grownMib =
      (after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed) / 1024 / 1024
    expect(answer).toMatchObject({ ok: false, why: 'schema_mismatch' })
    expect(grownMib).toBeLessThan(40)
  })

  it('that unpacks to 100 MB is cut off at the cap', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20))
    server.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb)
    })
    const answer = await client().request({ url: server.url, deadlineMs: 10_000, expect: 'json' })
    expect(answer).toMatchObject({ ok: false, why: 'schema_mismatch' })
    expect(answer.ok ? '' : answer.detail).toContain('larger than 10240 KiB')
  })

  it('that claims to be gzip but is not is unreadable', async () => {
    server.answer(plain('not packed', 200, { 'content-encoding': 'gzip' }))
    const answer = await client().request({ url: server.url, deadlineMs: 2000 })
    expect(answer).toMatchObject({ ok: false, why: 'schema_mismatch' })
  })

  it('shows no secret in its detail or body', async () => {
    rememberSecret('hunter2-hunter2')
    server.answer(plain('bad key hunter2-hunter2 given', 500))
    const answer = await client().request({ url: server.url, deadlineMs: 2000 })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })
})

describe('no answer', () => {
  it('from a port where nothing listens is refused', async () => {
    const { port } = await freePort()
    const answer = await client().request({ url: `http://127.0.0.1:${port}/`, deadlineMs: 2000 })
    expect(answer).toMatchObject({ ok: false, why: 'source_unreachable', cause: 'refused' })
  })

  it('for a name that does not exist is dns', async () => {
    const lookup: HttpLookup = () =>
      Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }))
    const answer = await client(lookup).request({ url: 'http://nowhere.example/', deadlineMs: 2000 })
    expect(answer).toMatchObject({ ok: false, why: 'source_unreachable', cause: 'dns' })
  })

  it('for a name server that hangs ends at the connect limit', async () => {
    const answer = await client(() => new Promise(() => undefined)).request({
      url: 'http://slow-dns.example/',
      deadlineMs: 5000,
      connectMs: 50,
    })
    expect(answer).toMatchObject({ ok: false, why: 'source_unreachable', cause: 'dns' })
  })

  it('over TLS from a plain server is tls or reset', async () => {
    const answer = await client().request({ url: `https://127.0.0.1:${server.port}/`, deadlineMs: 2000 })
    expect(answer).toMatchObject({ ok: false, why: 'source_unreachable' })
    expect(answer.ok ? '' : answer.cause).toBeOneOf(['tls', 'reset'])
  })

  it('from something that is not HTTP is unreadable', async () => {
    const odd = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    })
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve))
    const address = odd.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const answer = await client().request({ url: `http://127.0.0.1:${port}/`, deadlineMs: 2000 })
    odd.close()
    expect(answer).toMatchObject({ ok: false, why: 'schema_mismatch' })
  })

  it('because the caller gave up is told apart from a timeout', async () => {
    server.answer(() => undefined)
    const controller = new AbortController()
    const pending = client().request({ url: server.url, deadlineMs: 5000, signal: controller.signal })
    controller.abort()
    expect(await pending).toMatchObject({ ok: false, why: 'source_unreachable', cause: 'aborted' })
  })
})

describe('Retry-After', () => {
  it.each([
    ['7', 7000],
    ['0', 0],
    ['1000000000', 300_000],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['Sat, 21 Nov 2036 09:00:00 GMT', 300_000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
  ])('%j means %s ms', async (value, expected) => {
    server.answer(plain('slow down', 429, value === '' ? {} : { 'retry-after': value }))
    const answer = await client().request({ url: server.url, deadlineMs: 2000 })
    expect(answer.ok ? 'ok' : answer.retryAfterMs).toBe(expected)
  })
})

describe('redirects', () => {
  it('are not followed unless asked', async () => {
    server.answer(plain('', 302, { location: '/other' }))
    const answer = await client().request({ url: server.url, deadlineMs: 2000 })
    expect(answer).toMatchObject({ ok: false, why: 'source_error', status: 302 })
  })

  it('lose the credential at a change of origin and keep it within one', async () => {
    const other = await startLocalServer(json({ other: true }))
    server.answer((request, response) => {
      const location = request.url === '/first' ? '/second' : `${other.url}/third`
      response.writeHead(302, { location }).end()
    })
    const answer = await client().request({
      url: `${server.url}/first`,
      deadlineMs: 2000,
      redirects: 3,
      expect: 'json',
      headers: { authorization: 'Bearer secret-secret', 'x-api-key': 'secret-secret' },
    })
    expect(answer).toMatchObject({ ok: true, value: { json: { other: true } } })
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer secret-secret')
    expect(other.requests.at(-1)?.headers).not.toHaveProperty('authorization')
    expect(other.requests.at(-1)?.headers).not.toHaveProperty('x-api-key')
    await other.close()
  })

  it('end after three', async () => {
    server.answer((request, response) => {
      const step = Number(request.url?.slice(1)) || 0
      response.writeHead(302, { location: `/${step + 1}` }).end()
    })
    const before = server.requests.length
    const answer = await client().request({ url: `${server.url}/0`, deadlineMs: 2000, redirects: 99 })
    expect(answer).toMatchObject({ ok: false, why: 'source_error' })
    expect(server.requests.length - before).toBe(4)
  })

  it('to a forbidden address are blocked', async () => {
    server.answer(plain('', 302, { location: 'http://169.254.169.254/latest/meta-data/' }))
    const answer = await client().request({ url: server.url, deadlineMs: 2000, redirects: 3 })
    expect(answer).toMatchObject({ ok: false, why: 'not_evaluated', cause: 'blocked' })
  })
})

describe('the address guard on the wire', () => {
  it('calls a name whose address a rule opens', async () => {
    server.answer(json({ a: 1 }))
    const lookup: HttpLookup = async () => [{ address: '127.0.0.1', family: 4 }]
    const http = client(lookup, [{ host: 'prometheus.internal', port: server.port }])
    const answer = await http.request({
      url: `http://prometheus.internal:${server.port}/`,
      deadlineMs: 2000,
      expect: 'json',
    })
    expect(answer.ok).toBe(true)
  })

  it('refuses a name that is rebound to a private address between two connections', async () => {
    const addresses = ['127.0.0.2', '127.0.0.1']
    const asked: string[] = []
    const lookup: HttpLookup = async (name) => {
      asked.push(name)
      return [{ address: addresses[asked.length - 1] ?? '127.0.0.1', family: 4 }]
    }
    const http = client(lookup, [{ cidr: '127.0.0.2/32' }])
    const url = `http://rebind.example:${server.port}/`
    const first = await http.request({ url, deadlineMs: 2000 })
    const second = await http.request({ url, deadlineMs: 2000 })
    expect(first).toMatchObject({ ok: false, cause: 'refused' })
    expect(second).toMatchObject({ ok: false, why: 'not_evaluated', cause: 'blocked' })
  })

  it('refuses a name with one public and one private address', async () => {
    const lookup: HttpLookup = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.7', family: 4 },
    ]
    const answer = await client(lookup, []).request({ url: 'http://mixed.example/', deadlineMs: 2000 })
    expect(answer).toMatchObject({ ok: false, cause: 'blocked' })
  })

  it('connects to the address that it checked, not to a second look-up', async () => {
    let calls = 0
    const lookup: HttpLookup = async () => {
      calls += 1
      return [{ address: '127.0.0.1', family: 4 }]
    }
    server.answer(json({}))
    await client(lookup, [{ host: 'once.internal' }]).request({
      url: `http://once.internal:${server.port}/`,
      deadlineMs: 2000,
    })
    expect(calls).toBe(1)
  })

  it('follows a change of its rules from the next request on', async () => {
    server.answer(json({}))
    const http = client()
    expect((await http.request({ url: server.url, deadlineMs: 2000 })).ok).toBe(true)
    http.allow([])
    expect(await http.request({ url: server.url, deadlineMs: 2000 })).toMatchObject({ cause: 'blocked' })
  })
})

async function freePort(): Promise<{ port: number }> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  return { port }
}
