import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  at,
  makePlace,
  PATIENCE,
  type Place,
  parseReport,
  type Report,
  runAgent,
  startAgent,
  startSupervisord,
  stopEverything,
  supervisordPath,
  token,
} from './agent-run'
import { accept, closeConsoles, type FakeConsole, openConsole } from './fake-console'

vi.setConfig({ testTimeout: 2 * PATIENCE.timeout })
afterEach(async () => {
  stopEverything()
  await closeConsoles()
})

const KEY = 'wfo_canary-Orders-Key-0123456789abcdefXYZabcdef'
const FILE = `KEY=${KEY}\nALLOW=status restart start evidence\nSERVICES=worker-gpu worker-cpu\n`

function placeFor(console: FakeConsole, orders = FILE): Place {
  const place = makePlace({ WATCHFLOOR_URL: console.url, WATCHFLOOR_TOKEN: token })
  const file = place.file('orders.conf', orders)
  chmodSync(file, 0o600)
  Object.assign(place.env, { WATCHFLOOR_ORDERS_FILE: file })
  return place
}

type Changes = {
  readonly seq?: number
  readonly instance?: string
  readonly kind?: string
  readonly name?: string
  readonly issued?: number
  readonly lifeS?: number
  readonly key?: string
}
const nowS = (): number => Math.floor(Date.now() / 1000)

function lineOf(changes: Changes = {}): { readonly id: string; readonly line: string } {
  const { seq = 1, instance = '7001234', kind = 'status', name = '-', issued = nowS(), lifeS = 120 } = changes
  const id = randomUUID()
  const text = `v=1 id=${id} seq=${seq} instance=${instance} kind=${kind} name=${name} nonce=${randomBytes(16).toString('hex')} issued=${issued} expires=${issued + lifeS}`
  const signature = createHmac('sha256', changes.key ?? KEY)
    .update(text)
    .digest('hex')
  return { id, line: `${text} sig=${signature}` }
}

/** Answers the next report with an order, and all others without. */
function give(console: FakeConsole, line: string): void {
  console.answer((response) => {
    console.answer(accept)
    response.writeHead(202, { 'Watchfloor-Order': line }).end('{}')
  })
}
function reports(console: FakeConsole): Report[] {
  return console.deliveries.map(({ text }) => parseReport(text))
}
/** Waits until a report carries the result of this order. */
async function resultOf(console: FakeConsole, id: string): Promise<Report> {
  let found: Report | undefined
  await expect
    .poll(() => {
      found = reports(console).find((report) => 'order' in report && at(report, 'order', 'id') === id)
      return found !== undefined
    }, PATIENCE)
    .toBe(true)
  const order = at(found ?? {}, 'order')
  if (order === null || typeof order !== 'object' || Array.isArray(order)) throw new Error('no result')
  return order
}

describe('without an orders file (ORD-02)', () => {
  test('nothing is told about orders, and an order is not even looked at', async () => {
    const console = await openConsole()
    const place = makePlace({ WATCHFLOOR_URL: console.url, WATCHFLOOR_TOKEN: token })
    give(console, lineOf().line)
    const agent = startAgent(place)
    await console.received(3)
    await agent.stop()
    expect(reports(console).filter((report) => 'orders' in report || 'order' in report)).toEqual([])
    expect(existsSync(join(place.stateDir, 'order-last'))).toBe(false)
  })
  test('one that others can read counts as none, and the agent says so', async () => {
    const console = await openConsole()
    const place = placeFor(console)
    chmodSync(join(place.dir, 'orders.conf'), 0o644)
    const agent = startAgent(place)
    await console.received(2)
    expect((await agent.stop()).stderr).toMatch(/orders are off: .*must belong to this user/)
    expect(reports(console).filter((report) => 'orders' in report)).toEqual([])
  })
  test('a single report tells nothing of orders and takes none', async () => {
    const console = await openConsole()
    const place = placeFor(console)
    give(console, lineOf().line)
    expect(await runAgent(place, ['--once'])).toMatchObject({ code: 0 })
    expect(reports(console)[0]).not.toHaveProperty('orders')
    expect(existsSync(join(place.stateDir, 'order-last'))).toBe(false)
  })
})

test('each report tells what the orders file allows and which order was taken last', async () => {
  const console = await openConsole()
  const agent = startAgent(placeFor(console))
  await console.received(1)
  await agent.stop()
  expect(at(reports(console)[0] ?? {}, 'orders')).toEqual({
    last: 0,
    allow: ['status', 'restart', 'start', 'evidence'],
    services: ['worker-gpu', 'worker-cpu'],
  })
})

describe('an order', () => {
  const REFUSED: [string, Changes, string][] = [
    ['that is over', { issued: nowS() - 500 }, 'expired by the clock of the instance'],
    ['from the future', { issued: nowS() + 5_000 }, 'expired by the clock of the instance'],
    ['that lives too long', { lifeS: 100_000 }, 'expired by the clock of the instance'],
    ['to restart what is not named', { kind: 'restart', name: 'sshd' }, 'not allowed by the orders file'],
    ['to restart everything', { kind: 'restart', name: '-' }, 'not allowed by the orders file'],
  ]
  test.each(REFUSED)('%s is refused, and the console is told why', async (_what, changes, why) => {
    const console = await openConsole()
    const { id, line } = lineOf(changes)
    give(console, line)
    const agent = startAgent(placeFor(console))
    expect(await resultOf(console, id)).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining(why),
      output: [],
    })
    await agent.stop()
  })
  test('of a kind that the file does not allow is refused', async () => {
    const console = await openConsole()
    const { id, line } = lineOf({ kind: 'restart', name: 'worker-gpu' })
    give(console, line)
    const agent = startAgent(placeFor(console, FILE.replace('restart ', '')))
    expect(await resultOf(console, id)).toMatchObject({ outcome: 'refused' })
    await agent.stop()
  })
  const FORGED: [string, string][] = [
    ['signed with another key', lineOf({ key: KEY.replace('canary', 'forged') }).line],
    ['for another instance', lineOf({ instance: '7009999' }).line],
    ['changed after it was signed', lineOf().line.replace('kind=status', 'kind=evidence')],
    ['without a signature', lineOf().line.replace(/ sig=.*/, '')],
    ['with a command in its name', lineOf({ kind: 'start', name: '$(touch pwned)' }).line],
    ['with an option for a name', lineOf({ kind: 'start', name: '--help' }).line],
    ['that is not one', 'rm -rf /'],
  ]
  test.each(FORGED)('%s is dropped: nothing is done, nothing noted', async (_what, line) => {
    const console = await openConsole()
    const place = placeFor(console)
    give(console, line)
    const agent = startAgent(place)
    await console.received(3)
    expect((await agent.stop()).stderr).toMatch(/an order was refused/)
    expect(reports(console).filter((report) => 'order' in report)).toEqual([])
    expect(at(reports(console)[2] ?? {}, 'orders', 'last')).toBe(0)
  })
  test('that comes twice is carried out once (ORD-04)', async () => {
    const console = await openConsole()
    const { id, line } = lineOf({ kind: 'evidence', seq: 7 })
    console.answer((response) => response.writeHead(202, { 'watchfloor-order': line }).end('{}'))
    const agent = startAgent(placeFor(console))
    await resultOf(console, id)
    const seen = console.deliveries.length
    await console.received(seen + 2)
    const { stderr } = await agent.stop()
    expect(stderr.match(/order 7: evidence/g)).toHaveLength(1)
    expect(stderr).toMatch(/an order was refused: it was taken before/)
    expect(reports(console).filter((report) => 'order' in report)).toHaveLength(1)
  })
  test('collects evidence, masked and bounded', async () => {
    const console = await openConsole()
    const place = placeFor(console)
    const lines = Array.from({ length: 30 }, (_, index) => `error ${index} password=hunter2hunter2`)
    place.file('worker.log', `${lines.join('\n')}\nerror with ${KEY}\n`)
    const { id, line } = lineOf({ kind: 'evidence' })
    give(console, line)
    const agent = startAgent(place)
    const result = await resultOf(console, id)
    await agent.stop()
    const output = JSON.stringify(result.output)
    expect(result).toMatchObject({ outcome: 'done', exitCode: 0 })
    expect(output).toContain('== file systems')
    expect(output).toContain('error 29')
    expect(output).not.toMatch(/hunter2|canary-Orders/)
  })
})

describe.skipIf(!supervisordPath)('with a real supervisord (needs supervisor)', () => {
  async function withSupervisor(check: (place: Place, console: FakeConsole) => Promise<void>): Promise<void> {
    const console = await openConsole()
    const place = placeFor(console)
    const supervisord = startSupervisord(
      place,
      `[program:worker-gpu]
command=/bin/sleep 1000
startsecs=0
autostart=false
[program:worker-cpu]
command=/nonexistent/worker
autostart=false
startretries=0
`,
    )
    Object.assign(place.env, {
      WATCHFLOOR_SUPERVISOR_CONF: supervisord.conf,
      WATCHFLOOR_SUPERVISOR_SOCKET: supervisord.socket,
    })
    try {
      await expect.poll(supervisord.status, PATIENCE).toMatch(/worker-gpu +STOPPED/)
      await check(place, console)
    } finally {
      await supervisord.stop()
    }
  }

  test('a stopped worker is started, and the next report says so', () =>
    withSupervisor(async (place, console) => {
      const { id, line } = lineOf({ kind: 'start', name: 'worker-gpu' })
      give(console, line)
      const agent = startAgent(place)
      expect(await resultOf(console, id)).toMatchObject({
        outcome: 'done',
        exitCode: 0,
        truncated: false,
        output: [
          expect.stringContaining('worker-gpu: started'),
          expect.stringMatching(/worker-gpu +RUNNING/),
        ],
      })
      await agent.stop()
      expect(existsSync(join(place.stateDir, 'order-result'))).toBe(false)
      expect(readFileSync(join(place.stateDir, 'order-last'), 'utf8')).toBe('1\n')
    }))
  test('a worker that can not be started is told as failed', () =>
    withSupervisor(async (place, console) => {
      const { id, line } = lineOf({ kind: 'start', name: 'worker-cpu' })
      give(console, line)
      const agent = startAgent(place)
      expect(await resultOf(console, id)).toMatchObject({ outcome: 'failed', exitCode: expect.any(Number) })
      await agent.stop()
    }))
  test('a status of what does not run is an answer, not a failure', () =>
    withSupervisor(async (place, console) => {
      const { id, line } = lineOf({ kind: 'status' })
      give(console, line)
      const agent = startAgent(place)
      expect(await resultOf(console, id)).toMatchObject({ outcome: 'done', exitCode: 0 })
      await agent.stop()
    }))
  test('an agent that was killed while it carried one out says interrupted, and does not do it again', () =>
    withSupervisor(async (place, console) => {
      const { id, line } = lineOf({ kind: 'restart', name: 'worker-gpu' })
      place.file('bin/supervisorctl', '#!/bin/bash\necho here >>"$PLACE/began"\nexec sleep 1000\n')
      chmodSync(join(place.dir, 'bin/supervisorctl'), 0o755)
      Object.assign(place.env, { PATH: `${place.dir}/bin:${place.env.PATH}`, PLACE: place.dir })
      give(console, line)
      const agent = startAgent(place)
      await expect.poll(() => existsSync(join(place.dir, 'began')), PATIENCE).toBe(true)
      await agent.stop('SIGKILL')
      const again = startAgent(place)
      expect(await resultOf(console, id)).toMatchObject({ outcome: 'interrupted' })
      give(console, line)
      await console.received(console.deliveries.length + 2)
      expect((await again.stop()).stderr).toMatch(/it was taken before/)
      expect(readFileSync(join(place.dir, 'began'), 'utf8')).toBe('here\n')
    }))
})

test('the key of the orders file never stands in a process list', async () => {
  const console = await openConsole()
  const place = placeFor(console)
  writeFileSync(join(place.dir, 'ps'), '')
  place.file(
    'bin/sha256sum',
    '#!/bin/bash\ncat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " " >>"$PLACE/ps"\nexec /usr/bin/sha256sum "$@"\n',
  )
  chmodSync(join(place.dir, 'bin/sha256sum'), 0o755)
  Object.assign(place.env, { PATH: `${place.dir}/bin:${place.env.PATH}`, PLACE: place.dir })
  const { id, line } = lineOf({ kind: 'evidence' })
  give(console, line)
  const agent = startAgent(place)
  expect(await resultOf(console, id)).toMatchObject({ outcome: 'done' })
  await agent.stop()
  const seen = readFileSync(join(place.dir, 'ps'), 'utf8')
  expect(seen).toContain('sha256sum')
  expect(seen).not.toContain('canary-Orders')
})
