import { afterAll, describe, expect, test } from 'vitest'
import { type Steered, smallScenario, startWorld } from './testing'

const worlds: Steered[] = []
afterAll(() => Promise.all(worlds.map(({ simulator }) => simulator.close())))

async function setup(event?: Record<string, unknown>, world: Record<string, unknown> = {}): Promise<Steered> {
  const timeline = event === undefined ? [] : [{ at: '10s', ...event }]
  const started = await startWorld(smallScenario({ timeline, world }))
  worlds.push(started)
  started.at(60_000)
  return started
}

const target = { instances: [1] }

describe('health answers', () => {
  test.each([
    ['our integration is well', undefined, '/integration/health', 200, /"status":"healthy"/],
    [
      'its database is gone',
      { event: 'own-health', database: 'unhealthy' },
      '/integration/health',
      503,
      /"database":\{"status":"unhealthy"/,
    ],
    [
      'its key is revoked',
      { event: 'key-revoked' },
      '/integration/health',
      503,
      /"vastai":\{"status":"unhealthy","connected":false/,
    ],
    [
      'the provider fails a little',
      { event: 'provider-errors', status: 503, share: 0.2 },
      '/integration/health',
      200,
      /"status":"degraded"/,
    ],
    ['an app service is well', undefined, '/services/rag-mcp/health', 200, /"status":"ok"/],
    [
      'an app service is down',
      { event: 'service', service: 'rag-mcp', state: 'down' },
      '/services/rag-mcp/health',
      503,
      /unhealthy/,
    ],
    ['a model is well', undefined, '/llama/9100001/health', 200, /^\{"status":"ok"\}$/],
    [
      'a model loads',
      { event: 'model', state: 'loading', target },
      '/llama/9100001/health',
      503,
      /Loading model/,
    ],
    [
      'a model is busy',
      { event: 'model', state: 'busy', target },
      '/llama/9100001/health',
      503,
      /no slot available/,
    ],
    ['whisper is well', undefined, '/whisper/9100001/health', 200, /^OK$/],
    [
      'whisper is busy',
      { event: 'model', program: 'whisper', state: 'busy', target },
      '/whisper/9100001/health',
      503,
      /^busy/,
    ],
    [
      'the object store has lost its quorum',
      { event: 'own-health', minio: 'unhealthy' },
      '/minio/minio/health/cluster',
      503,
      /^$/,
    ],
  ])('%s', async (_, event, path, status, body) => {
    const { url } = await setup(event)
    const response = await fetch(url + path)
    expect(response.status).toBe(status)
    expect(await response.text()).toMatch(body)
  })
})

describe('the status page', () => {
  test.each([
    ['template', /\$status/],
    ['operational', /"indicator":"none"/],
  ])('%s', async (statusPage, body) => {
    const { url } = await setup(undefined, { statusPage })
    expect(await (await fetch(`${url}/statuspage/api/v2/summary.json`)).text()).toMatch(body)
  })

  test('an incident shows in all three formats', async () => {
    const { url } = await setup({
      event: 'status-page',
      mode: 'incident',
      impact: 'critical',
      title: 'API errors',
    })
    const read = async (path: string) => (await fetch(url + path)).json()
    const summary = await read('/statuspage/api/v2/summary.json')
    expect(summary).toMatchObject({
      status: { indicator: 'critical' },
      incidents: [{ name: 'API errors', status: 'investigating' }],
    })
    expect((await read('/statuspage/api/v2/incidents/unresolved.json')).incidents).toHaveLength(1)
    expect((await read('/betterstack/index.json')).data.attributes.aggregate_state).toBe('downtime')
    expect((await read('/instatus/summary.json')).page.status).toBe('HASISSUES')
  })

  test('a page that is itself down closes the connection', async () => {
    const { url } = await setup({ event: 'status-page', mode: 'unreachable' })
    await expect(fetch(`${url}/statuspage/api/v2/summary.json`)).rejects.toThrow('fetch failed')
  })
})

describe('supervisord', () => {
  const auth = { authorization: `Basic ${Buffer.from('watchfloor:simulated').toString('base64')}` }
  async function rpc(
    { url }: Steered,
    method: string,
    args: readonly (string | number)[] = [],
  ): Promise<string> {
    const params = args
      .map(
        (arg) =>
          `<param><value>${typeof arg === 'number' ? `<int>${arg}</int>` : `<string>${arg}</string>`}</value></param>`,
      )
      .join('')
    const body = `<?xml version="1.0"?><methodCall><methodName>supervisor.${method}</methodName><params>${params}</params></methodCall>`
    const response = await fetch(`${url}/supervisor/9100001/RPC2`, { method: 'POST', headers: auth, body })
    expect(response.status).toBe(200)
    return response.text()
  }

  test('refuses a caller without credentials', async () => {
    const { url } = await setup()
    expect((await fetch(`${url}/supervisor/9100001/RPC2`, { method: 'POST' })).status).toBe(401)
  })

  test('tells of a worker that gave up, its last words, and starts it again', async () => {
    const world = await setup({ event: 'workers-stopped', state: 'FATAL', program: 'worker-gpu', target })
    expect(await rpc(world, 'getAllProcessInfo')).toContain('<string>FATAL</string>')
    expect(await rpc(world, 'tailProcessStdoutLog', ['worker-gpu', 0, 400])).toContain(
      'CUDA error: out of memory',
    )
    expect(await rpc(world, 'readProcessStderrLog', ['worker-gpu', -200, 0])).toContain('Traceback')
    expect(await rpc(world, 'startProcess', ['worker-gpu'])).toContain('<boolean>1</boolean>')
    expect(await rpc(world, 'getAllProcessInfo')).not.toContain('<string>FATAL</string>')
  })

  test.each([
    ['an unknown method', 'doMagic', [], '<int>1</int>'],
    ['an unknown program', 'stopProcess', ['other'], '<int>10</int>'],
    ['starting what runs', 'startProcess', ['llama'], '<int>60</int>'],
    ['no program at all', 'startProcess', [], '<int>2</int>'],
  ])('answers %s with a fault at 200', async (_, method, args, code) => {
    const answer = await rpc(await setup(), method, args)
    expect(answer).toContain('<fault>')
    expect(answer).toContain(code)
  })

  test('a wedged worker is RUNNING to supervisord', async () => {
    const world = await setup({ event: 'workers-wedged', target })
    expect((await rpc(world, 'getAllProcessInfo')).match(/<string>RUNNING<\/string>/g)).toHaveLength(3)
  })
})
