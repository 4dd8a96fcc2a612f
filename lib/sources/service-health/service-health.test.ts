import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import type { Http } from '../../platform/http-types'
import {
  type Handler,
  json,
  type LocalServer,
  plain,
  startLocalServer,
} from '../../platform/testing/local-server'
import { freePort } from '../testing/programs'
import { createServiceHealth } from './service-health'
import type { ProbeLook, ServiceKind } from './types'

const t0 = new Date('2026-11-21T10:00:00Z')
let server: LocalServer
let http: Http

beforeAll(async () => {
  server = await startLocalServer()
  http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: systemClock })
})
afterAll(async () => {
  await http.close()
  await server.close()
})

async function look(kind: ServiceKind, handler: Handler): Promise<ProbeLook> {
  server.answer(handler)
  return createServiceHealth({ http }).probe({ id: 'svc', kind, url: `${server.url}/health` }, t0, {
    deadlineMs: 300,
  })
}

function brief({ outcome }: ProbeLook): string {
  if (outcome.kind === 'unknown') return `unknown ${outcome.why}`
  const { value } = outcome
  if (value.kind === 'ok') return `ok ${value.status}`
  return value.kind === 'not-ok' ? `${value.class} ${value.status}` : `no answer ${value.cause}`
}

const page = (status: number): Handler =>
  plain('<!doctype html><title>x</title>', status, { 'content-type': 'text/html' })

describe('an answer', () => {
  it.each<[ServiceKind, string, Handler, string]>([
    ['llama', 'ok', json({ status: 'ok' }), 'ok 200'],
    [
      'llama',
      'loading its model',
      json({ error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }, 503),
      'loading 503',
    ],
    [
      'llama',
      'without a free slot',
      json({ error: { code: 503, message: 'no slot available' } }, 503),
      'busy 503',
    ],
    ['llama', 'loading with 200', json({ status: 'loading model' }), 'loading 200'],
    ['whisper', 'OK in plain text', plain('OK'), 'ok 200'],
    ['whisper', 'busy with a reason', plain('busy: active transcriptions at maximum', 503), 'busy 503'],
    ['whisper', 'busy without a reason', plain('', 503), 'busy 503'],
    ['whisper', 'loading', plain('loading model', 503), 'loading 503'],
    ['minio', 'live', plain(''), 'ok 200'],
    ['minio', 'without quorum', plain('', 503), 'unhealthy 503'],
    ['minio', 'overloaded', plain('', 429), 'busy 429'],
    ['vllm', 'with an empty body', plain(''), 'ok 200'],
    ['vllm', 'with a dead engine', plain('', 503), 'unhealthy 503'],
    ['app', 'healthy', json({ status: 'Healthy' }), 'ok 200'],
    [
      'app',
      'unhealthy with 503',
      json({ status: 'unhealthy', error: 'dependency unavailable' }, 503),
      'unhealthy 503',
    ],
    ['app', 'unhealthy with 200', json({ status: 'down' }), 'unhealthy 200'],
    ['app', 'that wants a sign-in', plain('no', 401), 'refused 401'],
    ['app', 'that forbids', plain('no', 403), 'refused 403'],
    ['app', 'that is not there', plain('no', 404), 'error 404'],
    ['app', 'with an error', plain('boom', 500), 'error 500'],
    ['app', 'of a broken proxy', page(502), 'error 502'],
    ['app', 'of a proxy with 503', page(503), 'error 503'],
    ['app', 'that redirects', plain('', 302, { location: 'http://127.0.0.1:1/' }), 'error 302'],
    ['app', 'of a sign-in page', page(200), 'unknown schema_mismatch'],
    ['integration', 'that is no JSON', plain('fine'), 'unknown schema_mismatch'],
    ['app', 'whose status is null', json({ status: null }), 'unknown schema_mismatch'],
    ['integration', 'whose status is a list', json({ status: ['ok'] }), 'unknown schema_mismatch'],
    ['integration', 'healthy', json({ status: 'healthy', services: {} }), 'ok 200'],
    ['http', 'of any kind', plain('hello'), 'ok 200'],
    ['app', 'that never comes', () => undefined, 'no answer timeout'],
    ['app', 'that breaks off', (request) => request.socket.destroy(), 'no answer reset'],
    [
      'app',
      'of 200 MB',
      (_request, response) => {
        response.on('error', () => undefined)
        response.writeHead(200).write(Buffer.alloc(8 * 1024 * 1024, 0x61))
      },
      'ok 200',
    ],
  ])('of %s %s', async (kind, _name, handler, expected) => {
    expect(brief(await look(kind, handler))).toBe(expected)
  })

  it('of a port where nothing listens is refused', async () => {
    const url = `http://127.0.0.1:${await freePort()}/health`
    const probe = await createServiceHealth({ http }).probe({ id: 'svc', kind: 'app', url }, t0)
    expect(brief(probe)).toBe('no answer refused')
  })

  it('of an address that no rule opens is not evaluated, so never down', async () => {
    const closed = createHttp({ allow: [], clock: systemClock })
    const probe = await createServiceHealth({ http: closed }).probe(
      { id: 'svc', kind: 'app', url: server.url },
      t0,
    )
    await closed.close()
    expect(brief(probe)).toBe('unknown not_evaluated')
  })

  it('that calls itself degraded is an answer with the word as a part', async () => {
    const probe = await look('app', json({ status: 'degraded' }))
    expect(brief(probe)).toBe('ok 200')
    expect(probe.parts).toMatchObject([{ name: 'self', status: { value: 'degraded' } }])
    expect(probe.drift).toEqual([])
  })

  it('with a word that nobody knows is carried as it came, and counted', async () => {
    const probe = await look('app', json({ status: 'wobbly' }))
    expect(probe.parts).toMatchObject([{ name: 'self', status: { value: 'wobbly' } }])
    expect(probe.drift).toEqual(['service-health.status'])
  })
})

describe('the parts of an integration', () => {
  it('keep their status, connection and latency, also when the whole is not well', async () => {
    const services = {
      vastai: { status: 'unhealthy', connected: false, latencyMs: null },
      database: { status: 'healthy', latencyMs: 3 },
      queue: 'ok',
      cache: null,
      odd: 7,
      wrong: { status: 5 },
    }
    const probe = await look('integration', json({ status: 'unhealthy', services }, 503))
    expect(brief(probe)).toBe('unhealthy 503')
    expect(
      probe.parts.map(({ name, status, connected, latencyMs }) => [
        name,
        status.kind === 'known' ? status.value : status.why,
        connected,
        latencyMs,
      ]),
    ).toEqual([
      ['vastai', 'unhealthy', false, undefined],
      ['database', 'healthy', undefined, 3],
      ['queue', 'ok', undefined, undefined],
      ['cache', 'field_null', undefined, undefined],
      ['odd', 'schema_mismatch', undefined, undefined],
      ['wrong', 'schema_mismatch', undefined, undefined],
    ])
  })
})

describe('"test now"', () => {
  it.each<[string, Handler, boolean, RegExp]>([
    [
      'a healthy service',
      json({ status: 'ok', services: { vastai: 'ok' } }),
      true,
      /answered HTTP 200 and reports on vastai/,
    ],
    ['a loading service', json({ error: { message: 'Loading model' } }, 503), false, /still loading/],
    ['a wrong path', plain('', 404), false, /answers with an error \(HTTP 404\)/],
    ['a sign-in page', page(200), false, /not in the expected form/],
  ])('of %s', async (_name, handler, ok, sentence) => {
    server.answer(handler)
    const verdict = await createServiceHealth({ http }).test({ id: 'svc', kind: 'app', url: server.url }, t0)
    expect(verdict.ok).toBe(ok)
    expect(verdict.sentence).toMatch(sentence)
    expect(ok || verdict.repair).toBeTruthy()
  })
})
