import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  at,
  list,
  makePlace,
  PATIENCE,
  type Place,
  parseReport,
  printReport,
  runAgent,
  startAgent,
  startSupervisord,
  stopEverything,
  supervisordPath,
  token,
} from './agent-run'
import { closeConsoles, openConsole } from './fake-console'

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))
vi.setConfig({ testTimeout: 2 * PATIENCE.timeout })
afterEach(async () => {
  stopEverything()
  await closeConsoles()
})

function smiPlace(url: string, mode: string): Place {
  const place = makePlace({ WATCHFLOOR_URL: url, WATCHFLOOR_TOKEN: token, GPU_COUNT: '2' })
  for (const name of ['query.csv', 'listing.xml'])
    place.file(`smi/${name}`, readFileSync(`${fixtures}/smi/rtx4090/${name}`, 'utf8'))
  if (mode) place.file('smi/mode', `${mode}\n`)
  Object.assign(place.env, { FAKE_SMI: join(place.dir, 'smi'), FAKE_SMI_CALLS: join(place.dir, 'calls') })
  return place
}
function started(place: Place): number[] {
  return readFileSync(join(place.dir, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ')[0]))
}
function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

describe('a hanging nvidia-smi', () => {
  test('is reported as hung after 5 s, with everything else, and leaves no process behind', async () => {
    const console = await openConsole()
    const place = smiPlace(console.url, 'hang')
    const agent = startAgent(place)
    const [first] = await console.received(1)
    const report = parseReport(first?.text ?? '')
    expect(report).toMatchObject({
      nvidiaSmi: { state: 'hung' },
      gpus: { unknown: 'source_unreachable' },
      gpuCount: { expected: 2, seen: { unknown: 'source_unreachable' } },
    })
    expect(at(report, 'memory', 'totalBytes')).toEqual(expect.any(Number))
    const deliveries = await console.received(2)
    const second = parseReport(deliveries[1]?.text ?? '')
    expect(at(second, 'nvidiaSmi', 'since')).toBe(at(report, 'nvidiaSmi', 'since'))
    expect(started(place).filter(isAlive).length).toBeLessThanOrEqual(1)

    rmSync(join(place.dir, 'smi/mode'))
    const later = await console.received(4)
    expect(parseReport(later[3]?.text ?? '')).toMatchObject({
      nvidiaSmi: { state: 'ok' },
      gpuCount: { seen: 2 },
    })
    await agent.stop()
    expect(started(place).filter(isAlive)).toEqual([])
  }, 40_000)

  test('that outlives its kill is not started a second time', async () => {
    const console = await openConsole()
    const place = smiPlace(console.url, '')
    // A process that the kernel won't kill can't be made on demand; a timeout(1) that never returns looks the
    // same to the agent: the probe outlives its deadline and holds its place.
    place.file(
      'bin/timeout',
      `#!/bin/bash
shift 2; limit=$1; shift
if [[ $1 == nvidia-smi ]]; then echo "$$ stuck" >>"$FAKE_SMI_CALLS"; exec sleep 1000; fi
exec /usr/bin/timeout -s KILL "$limit" "$@"
`,
    )
    spawnSync('chmod', ['755', join(place.dir, 'bin/timeout')])
    Object.assign(place.env, { PATH: `${place.dir}/bin:${place.env.PATH}` })
    const agent = startAgent(place)
    const deliveries = await console.received(4)
    const last = parseReport(deliveries[3]?.text ?? '')
    expect(last).toMatchObject({ nvidiaSmi: { state: 'hung' }, agent: { stuckProbes: ['nvidia-smi'] } })
    expect(started(place)).toHaveLength(1)
    await agent.stop()
    expect(started(place).filter(isAlive)).toEqual([])
  }, 40_000)
})

test('limits are read after the first report and only once per boot', async () => {
  const console = await openConsole()
  const place = smiPlace(console.url, '')
  const agent = startAgent(place)
  const deliveries = await console.received(4)
  await agent.stop()
  expect(at(JSON.parse(deliveries[0]?.text ?? ''), 'gpus', 0, 'limits')).toMatchObject({
    unknown: 'not_evaluated',
  })
  expect(at(JSON.parse(deliveries[1]?.text ?? ''), 'gpus', 0, 'limits')).toMatchObject({ regime: 'tlimit' })
  const again = startAgent(place)
  await console.received(6)
  await again.stop()
  const calls = readFileSync(join(place.dir, 'calls'), 'utf8')
  expect(calls.match(/-q -x/g)).toHaveLength(1)
  expect(calls.match(/--help-query-gpu/g)).toHaveLength(1)
})

test('a second agent on the same instance refuses to run, and a lock left by a crash does not hold', async () => {
  const console = await openConsole()
  const place = smiPlace(console.url, '')
  const first = startAgent(place)
  await console.received(1)
  const second = await runAgent(place, [])
  expect(second).toMatchObject({ code: 2, stderr: expect.stringMatching(/another agent is running/) })
  await first.stop('SIGKILL')
  const third = startAgent(place)
  await console.received(console.deliveries.length + 1)
  expect(await third.stop()).toMatchObject({ code: 0 })
  expect(existsSync(join(place.stateDir, 'lock'))).toBe(false)
})

test('TERM ends it at once, also while nvidia-smi hangs', async () => {
  const place = smiPlace((await openConsole()).url, 'hang')
  const agent = startAgent(place)
  await expect.poll(() => existsSync(join(place.dir, 'calls')), PATIENCE).toBe(true)
  // The probe hangs for a thousand seconds: an end before that is one that did not wait for it.
  expect(await agent.stop()).toMatchObject({ code: 0 })
  await expect.poll(() => started(place).filter(isAlive), PATIENCE).toEqual([])
})

test('a sample costs less than a twentieth of a 12 s interval and the agent stays below 16 MB', async () => {
  const console = await openConsole()
  const place = smiPlace(console.url, '')
  const agent = startAgent(place)
  await console.received(2)
  const cpuMs = (): number => {
    const fields = readFileSync(`/proc/${agent.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]) * 10, 0)
  }
  const before = cpuMs()
  const from = console.deliveries.length
  await console.received(from + 5)
  const perSample = (cpuMs() - before) / 5
  const rssKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))?.[1])
  const nice = readFileSync(`/proc/${agent.pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[16]
  await agent.stop()
  // On a machine that does nothing else it is below 100 ms; processors that are shared make it look dearer.
  expect(perSample).toBeLessThan(600)
  expect(rssKb).toBeLessThan(16 * 1024)
  expect(nice).toBe('19')
})

describe.skipIf(!supervisordPath)('a real supervisord (needs supervisor)', () => {
  async function withSupervisor(check: (place: Place) => Promise<void>): Promise<void> {
    const place = makePlace()
    const { socket, conf, status, stop } = startSupervisord(
      place,
      `[program:worker-gpu]
command=/bin/sleep 1000
startsecs=0
[program:worker-cpu]
command=/nonexistent/worker --password=hunter2hunter2
startretries=0
`,
    )
    Object.assign(place.env, { WATCHFLOOR_SUPERVISOR_SOCKET: socket, WATCHFLOOR_SUPERVISOR_CONF: conf })
    try {
      await expect.poll(status, PATIENCE).toMatch(/worker-cpu +FATAL[\s\S]*worker-gpu +RUNNING/)
      await check(place)
    } finally {
      await stop()
    }
  }
  // The agent gives a source a few seconds and says unknown after them: a loaded machine is asked again.
  async function reportWith(place: Place, via: string): Promise<Awaited<ReturnType<typeof printReport>>> {
    let report: Awaited<ReturnType<typeof printReport>> = {}
    await expect
      .poll(async () => {
        report = await printReport(place)
        return JSON.stringify(at(report, 'supervisor'))
      }, PATIENCE)
      .toContain(`"via":"${via}"`)
    return report
  }
  test('is read over its socket: one program runs, one has failed for good', () =>
    withSupervisor(async (place) => {
      const report = await reportWith(place, 'xmlrpc')
      expect(list(report, 'supervisor', 'processes')).toEqual([
        expect.objectContaining({
          name: 'worker-cpu',
          state: 'FATAL',
          pid: expect.objectContaining({ unknown: 'field_absent' }),
        }),
        expect.objectContaining({
          name: 'worker-gpu',
          group: 'worker-gpu',
          state: 'RUNNING',
          pid: expect.any(Number),
          uptimeS: expect.any(Number),
          startedAt: expect.stringMatching(/^20.*Z$/),
        }),
      ])
      expect(JSON.stringify(report)).not.toContain('hunter2')
    }))
  test('is read by supervisorctl when the socket is not to be had', () =>
    withSupervisor(async (place) => {
      Object.assign(place.env, { WATCHFLOOR_SUPERVISOR_SOCKET: join(place.dir, 'other.sock') })
      const report = await reportWith(place, 'supervisorctl')
      expect(list(report, 'supervisor', 'processes')).toEqual([
        expect.objectContaining({ name: 'worker-cpu', state: 'FATAL' }),
        expect.objectContaining({
          name: 'worker-gpu',
          state: 'RUNNING',
          pid: expect.any(Number),
          uptimeS: expect.any(Number),
        }),
      ])
    }))
})

test('--check says what it can and cannot see and fails when the console does not answer', async () => {
  const console = await openConsole()
  const place = smiPlace(console.url, '')
  const good = await runAgent(place, ['--check'])
  expect(good).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/GPUs +2 seen[\s\S]*console .*answers 202/),
  })
  expect(console.deliveries.map((delivery) => delivery.headers.authorization)).toEqual([undefined])
  await console.close()
  const bad = await runAgent(place, ['--check'])
  expect(bad).toMatchObject({ code: 1, stdout: expect.stringMatching(/no answer/) })
})
