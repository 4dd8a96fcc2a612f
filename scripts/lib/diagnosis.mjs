import { accessSync, constants, statfsSync } from 'node:fs'
import { Socket } from 'node:net'
import { findBrowser } from './browser.mjs'
import { Failure, requireNode, root, stateDirectory, statePath } from './checkout.mjs'
import { run } from './commands.mjs'
import { canConnect } from './databases.mjs'
import { missingPackages } from './dependencies.mjs'
import { unsetSources } from './environment.mjs'
import { migrationNames, pendingMigrations } from './migrations.mjs'
import { isPortFree } from './ports.mjs'
import { findPostgres } from './postgres.mjs'
import { unprivilegedUser } from './postgres-home.mjs'
import { findLeftovers, findRun } from './run-record.mjs'

const NEEDED_BYTES = 2_000_000_000
const CONNECT_TIMEOUT_MS = 3_000
const PORTS = [3000, 4170, 4171]

/**
 * diagnose looks at the machine and returns [{name, state, text, repair}]; state is "ok", "note" (works, worth knowing)
 * or "wrong" (something needed is missing).
 */
export async function diagnose() {
  const looks = [
    node,
    npm,
    writable,
    disk,
    packages,
    unprivileged,
    database,
    migrations,
    browser,
    ports,
    processes,
    sources,
  ]
  const results = await Promise.all(looks.map(async (look) => [await look()].flat()))
  return results.flat()
}

const ok = (name, text) => ({ name, state: 'ok', text })
const note = (name, text, repair) => ({ name, state: 'note', text, repair })
const wrong = (name, text, repair) => ({ name, state: 'wrong', text, repair })

function node() {
  try {
    requireNode()
    return ok('Node', process.versions.node)
  } catch (error) {
    return wrong('Node', error.message, error.repair)
  }
}

async function npm() {
  const { code, output } = await run('npm', ['--version'])
  return code === 0
    ? ok('npm', output.trim())
    : wrong('npm', 'npm is not on the PATH', 'install Node with npm')
}

function writable() {
  try {
    statePath('probe')
    accessSync(stateDirectory, constants.W_OK)
    accessSync(root, constants.W_OK)
    return ok('write permission', root)
  } catch (error) {
    return wrong('write permission', error.message, `make ${root} yours (chown), or remove ${stateDirectory}`)
  }
}

function disk() {
  const { bavail, bsize } = statfsSync(root)
  const free = bavail * bsize
  const text = `${(free / 1e9).toFixed(1)} GB free`
  return free >= NEEDED_BYTES
    ? ok('disk', text)
    : wrong('disk', text, 'make room: an installation and build need 2 GB')
}

function packages() {
  const missing = missingPackages()
  if (missing.length === 0) return ok('dependencies', 'as in package-lock.json')
  const some = missing.slice(0, 3).join(', ')
  return wrong(
    'dependencies',
    `${missing.length} packages are missing or of another version (${some} …)`,
    'npm ci',
  )
}

function unprivileged() {
  try {
    const user = unprivilegedUser()
    return user ? note('user', `you are root; Postgres will run as ${user.name}`) : ok('user', 'not root')
  } catch (error) {
    return wrong('user', error.message, error.repair)
  }
}

async function database() {
  const own = process.env.DATABASE_URL
  if (own) {
    const { host, pathname } = new URL(own)
    return (await canConnect(own))
      ? ok('database', `${host}${pathname} answers`)
      : wrong(
          'database',
          `DATABASE_URL (${host}) does not answer`,
          'start that server, or unset DATABASE_URL',
        )
  }
  const server = embedded()
  if (server instanceof Failure) return wrong('database', server.message, server.repair)
  if (!server) return note('database', 'the embedded Postgres is not running; npm run up starts it')
  return (await canConnect(server.url))
    ? ok('database', `the embedded Postgres answers on port ${server.port}`)
    : wrong('database', `Postgres (pid ${server.pid}) does not answer`, 'node scripts/db.mjs stop --force')
}

function embedded() {
  try {
    return findPostgres()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

async function migrations() {
  const server = embedded()
  const url = process.env.DATABASE_URL || server?.url
  if (!url || !(await canConnect(url))) return note('migrations', 'not looked at: no database answers')
  const pending = await pendingMigrations(url)
  if (pending.length === 0) return ok('migrations', `all ${migrationNames().length} applied`)
  return note(
    'migrations',
    `${pending.length} pending`,
    'npm run up applies them, or node scripts/db.mjs migrate',
  )
}

async function browser() {
  const path = await findBrowser()
  return path
    ? ok('browser', path)
    : note('browser', 'none found; only the journeys of npm test need one', 'apt-get install chromium')
}

async function ports() {
  const running = findRun()
  return Promise.all(
    PORTS.map(async (port) => {
      if (await isPortFree(port)) return ok(`port ${port}`, 'free')
      return running
        ? ok(`port ${port}`, 'in use while Watchfloor runs')
        : note(`port ${port}`, 'taken; the next free one is used')
    }),
  )
}

function processes() {
  const running = findRun()
  if (running)
    return ok('processes', `Watchfloor runs (pid ${running.pid})${running.url ? ` at ${running.url}` : ''}`)
  const leftovers = findLeftovers()
  if (leftovers.length === 0) return ok('processes', 'none running, none left over')
  const list = leftovers.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ')
  return note('processes', `a killed run left ${list}`, 'npm run up stops them first')
}

async function sources() {
  const simulated = unsetSources()
  const lines =
    simulated.length > 0
      ? [note('sources', `simulated, as nothing is configured: ${simulated.join(', ')}`)]
      : []
  const probes = await Promise.all(sourceAddresses().map(probe))
  return [...lines, ...probes]
}

function sourceAddresses() {
  const { VAST_API_URL, VAST_API_KEY, PROMETHEUS_URL, TEMPORAL_ADDRESS, STATUSPAGE_URL } = process.env
  return [
    ['VAST_API_URL', VAST_API_URL ?? (VAST_API_KEY ? 'https://console.vast.ai' : undefined)],
    ['PROMETHEUS_URL', PROMETHEUS_URL],
    ['TEMPORAL_ADDRESS', TEMPORAL_ADDRESS && `tcp://${TEMPORAL_ADDRESS}`],
    ['STATUSPAGE_URL', STATUSPAGE_URL],
    ...namedAddresses('HEALTH_URLS'),
    ...namedAddresses('SUPERVISOR_URLS'),
  ].filter(([, address]) => address)
}

function namedAddresses(variable) {
  try {
    return Object.entries(JSON.parse(process.env[variable] ?? '{}')).map(([name, url]) => [
      `${variable} ${name}`,
      url,
    ])
  } catch {
    return [[variable, 'not JSON']]
  }
}

async function probe([name, address]) {
  if (!URL.canParse(address))
    return wrong(name, 'is not a usable address', `correct ${name} in the environment`)
  const { protocol, hostname, port, host } = new URL(address)
  const number = Number(port) || (protocol === 'https:' ? 443 : 80)
  return (await accepts(hostname, number))
    ? ok(name, `${host} accepts connections`)
    : wrong(name, `${host} accepts no connection`, 'check the address, the network, and whether it runs')
}

function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = new Socket().setTimeout(CONNECT_TIMEOUT_MS)
    const end = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false))
    socket.connect(port, host)
  })
}
