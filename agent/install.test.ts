import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import {
  agentFile,
  type Finished,
  installFile,
  makePlace,
  PATIENCE,
  type Place,
  runAgent,
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

const agentText = readFileSync(agentFile, 'utf8')

/** A console that serves the agent's file, as the real one does. */
async function servingConsole(text = agentText): Promise<FakeConsole> {
  return openConsole({
    answer: (response, delivery) =>
      delivery.path === '/agent/watchfloor-agent.sh' ? response.writeHead(200).end(text) : accept(response),
  })
}
function install(place: Place, args: string[], env: Record<string, string> = {}): Promise<Finished> {
  const full = { ...place.env, ...env }
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/bash', ['-s', '--', '--home', ...args], { env: full })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.end(readFileSync(installFile))
  })
}
function paths(place: Place): { bin: string; conf: string; state: string } {
  return {
    bin: join(place.dir, '.local/bin/watchfloor-agent.sh'),
    conf: join(place.dir, '.config/watchfloor-agent.conf'),
    state: join(place.dir, '.local/state/watchfloor-agent'),
  }
}

test('one line installs it, starts it, and a second time replaces it with the configuration kept', async () => {
  const console = await servingConsole()
  const place = makePlace()
  const { bin, conf, state } = paths(place)
  const reports = (): number => console.deliveries.filter((delivery) => delivery.method === 'POST').length
  try {
    const first = await install(place, ['--url', console.url, '--start', 'loop'], { WATCHFLOOR_TOKEN: token })
    expect(first).toMatchObject({ code: 0 })
    expect(first.stdout + first.stderr).not.toContain(token)
    expect(readFileSync(bin, 'utf8')).toBe(agentText)
    expect(statSync(conf).mode & 0o777).toBe(0o600)
    expect(readFileSync(conf, 'utf8')).toContain(`WATCHFLOOR_TOKEN=${token}\n`)
    await expect.poll(reports, PATIENCE).toBeGreaterThan(1)
    const loop = readFileSync(join(state, 'loop.pid'), 'utf8').trim()
    const lock = readFileSync(join(state, 'lock'), 'utf8')

    const second = await install(place, ['--start', 'loop'])
    expect(second).toMatchObject({ code: 0 })
    expect(readFileSync(conf, 'utf8').match(/WATCHFLOOR_TOKEN=/g)).toHaveLength(1)
    expect(existsSync(`/proc/${loop}`)).toBe(false)
    const before = reports()
    await expect.poll(reports, PATIENCE).toBeGreaterThan(before)
    expect(readFileSync(join(state, 'lock'), 'utf8')).not.toBe(lock)
  } finally {
    const gone = await install(place, ['--uninstall'])
    expect(gone).toMatchObject({ code: 0 })
  }
  expect([bin, conf, state].map((path) => existsSync(path))).toEqual([false, false, false])
  const after = reports()
  expect((await runAgent(place, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(reports()).toBe(after)
}, 60_000)

test.skipIf(!supervisordPath)(
  'with supervisord it runs as one of its programs (needs supervisor)',
  async () => {
    const console = await servingConsole()
    const place = makePlace()
    place.file('conf.d/other.conf', '[program:other]\ncommand=/bin/sleep 1000\n')
    const { conf, status, stop } = startSupervisord(
      place,
      `[include]
files=${place.dir}/conf.d/*.conf
`,
    )
    const places = ['--supervisor-dir', join(place.dir, 'conf.d'), '--supervisor-conf', conf]
    try {
      await expect.poll(status, PATIENCE).toMatch(/other +RUNNING/)
      const done = await install(place, ['--url', console.url, '--start', 'supervisor', ...places], {
        WATCHFLOOR_TOKEN: token,
      })
      expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/supervisord program/) })
      await expect.poll(status, PATIENCE).toMatch(/watchfloor-agent +RUNNING/)
      await console.received(4)
      expect(await install(place, ['--uninstall', ...places])).toMatchObject({ code: 0 })
      expect(status()).not.toMatch(/watchfloor-agent/)
      expect(status()).toMatch(/other +RUNNING/)
    } finally {
      await stop()
    }
  },
)

test.each([
  { name: 'a sign-in page', text: '<!doctype html><title>Sign in</title>' },
  { name: 'half a file', text: agentText.slice(0, agentText.length / 2) },
])('$name does not replace a working agent', async ({ text }) => {
  const place = makePlace()
  const { bin } = paths(place)
  const good = await servingConsole()
  await install(place, ['--url', good.url, '--start', 'none'], { WATCHFLOOR_TOKEN: token })
  const bad = await servingConsole(text)
  const done = await install(place, ['--url', bad.url, '--start', 'none'])
  expect(done.code).toBe(1)
  expect(done.stderr).toMatch(/is not the agent/)
  expect(readFileSync(bin, 'utf8')).toBe(agentText)
})

test.each([
  { args: [], says: /which console\?/ },
  { args: ['--url', 'https://console.example'], says: /which token\?/ },
  { args: ['--url', 'console.example', '--token', 'abcdefgh'], says: /must look like https/ },
  {
    args: ['--url', 'https://console.example', '--token', 'a b'],
    says: /characters that a bearer token cannot have/,
  },
  { args: ['--start', 'magic'], says: /--start is auto/ },
])('$args is refused with a reason and changes nothing', async ({ args, says }) => {
  const place = makePlace()
  const done = await install(place, args)
  expect(done.code).toBe(1)
  expect(done.stderr).toMatch(says)
  expect(existsSync(join(place.dir, '.local'))).toBe(false)
})
