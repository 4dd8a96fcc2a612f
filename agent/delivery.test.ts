import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  agentFile,
  at,
  makePlace,
  PATIENCE,
  type Place,
  parseReport,
  runAgent,
  startAgent,
  stopEverything,
  token,
} from './agent-run'
import { accept, closeConsoles, type Delivery, openConsole } from './fake-console'

vi.setConfig({ testTimeout: 2 * PATIENCE.timeout })
afterEach(async () => {
  stopEverything()
  await closeConsoles()
})

function placeFor(url: string, env: Record<string, string> = {}): Place {
  return makePlace({ WATCHFLOOR_URL: url, WATCHFLOOR_TOKEN: token, ...env })
}
function sequences(deliveries: readonly Delivery[]): number[] {
  return deliveries.map((delivery) => Number(at(JSON.parse(delivery.text), 'sequence')))
}
function seedBuffer(place: Place, count: number): void {
  mkdirSync(join(place.stateDir, 'buffer'), { recursive: true, mode: 0o700 })
  for (let sequence = 1; sequence <= count; sequence++) {
    const name = `${String(sequence).padStart(15, '0')}.part`
    writeFileSync(join(place.stateDir, 'buffer', name), `"sequence":${sequence}}`)
  }
}
/** A port that was free a moment ago, so that connections to it are refused. */
async function freePort(): Promise<number> {
  const console = await openConsole()
  await console.close()
  return console.port
}

test('reports go out with the token in the header, in order, each with a valid body', async () => {
  const console = await openConsole()
  const agent = startAgent(placeFor(console.url))
  const deliveries = await console.received(3)
  await agent.stop()
  for (const delivery of deliveries) {
    expect(delivery).toMatchObject({ method: 'POST', path: '/api/agent/report' })
    expect(delivery.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    })
    expect(parseReport(delivery.text).delivery).toEqual({
      buffered: false,
      backlog: 0,
      dropped: 0,
      rejected: 0,
    })
  }
  expect(sequences(deliveries)).toEqual([1, 2, 3])
  expect(new Set(deliveries.map((delivery) => at(JSON.parse(delivery.text), 'runId'))).size).toBe(1)
})

test('while the console is away reports wait on disk and arrive in order when it is back', async () => {
  const port = await freePort()
  const place = placeFor(`http://127.0.0.1:${port}`)
  const agent = startAgent(place)
  await expect
    .poll(() => existsSync(join(place.stateDir, 'buffer', '000000000000003.part')), PATIENCE)
    .toBe(true)
  const console = await openConsole({ port })
  const deliveries = await console.received(5)
  await agent.stop()
  expect(sequences(deliveries)).toEqual([1, 2, 3, 4, 5])
  const first = JSON.parse(deliveries[0]?.text ?? '')
  expect(first.delivery.buffered).toBe(true)
  expect(first.delivery.backlog).toBeGreaterThanOrEqual(2)
  expect(Date.parse(first.sentAt) - Date.parse(first.sampledAt)).toBeGreaterThan(1000)
  const [whileAway, after] = agent.said().split('takes reports again')
  expect(whileAway?.match(/no answer from the console/g)).toHaveLength(1)
  expect(after).toBeDefined()
}, 40_000)

test('a 503 in the middle of a flush keeps the failed report first in line', async () => {
  const console = await openConsole()
  let calls = 0
  console.answer((response) => {
    calls += 1
    if (calls === 2) response.writeHead(503).end()
    else accept(response)
  })
  const place = placeFor(console.url)
  seedBuffer(place, 3)
  const agent = startAgent(place)
  const deliveries = await console.received(6)
  await agent.stop()
  expect(sequences(deliveries).slice(0, 5)).toEqual([1, 2, 2, 3, 4])
}, 30_000)

test('the buffer holds twenty reports and drops the oldest', async () => {
  const place = placeFor(`http://127.0.0.1:${await freePort()}`)
  seedBuffer(place, 25)
  const agent = startAgent(place)
  await expect.poll(() => agent.said(), PATIENCE).toMatch(/no answer/)
  await agent.stop()
  const names = readdirSync(join(place.stateDir, 'buffer')).sort()
  expect(names.length).toBe(20)
  expect(Number(names[19]?.slice(0, 15))).toBeGreaterThanOrEqual(26)
})

test('429 is obeyed: nothing is sent before Retry-After is over', async () => {
  const console = await openConsole()
  const times: number[] = []
  console.answer((response) => {
    times.push(performance.now())
    if (times.length === 1) response.writeHead(429, { 'retry-after': '4' }).end()
    else accept(response)
  })
  const agent = startAgent(placeFor(console.url))
  await console.received(2)
  await agent.stop()
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(3900)
}, 30_000)

test.each([401, 403])('a %i is said once, and the agent keeps sampling without knocking', async (status) => {
  const console = await openConsole({ answer: (response) => response.writeHead(status).end() })
  const place = placeFor(console.url)
  const agent = startAgent(place)
  await expect.poll(() => readdirSync(join(place.stateDir, 'buffer')).length, PATIENCE).toBe(4)
  await agent.stop()
  expect(console.deliveries).toHaveLength(1)
  expect(agent.said().match(/does not accept/g)).toHaveLength(1)
})

test('a report that the console calls invalid is dropped, counted and does not block the next', async () => {
  const console = await openConsole()
  console.answer((response) =>
    console.deliveries.length === 1 ? response.writeHead(422).end() : accept(response),
  )
  const agent = startAgent(placeFor(console.url))
  const deliveries = await console.received(2)
  await agent.stop()
  expect(sequences(deliveries)).toEqual([1, 2])
  expect(at(JSON.parse(deliveries[1]?.text ?? ''), 'delivery', 'rejected')).toBe(1)
})

test('a redirect is not followed, so the token stays with the console', async () => {
  const elsewhere = await openConsole()
  const console = await openConsole({
    answer: (response) => response.writeHead(302, { location: `${elsewhere.url}/api/agent/report` }).end(),
  })
  const done = await runAgent(placeFor(console.url), ['--once'])
  expect(done.code).toBe(1)
  expect(done.stderr).toMatch(/answers 302/)
  expect(elsewhere.deliveries).toHaveLength(0)
})

test('a restarted agent goes on counting and first delivers what the last one left', async () => {
  const place = placeFor(`http://127.0.0.1:${await freePort()}`)
  const first = startAgent(place)
  await expect.poll(() => first.said(), PATIENCE).toMatch(/no answer/)
  await first.stop('SIGKILL')
  const console = await openConsole()
  Object.assign(place.env, { WATCHFLOOR_URL: console.url })
  const second = startAgent(place)
  const runs = (): unknown[] => console.deliveries.map(({ text }) => at(JSON.parse(text), 'runId'))
  // How many reports the first one left depends on when it was stopped.
  await expect.poll(() => new Set(runs()).size, PATIENCE).toBe(2)
  await second.stop()
  expect(sequences(console.deliveries)).toEqual(console.deliveries.map((_, index) => index + 1))
  const left = runs().filter((run) => run === runs()[0])
  expect(runs().slice(0, left.length)).toEqual(left)
})

describe('with what the image has', () => {
  const basics =
    'awk bash cat chmod date df du env grep head mawk mkdir mv nice nproc rm sed sleep sort stat tail timeout tr uname'
  function toolbox(place: Place, ...extra: string[]): void {
    const bin = join(place.dir, 'bin')
    mkdirSync(bin)
    for (const tool of [...basics.split(' '), ...extra]) {
      const path = execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim()
      symlinkSync(path, join(bin, tool))
    }
    Object.assign(place.env, { PATH: bin })
  }
  test.each([
    { extra: ['curl'], transport: 'curl' },
    { extra: ['wget'], transport: 'wget' },
    { extra: [], transport: 'devtcp' },
  ])('http by $transport', async ({ extra, transport }) => {
    const console = await openConsole()
    const place = placeFor(console.url)
    toolbox(place, ...extra)
    const done = await runAgent(place, ['--once'])
    expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/delivered/) })
    const [delivery] = console.deliveries
    expect(delivery?.headers.authorization).toBe(`Bearer ${token}`)
    expect(at(parseReport(delivery?.text ?? ''), 'agent', 'transport')).toBe(transport)
    expect(done.stderr.split('\n').filter(Boolean)).toHaveLength(1)
  })
  test.each([
    { extra: ['curl'], transport: 'curl' },
    { extra: ['wget'], transport: 'wget' },
    { extra: ['openssl'], transport: 'openssl' },
  ])('https by $transport, and not to a certificate that it cannot check', async ({ extra, transport }) => {
    const place = placeFor('')
    const key = join(place.dir, 'key.pem')
    const cert = join(place.dir, 'cert.pem')
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2',
        ],
        ...['-subj', '/CN=console', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
      ],
      { stdio: 'ignore' },
    )
    const console = await openConsole({
      tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') },
    })
    toolbox(place, ...extra)
    Object.assign(place.env, { WATCHFLOOR_URL: console.url })

    const refused = await runAgent(place, ['--once'])
    expect(refused.code).toBe(1)
    expect(console.deliveries).toHaveLength(0)

    const done = await runAgent(place, ['--once', '--ca-file', cert])
    expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/delivered/) })
    expect(at(parseReport(console.deliveries[0]?.text ?? ''), 'agent', 'transport')).toBe(transport)
  })
  test('when nothing can speak https it says so', async () => {
    const place = placeFor('https://127.0.0.1:9')
    toolbox(place)
    const done = await runAgent(place, ['--once'])
    expect(done.code).toBe(2)
    expect(done.stderr).toMatch(/nothing here can speak https: install curl/)
  })
  test('a token is not sent in clear text beyond loopback', async () => {
    const done = await runAgent(placeFor('http://console.example'), ['--once'])
    expect(done.code).toBe(2)
    expect(done.stderr).toMatch(/clear text/)
  })
  test('a missing tool is named', async () => {
    const place = placeFor('http://127.0.0.1:9')
    Object.assign(place.env, { PATH: join(place.dir, 'empty') })
    const done = await runAgent(place, ['--once'], agentFile)
    expect(done).toMatchObject({ code: 2, stderr: expect.stringMatching(/awk is needed and not here/) })
  })
})
