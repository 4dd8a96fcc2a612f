import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import { hasProgram } from '../../sources/testing/programs'
import { imageNameOf, type Registry } from '../deployer'
import { type RealRegistry, startRegistry } from '../testing/real-registry'
import { challengeOf, tokenAddress } from './challenge'
import { promote } from './promote'
import { openRegistry } from './registry'

const D = (letter: string): string => `sha256:${letter.repeat(64)}`

function client(port: number) {
  return createHttp({ allow: [{ host: '127.0.0.1', port }], clock: systemClock })
}

function open(url: string, extra: { user?: string; password?: string } = {}): Registry {
  return openRegistry({ url, http: client(Number(new URL(url).port)), clock: systemClock, ...extra })
}

describe('an image’s name', () => {
  it.each([
    ['ghcr.io/team/asr:canary', { registry: 'ghcr.io', repository: 'team/asr', tag: 'canary' }],
    ['127.0.0.1:5000/asr', { registry: '127.0.0.1:5000', repository: 'asr' }],
    [`ghcr.io/team/asr@${D('a')}`, { registry: 'ghcr.io', repository: 'team/asr', digest: D('a') }],
    ['team/asr:canary', undefined],
    ['ghcr.io/Team/asr', undefined],
    ['ghcr.io/team/asr@sha256:abc', undefined],
    ['ghcr.io/../etc', undefined],
  ])('O-NAM-01 %s is read as it stands or not at all', (reference, name) => {
    expect(imageNameOf(reference)).toEqual(name)
  })
})

describe('what a registry asks for', () => {
  const header =
    'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:team/asr:pull,push"'

  it('O-TOK-01 a challenge is read, not assumed', () => {
    expect(challengeOf(header)).toEqual({
      scheme: 'bearer',
      realm: 'https://ghcr.io/token',
      service: 'ghcr.io',
      scope: 'repository:team/asr:pull,push',
    })
    expect(challengeOf('Basic realm="x"')).toEqual({ scheme: 'basic' })
    expect(challengeOf('Negotiate')).toBeUndefined()
  })

  it('O-TOK-02 a password goes to nobody in the clear but the registry itself', () => {
    const bearer = { scheme: 'bearer', realm: 'http://evil.example/token', service: '', scope: '' } as const
    expect(tokenAddress(bearer, 'https://ghcr.io', 'repository:a:pull')).toBeUndefined()
    expect(tokenAddress({ ...bearer, realm: 'http://127.0.0.1:5000/t' }, 'http://127.0.0.1:5000', 's')).toBe(
      'http://127.0.0.1:5000/t?scope=s',
    )
  })
})

describe.runIf(hasProgram('docker-registry'))('promotion against the real registry', () => {
  let real: RealRegistry
  let registry: Registry
  beforeAll(async () => {
    real = await startRegistry()
    registry = open(real.url)
  })
  afterAll(() => real.stop())

  it.each(['one architecture', 'several architectures'])(
    'O-PRO-01 the digest of an image of %s is the same before and after',
    async (kind) => {
      const isMany = kind === 'several architectures'
      const repository = isMany ? 'team/many' : 'team/one'
      const before = await real.push(repository, 'stable', 'old')
      const digest = isMany
        ? await real.pushIndex(repository, 'canary', ['new', 'new on arm'])
        : await real.push(repository, 'canary', 'new')
      const promotion = { repository, from: 'canary', to: 'stable', digest, before }
      expect(await promote(registry, promotion)).toEqual({ kind: 'done', digest, isIndex: isMany })
      expect(await registry.look(repository, 'stable')).toMatchObject({ kind: 'manifest', digest })
      expect(await promote(registry, promotion)).toMatchObject({ kind: 'already', digest })
      const back = { repository, from: null, to: 'stable', digest: before, before: digest }
      expect(await promote(registry, back)).toMatchObject({ kind: 'done', digest: before })
    },
  )

  it('O-PRO-02 a tag that somebody else moved is left as it is, and what it names is said', async () => {
    const digest = await real.push('team/foreign', 'canary', 'new')
    const expected = await real.push('team/foreign', 'stable', 'old')
    const found = await real.push('team/foreign', 'stable', 'by hand')
    const promotion = { repository: 'team/foreign', from: 'canary', to: 'stable', digest, before: expected }
    expect(await promote(registry, promotion)).toMatchObject({ kind: 'foreign', tag: 'stable', found })
    expect(await registry.look('team/foreign', 'stable')).toMatchObject({ digest: found })
  })

  it('O-PRO-03 a canary tag that names something else than was watched is not promoted', async () => {
    const watched = await real.push('team/moved', 'canary', 'watched')
    const found = await real.push('team/moved', 'canary', 'pushed later')
    const promotion = {
      repository: 'team/moved',
      from: 'canary',
      to: 'stable',
      digest: watched,
      before: null,
    }
    expect(await promote(registry, promotion)).toMatchObject({ kind: 'foreign', tag: 'canary', found })
    expect(await registry.look('team/moved', 'stable')).toMatchObject({ kind: 'absent' })
  })

  it('O-PRO-04 a digest that the registry no longer keeps is refused, and the tag stays', async () => {
    const stable = await real.push('team/gone', 'stable', 'now')
    const promotion = { repository: 'team/gone', from: null, to: 'stable', digest: D('e'), before: stable }
    expect(await promote(registry, promotion)).toMatchObject({ kind: 'refused', why: 'absent' })
    expect(await registry.look('team/gone', 'stable')).toMatchObject({ digest: stable })
  })
})

type Route = (request: { method: string; path: string; authorization: string }) => {
  readonly status: number
  readonly headers?: Record<string, string | undefined>
  readonly body?: string
}

async function served<T>(route: Route, ask: (url: string) => Promise<T>): Promise<T> {
  const server: Server = createServer((request, response) => {
    const { method = '', url: path = '' } = request
    const answer = route({ method, path, authorization: request.headers.authorization ?? '' })
    response.writeHead(answer.status, { ...answer.headers }).end(method === 'HEAD' ? undefined : answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('a registry that answers otherwise', () => {
  it.each([
    [401, 'hidden'],
    [403, 'hidden'],
    [404, 'absent'],
    [429, 'unknown'],
    [500, 'unknown'],
  ])('O-LOO-01 HTTP %i is %s, never “unchanged”', async (status, kind) => {
    const look = await served(
      () => ({ status }),
      (url) => open(url).look('team/asr', 'stable'),
    )
    expect(look.kind).toBe(kind)
  })

  it('O-LOO-02 a token is asked with the configured user and used for the next call', async () => {
    const basic = `Basic ${Buffer.from('robot:s3cret-value').toString('base64')}`
    let base = ''
    const look = await served(
      ({ path, authorization }) => {
        if (path.startsWith('/token'))
          return authorization === basic
            ? { status: 200, headers: { 'content-type': 'application/json' }, body: '{"token":"abcdefgh"}' }
            : { status: 401 }
        if (authorization !== 'Bearer abcdefgh')
          return { status: 401, headers: { 'www-authenticate': `Bearer realm="${base}/token"` } }
        return { status: 200, headers: { 'docker-content-digest': D('b') } }
      },
      (url) => {
        base = url
        return open(url, { user: 'robot', password: 's3cret-value' }).look('team/asr', 'stable')
      },
    )
    expect(look).toMatchObject({ kind: 'manifest', digest: D('b') })
  })

  it('O-LOO-03 bytes that are not what the registry calls them are not believed', async () => {
    const got = await served(
      () => ({ status: 200, headers: { 'docker-content-digest': D('c') }, body: '{}' }),
      (url) => open(url).bytes('team/asr', 'stable'),
    )
    expect(got).toMatchObject({ kind: 'unknown' })
  })

  it('O-PRO-05 a write that nobody answered is decided by the tag alone', async () => {
    const text = '{"schemaVersion":2}'
    const digest = 'sha256:3dd8cf4f2a2d2b9b0e4d8a1a6cbb1a4f0e0b7e9cf7e1e29d5d1f4ac1a0c4a6ab'
    let stable = D('a')
    const outcome = await served(
      ({ method, path }) => {
        if (method === 'PUT') {
          stable = digest
          return { status: 502 }
        }
        return {
          status: 200,
          headers: { 'docker-content-digest': path.endsWith('stable') ? stable : digest },
          body: text,
        }
      },
      (url) =>
        promote(
          {
            ...open(url),
            bytes: async () => ({ kind: 'bytes', digest, mediaType: 'application/json', text }),
          },
          { repository: 'team/asr', from: 'canary', to: 'stable', digest, before: D('a') },
        ),
    )
    expect(outcome).toMatchObject({ kind: 'done', digest })
  })
})
