import { afterAll, describe, expect, test } from 'vitest'
import { KEY, type Steered, smallScenario, startWorld } from './testing'

const worlds: Steered[] = []
afterAll(() => Promise.all(worlds.map(({ simulator }) => simulator.close())))

async function setup(fault: Record<string, unknown>): Promise<Steered> {
  const timeline = [{ at: '10s', until: '5m', event: 'source-fault', source: 'vast', ...fault }]
  const started = await startWorld(smallScenario({ timeline }))
  worlds.push(started)
  started.at(60_000)
  return started
}

const PATH = '/vast/api/v1/instances/?limit=2'

describe('every fault shows on the wire and ends with its window', () => {
  test.each([
    ['unauthorized', 401, /Invalid user key/],
    ['forbidden', 403, /Not authorized/],
    ['rate-limited', 429, /^API requests too frequent$/],
    ['server-error', 500, /Internal Server Error/],
    ['html', 200, /^<!doctype html>/],
    ['wrong-types', 200, /"instances_found":"about 2"/],
    ['nulls', 200, /"instances_found":null/],
  ])('%s', async (fault, status, body) => {
    const { url, at } = await setup({ fault })
    const response = await fetch(url + PATH, KEY)
    expect(response.status).toBe(status)
    expect(await response.text()).toMatch(body)
    at(301_000)
    const after = await (await fetch(url + PATH, KEY)).json()
    expect(after.instances_found).toBe(2)
  })

  test('refused closes the connection', async () => {
    const { url } = await setup({ fault: 'refused' })
    await expect(fetch(url + PATH, KEY)).rejects.toThrow('fetch failed')
  })

  test('blackhole never answers', async () => {
    const { url } = await setup({ fault: 'blackhole' })
    await expect(fetch(url + PATH, { ...KEY, signal: AbortSignal.timeout(300) })).rejects.toThrow(/timeout/)
  })

  test('slow answers late but rightly', async () => {
    const { url } = await setup({ fault: 'slow', ms: 250 })
    const before = performance.now()
    expect((await (await fetch(url + PATH, KEY)).json()).instances_found).toBe(2)
    expect(performance.now() - before).toBeGreaterThan(240)
  })

  test('truncated breaks off in the middle of the body', async () => {
    const { url } = await setup({ fault: 'truncated' })
    const response = await fetch(url + PATH, KEY)
    await expect(response.text()).rejects.toThrow()
  })

  test('stale repeats the answer of the moment the fault began', async () => {
    const { url, at } = await setup({ fault: 'stale' })
    at(10_000)
    const first = await (await fetch(url + PATH, KEY)).text()
    at(200_000)
    expect(await (await fetch(url + PATH, KEY)).text()).toBe(first)
    at(301_000)
    expect(await (await fetch(url + PATH, KEY)).text()).not.toBe(first)
  })

  test('huge sends 200 MB and survives a reader that leaves', async () => {
    const { url } = await setup({ fault: 'huge' })
    const response = await fetch(url + PATH, KEY)
    const reader = response.body?.getReader()
    let read = 0
    while (read < 8 * 1024 * 1024) read += (await reader?.read())?.value?.length ?? Number.POSITIVE_INFINITY
    await reader?.cancel()
    expect((await fetch(`${url}/control/clock`)).status).toBe(200)
  })

  test('a share of the requests is met, the rest is served', async () => {
    const { url, at } = await setup({ fault: 'server-error', status: 503, share: 0.5 })
    const seen: number[] = []
    for (let turn = 0; turn < 60; turn += 1) {
      at(60_000 + turn * 1000)
      seen.push((await fetch(url + PATH, KEY)).status)
    }
    const failed = seen.filter((status) => status === 503).length
    expect(failed).toBeGreaterThan(15)
    expect(failed).toBeLessThan(45)
  })

  test('a path narrows the fault', async () => {
    const { url } = await setup({ fault: 'server-error', path: '/api/v0/users' })
    expect((await fetch(url + PATH, KEY)).status).toBe(200)
    expect((await fetch(`${url}/vast/api/v0/users/current/`, KEY)).status).toBe(500)
  })
})

describe('control', () => {
  test('an injected fragment takes effect now', async () => {
    const { url } = await setup({ fault: 'html' })
    const timeline = [{ at: '0s', event: 'own-health', database: 'unhealthy' }]
    const answer = await fetch(`${url}/control/inject`, {
      method: 'POST',
      body: JSON.stringify({ timeline }),
    })
    expect(await answer.json()).toMatchObject({ at: 60_000, effects: 1 })
    const health = await fetch(`${url}/integration/health`)
    expect([health.status, (await health.json()).services.database.status]).toEqual([503, 'unhealthy'])
  })

  test('a bad fragment is refused with its reason', async () => {
    const { url } = await setup({ fault: 'html' })
    const body = JSON.stringify({ timeline: [{ at: '0s', event: 'own-health', memry: 3 }] })
    const answer = await fetch(`${url}/control/inject`, { method: 'POST', body })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(await answer.json())).toContain('memry')
  })

  test('another scenario takes over at the present instant, a broken one changes nothing', async () => {
    const { url, at } = await setup({ fault: 'html' })
    const post = (yaml: string): Promise<Response> =>
      fetch(`${url}/control/scenario`, { method: 'POST', body: JSON.stringify({ yaml }) })
    const yaml =
      'id: other\ntitle: Other\nworld: { gpus: 3, instances: 1, queues: { count: 2 } }\ntimeline:\n  - { at: 30s, event: access-blocked }\n'
    const broken = await post(`${yaml}colour: red\n`)
    expect([broken.status, (await broken.json()).issues[0].line]).toEqual([400, 6])
    expect((await (await fetch(`${url}/control/scenario`)).json()).id).toBe('small')
    expect((await (await post(yaml)).json()).world.queues).toHaveLength(2)
    const before = await (await fetch(`${url}/control/clock`)).json()
    expect([before.offsetMs, before.now]).toEqual([0, '2026-11-21T09:01:00.000Z'])
    expect((await fetch(url + PATH, KEY)).status).toBe(200)
    at(91_000)
    expect((await fetch(`${url}/vast/api/v0/users/current/`, KEY)).status).toBe(403)
  })

  test('a mutation is visible at its own instant in every source', async () => {
    const { url, simulator } = await setup({ fault: 'html', path: '/nowhere' })
    const read = async (): Promise<string> =>
      (await fetch(`${url}/prometheus/api/v1/query?query=DCGM_FI_DEV_FB_USED`)).text()
    const before = await read()
    simulator.running().clock.jump(1000)
    const { changed } = await (
      await fetch(`${url}/control/mutate`, { method: 'POST', body: '{"gpus":3}' })
    ).json()
    expect(changed).toHaveLength(3)
    const rows = (text: string): Map<string, string> =>
      new Map(
        JSON.parse(text).data.result.map((row: { metric: { UUID: string }; value: [number, string] }) => [
          row.metric.UUID,
          row.value[1],
        ]),
      )
    const [old, now] = [rows(before), rows(await read())]
    expect(
      [...now]
        .filter(([uuid, value]) => old.get(uuid) !== value)
        .map(([uuid]) => uuid)
        .sort(),
    ).toEqual([...changed].sort())
  })
})
