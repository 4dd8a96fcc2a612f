import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import { type LocalServer, plain, startLocalServer } from '../../platform/testing/local-server'
import { ended, freePort, hasProgram, readyLine } from '../testing/programs'
import { createSupervisor } from './supervisor'
import type { SupervisorProcess } from './types'
import { decodeReply } from './xmlrpc'

const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: systemClock })
afterAll(() => http.close())

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
command=sleep 600
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
[program:worker-cpu]
command=/nowhere/that/exists
startretries=0
startsecs=1
[program:llama]
command=sleep 600
autostart=false
[program:once]
command=sh -c "exit 3"
startsecs=0
autorestart=false
`

describe.runIf(hasProgram('supervisord'))('against a real supervisord (needs supervisor)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-supervisor-'))
  let child: ReturnType<typeof spawn>
  let url = ''
  const adapter = (password = 'floor-password-1') =>
    createSupervisor({ http, clock: systemClock, url, user: 'watch', password })

  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    writeFileSync(join(folder, 'supervisord.conf'), CONFIG(port, folder))
    child = spawn('supervisord', ['-n', '-c', join(folder, 'supervisord.conf')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    await readyLine(child, /worker-cpu entered FATAL state/)
  })
  afterAll(async () => {
    await ended(child)
    rmSync(folder, { recursive: true, force: true })
  })

  it('reads every program with its state', async () => {
    const answer = await adapter().processes()
    if (!answer.ok) throw new Error(answer.detail)
    const found = new Map(answer.value.map((one): [string, SupervisorProcess] => [one.name, one]))
    expect(answer.drift).toEqual([])
    expect(found.get('worker-gpu')).toMatchObject({ state: 'RUNNING', group: 'worker-gpu' })
    expect(found.get('worker-gpu')?.pid).toBeGreaterThan(0)
    expect(found.get('worker-gpu')?.uptimeSeconds).toBeGreaterThanOrEqual(0)
    expect(found.get('worker-cpu')?.state).toBe('FATAL')
    expect(found.get('llama')).toMatchObject({ state: 'STOPPED' })
    expect(found.get('llama')).not.toHaveProperty('startedAt')
    expect(found.get('once')).toMatchObject({ state: 'EXITED', exitStatus: 3 })
  })

  it('reads the daemon’s own state and says it in "test now"', async () => {
    expect(await adapter().state()).toMatchObject({ ok: true, value: { code: 1, name: 'RUNNING' } })
    expect(await adapter().test()).toMatchObject({ ok: true, sentence: 'supervisord runs 1 of 4 programs.' })
  })

  it('is refused with a wrong password, and the password shows nowhere', async () => {
    const answer = await adapter('wrong-password-1').processes()
    expect(answer).toMatchObject({ ok: false, why: 'source_refused' })
    expect(JSON.stringify(await adapter('wrong-password-1').test())).not.toContain('wrong-password-1')
  })
})

describe('an answer', () => {
  let server: LocalServer
  beforeAll(async () => {
    server = await startLocalServer()
  })
  afterAll(() => server.close())
  const call = (body: string) => {
    server.answer(plain(body, 200, { 'content-type': 'text/xml' }))
    return createSupervisor({ http, clock: systemClock, url: `${server.url}/RPC2` }).processes()
  }
  const process = (members: string): string =>
    `<?xml version='1.0'?><methodResponse><params><param><value><array><data><value><struct>${members}</struct></value></data></array></value></param></params></methodResponse>`

  it('with a fault at HTTP 200 is an error', async () => {
    const fault =
      '<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>6</int></value></member><member><name>faultString</name><value><string>SHUTDOWN_STATE</string></value></member></struct></value></fault></methodResponse>'
    expect(await call(fault)).toMatchObject({
      ok: false,
      why: 'source_error',
      detail: 'fault 6: SHUTDOWN_STATE',
    })
  })

  it('with a state that nobody knows is carried as it came, and counted', async () => {
    const answer = await call(
      process(
        '<member><name>name</name><value><string>x</string></value></member><member><name>state</name><value><int>77</int></value></member><member><name>statename</name><value><string>DREAMING</string></value></member>',
      ),
    )
    expect(answer).toMatchObject({
      ok: true,
      value: [{ name: 'x', state: 'OTHER', stateText: 'DREAMING' }],
      drift: ['supervisor.state'],
    })
  })

  it('with an empty list is an empty list', async () => {
    expect(
      await call(
        '<methodResponse><params><param><value><array><data></data></array></value></param></params></methodResponse>',
      ),
    ).toMatchObject({ ok: true, value: [] })
  })

  it.each([
    '',
    'plain text',
    '<html></html>',
    '<methodResponse>',
    '<methodResponse><params/></methodResponse>',
    '<a><b></a>',
  ])('of %j is unreadable', async (body) => {
    expect(await call(body)).toMatchObject({ ok: false, why: 'schema_mismatch' })
  })

  it.each([
    ['text without a type', '<value>plain</value>', 'plain'],
    ['text that looks like a number', '<value><string>007</string></value>', '007'],
    ['escaped text', '<value><string>a &lt; b &amp; c</string></value>', 'a < b & c'],
    ['a boolean', '<value><boolean>1</boolean></value>', true],
    ['a negative number', '<value><int>-1</int></value>', -1],
    ['an i4', '<value><i4>5</i4></value>', 5],
  ])('decodes %s', (_name, value, expected) => {
    expect(decodeReply(`<methodResponse><params><param>${value}</param></params></methodResponse>`)).toEqual({
      kind: 'value',
      value: expected,
    })
  })

  it('that grows by entities is cut short', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(50)}"><!ENTITY b "${'&a;'.repeat(50)}"><!ENTITY c "${'&b;'.repeat(50)}"><!ENTITY d "${'&c;'.repeat(50)}">]><methodResponse><params><param><value><string>&d;</string></value></param></params></methodResponse>`
    expect(JSON.stringify(decodeReply(bomb) ?? '').length).toBeLessThan(100_000)
  })
})
