import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallScenario, startWorld } from '../../../simulator/testing'
import { systemClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import { ended, freePort, hasProgram, readyLine } from '../../sources/testing/programs'
import type { Plan, Planned } from '../executor'
import { SUPERVISOR_SETTLE_MS, supervisorExecutors, supervisorReads } from './supervisor'

const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: systemClock })
afterAll(() => http.close())

const RUN = 'run-0000-0001'
const PROGRAMS = ['worker-gpu', 'worker-cpu', 'llama']

function planOf(planned: Planned): Plan {
  if (planned.kind !== 'plan') throw new Error(JSON.stringify(planned))
  return planned.plan
}

function kitFor(url: string, password = 'floor-password-1', user = 'watch') {
  return {
    targets: { '7001234': { url, user, password } },
    programs: PROGRAMS,
    http,
    clock: systemClock,
  }
}
const named = (program: string) => ({ instance: '7001234', program })
const at = (sentAt: Date, laterMs = 0) => ({ sentAt, now: new Date(sentAt.getTime() + laterMs) })

describe('parameters', () => {
  const { start: executor } = supervisorExecutors(kitFor('http://127.0.0.1:1'))
  it.each([
    ['an instance that is not connected', { instance: '1', program: 'worker-gpu' }],
    ['a property of every object for an instance', { instance: 'constructor', program: 'worker-gpu' }],
    ['a program that is not on the list', named('sshd')],
    ['an option', named('--all')],
    ['a group of all', named('worker-gpu:*')],
    ['one thing more', { ...named('worker-gpu'), wait: true }],
    ['nothing', undefined],
  ])('refuse %s before anything is asked', (_what, params) => {
    expect(executor.parse(params)).toMatchObject({ ok: false })
  })
})

it('a supervisord that nothing listens for refuses the plan, and an outcome stays unknown until a look succeeds', async () => {
  const { start: executor } = supervisorExecutors(kitFor(`http://127.0.0.1:${await freePort()}`))
  expect(await executor.plan(named('worker-gpu'), { runId: RUN })).toMatchObject({
    kind: 'refused',
    why: 'unreachable',
  })
  const plan: Plan = {
    executor: 'supervisor.start',
    runId: RUN,
    subject: 'instance/7001234',
    params: named('worker-gpu'),
    command: '',
    expects: { start: 0, pid: 0 },
    steps: [],
    before: {},
    effect: '',
  }
  expect(await executor.probe(plan, at(new Date(0), 60_000))).toMatchObject({ kind: 'unknown' })
})

const CONFIG = (port: number, folder: string): string => `
[supervisord]
nodaemon=true
logfile=${folder}/supervisord.log
pidfile=${folder}/supervisord.pid
[inet_http_server]
port=127.0.0.1:${port}
username=watch
password=floor-password-1
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[program:worker-gpu]
command=sh -c "echo it works password=hunter2hunter2; exec sleep 600"
autostart=false
startsecs=0
stdout_logfile=${folder}/worker-gpu.log
[program:worker-cpu]
command=/nowhere/that/exists
autostart=false
startretries=0
[program:llama]
command=sh -c "exit 3"
autostart=false
autorestart=false
startretries=0
startsecs=1
`

describe.runIf(hasProgram('supervisord'))('against a real supervisord (needs supervisor)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-start-'))
  let child: ReturnType<typeof spawn>
  let url = ''
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    writeFileSync(join(folder, 'supervisord.conf'), CONFIG(port, folder))
    child = spawn('supervisord', ['-n', '-c', join(folder, 'supervisord.conf')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    await readyLine(child, /supervisord started with pid/)
  })
  afterAll(async () => {
    await ended(child)
    rmSync(folder, { recursive: true, force: true })
  })

  it('a stopped program is started once: the plan, the dry run, the start, the look, and the same run again', async () => {
    const { start: executor } = supervisorExecutors(kitFor(url))
    const plan = planOf(await executor.plan(named('worker-gpu'), { runId: RUN }))
    expect(plan).toMatchObject({
      subject: 'instance/7001234',
      command: 'supervisorctl start worker-gpu',
      before: { state: 'STOPPED' },
      steps: [{ method: 'POST', path: '/RPC2', contentType: 'text/xml' }],
    })
    expect(JSON.stringify(plan)).not.toContain('floor-password-1')
    const sentAt = new Date()
    expect(await executor.dryRun(plan, {})).toMatchObject({ kind: 'would-do' })
    expect(await executor.probe(plan, at(sentAt))).toMatchObject({ kind: 'unknown' })
    expect(await executor.probe(plan, at(sentAt, SUPERVISOR_SETTLE_MS))).toMatchObject({
      kind: 'not-applied',
    })
    expect(await executor.execute(plan, {})).toMatchObject({ kind: 'done' })
    expect(await executor.probe(plan, at(sentAt))).toMatchObject({ kind: 'applied', effect: 'reached' })
    expect(await executor.execute(plan, {})).toMatchObject({ kind: 'already' })
    expect(await executor.dryRun(plan, {})).toMatchObject({ kind: 'refused', why: 'changed-meanwhile' })
    expect(await executor.plan(named('worker-gpu'), { runId: 'run-0000-0002' })).toMatchObject({
      kind: 'refused',
      why: 'not-needed',
    })
  })

  it('the tail of its output comes back with secrets masked', async () => {
    const reads = supervisorReads(kitFor(url))
    const parsed = reads.parse.tail(named('worker-gpu'))
    if (!parsed.ok) throw new Error('refused')
    await expect
      .poll(async () => JSON.stringify(await reads.tail(parsed.params)), { timeout: 20_000 })
      .toContain('it works')
    expect(JSON.stringify(await reads.tail(parsed.params))).not.toContain('hunter2')
    expect(await reads.program(named('worker-gpu'))).toMatchObject({ kind: 'program', state: 'RUNNING' })
    expect(await reads.status({ instance: '7001234' })).toMatchObject({
      programs: expect.arrayContaining([expect.objectContaining({ name: 'worker-gpu', state: 'RUNNING' })]),
    })
  })

  it('a running program is restarted once: another process, and the same run again does nothing', async () => {
    const { restart } = supervisorExecutors(kitFor(url))
    const plan = planOf(await restart.plan(named('worker-gpu'), { runId: RUN }))
    expect(plan.steps).toHaveLength(2)
    expect(await restart.evidence?.(plan)).toMatchObject([
      { name: '7001234: supervised programs', text: expect.stringContaining('RUNNING') },
      { name: '7001234: log of worker-gpu', text: expect.stringContaining('it works') },
    ])
    const sentAt = new Date()
    expect(await restart.probe(plan, at(sentAt, SUPERVISOR_SETTLE_MS))).toMatchObject({ kind: 'not-applied' })
    expect(await restart.execute(plan, {})).toMatchObject({ kind: 'done' })
    expect(await restart.probe(plan, at(sentAt))).toMatchObject({ kind: 'applied', effect: 'reached' })
    expect(await restart.execute(plan, {})).toMatchObject({ kind: 'already' })
  })

  it('a restart that was cut off after the stop is found as failed, and says what to do', async () => {
    const { restart } = supervisorExecutors(kitFor(url))
    const plan = planOf(await restart.plan(named('worker-gpu'), { runId: RUN }))
    const [stop] = plan.steps
    if (!stop) throw new Error('no step')
    expect(await restart.execute({ ...plan, steps: [stop] }, {})).toMatchObject({ kind: 'done' })
    expect(await restart.probe(plan, at(new Date()))).toMatchObject({ kind: 'unknown' })
    expect(await restart.probe(plan, at(new Date(), SUPERVISOR_SETTLE_MS))).toMatchObject({
      kind: 'applied',
      effect: 'failed',
      detail: expect.stringContaining('start it'),
    })
    const again = planOf(await restart.plan(named('worker-gpu'), { runId: 'run-0000-0003' }))
    expect(again.steps).toHaveLength(1)
    expect(await restart.execute(again, {})).toMatchObject({ kind: 'done' })
  })

  it('a program whose file is missing is refused by supervisord itself', async () => {
    const { start: executor } = supervisorExecutors(kitFor(url))
    const plan = planOf(await executor.plan(named('worker-cpu'), { runId: RUN }))
    expect(await executor.execute(plan, {})).toMatchObject({ kind: 'refused', why: 'not-possible' })
  })

  it('a program that ends at once was started and failed', async () => {
    const { start: executor } = supervisorExecutors(kitFor(url))
    const plan = planOf(await executor.plan(named('llama'), { runId: RUN }))
    expect(await executor.execute(plan, {})).toMatchObject({ kind: 'done' })
    await expect
      .poll(async () => executor.probe(plan, at(new Date())), { timeout: 20_000 })
      .toMatchObject({ kind: 'applied', effect: 'failed' })
  })

  it('a wrong password is refused and shows nowhere', async () => {
    const answer = await supervisorExecutors(kitFor(url, 'wrong-password-1')).start.plan(named('llama'), {
      runId: RUN,
    })
    expect(answer).toMatchObject({ kind: 'refused', why: 'forbidden' })
    expect(JSON.stringify(answer)).not.toContain('wrong-password-1')
  })
})

it('the simulated world starts what it stopped', async () => {
  const stopped = { event: 'workers-stopped', at: '0s', program: 'worker-gpu', state: 'FATAL' }
  const world = await startWorld(smallScenario({ timeline: [stopped] }))
  try {
    const instances = (await (await fetch(`${world.url}/control/instances`)).json()) as { id: number }[]
    const id = String(instances[0]?.id)
    const url = `${world.url}/supervisor/${id}/RPC2`
    const { start: executor } = supervisorExecutors({
      targets: { [id]: { url, user: 'watchfloor', password: 'simulated' } },
      programs: PROGRAMS,
      http,
      clock: systemClock,
    })
    world.at(5_000)
    const plan = planOf(await executor.plan({ instance: id, program: 'worker-gpu' }, { runId: RUN }))
    expect(plan.before).toMatchObject({ state: 'FATAL' })
    world.at(10_000)
    expect(await executor.execute(plan, {})).toMatchObject({ kind: 'done' })
    world.at(30_000)
    expect(await executor.probe(plan, at(new Date()))).toMatchObject({ kind: 'applied', effect: 'reached' })
    expect(await executor.execute(plan, {})).toMatchObject({ kind: 'already' })
  } finally {
    await world.simulator.close()
  }
})
