import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Failure, statePath } from './checkout.mjs'
import { EXIT_CODES, killRunning } from './commands.mjs'
import { canConnect, createDatabase } from './databases.mjs'
import { withLock } from './locks.mjs'
import { freePort, isPortFree } from './ports.mjs'
import { postgresHome } from './postgres-home.mjs'
import { commandLine, isRunning, processMark, waitUntil } from './processes.mjs'

const USER = 'watchfloor'
const DATABASE = 'watchfloor'
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 10_000
const START_ATTEMPTS = 8
const LOG_LIMIT_BYTES = 5_000_000
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  fsync: 'on',
  jit: 'off',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** startPostgres returns the url of the checkout's own Postgres, starting or healing it first where needed. */
export function startPostgres() {
  return withLock('postgres', startUnlocked)
}

async function startUnlocked() {
  const home = postgresHome()
  const data = join(home.directory, 'data')
  const running = findRunning(data)
  if (running) return adopt(running)
  rmSync(join(data, 'postmaster.pid'), { force: true })
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(home, data)
  assertSameMajor(home, data)
  const { port, pid } = await launch(home, data)
  writeFileSync(statePath('postgres', 'port'), String(port))
  await createDatabase(urlOf(port), DATABASE)
  return { url: urlOf(port), port, pid, started: true }
}

async function adopt({ pid, port }) {
  const url = urlOf(port)
  const answers = await waitUntil(() => canConnect(url), START_TIMEOUT_MS)
  if (!answers)
    throw new Failure(
      `Postgres runs (pid ${pid}, port ${port}) but answers no connection: ${lastLogLines()}`,
      'node scripts/db.mjs stop --force, then try again',
    )
  writeFileSync(statePath('postgres', 'port'), String(port))
  await createDatabase(url, DATABASE)
  return { url, port, pid, started: false }
}

/** findPostgres returns {pid, port, url} of the checkout's running Postgres without starting it; else undefined. */
export function findPostgres() {
  if (!existsSync(statePath('postgres', 'password'))) return undefined
  const running = findRunning(join(postgresHome().directory, 'data'))
  return running && { ...running, url: urlOf(running.port) }
}

// postmaster.pid may be left by a killed server, name a process id that now is another program, or have been copied
// along with the checkout: the process must exist, be a Postgres, and serve exactly this folder.
function findRunning(data) {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const [pidLine, folder, , portLine] = readFileSync(file, 'utf8').split('\n')
  const pid = Number(pidLine)
  const isOurs = folder && existsSync(folder) && realpathSync(folder) === realpathSync(data)
  const isServing = isOurs && processMark(pid) && (commandLine(pid) ?? data).includes(data)
  return isServing ? { pid, port: Number(portLine) } : undefined
}

function initialise({ directory, native, user }, data) {
  const fresh = join(directory, 'data.new')
  rmSync(fresh, { recursive: true, force: true })
  const passwordFile = join(directory, 'initial-password')
  writeFileSync(passwordFile, password(), { mode: 0o600 })
  if (user) chownSync(passwordFile, user.uid, user.gid)
  const args = [
    '-D',
    fresh,
    '-U',
    USER,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
  ]
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions')
  const result = spawnSync(join(native, 'bin', 'initdb'), args, {
    ...identity(user),
    encoding: 'utf8',
    cwd: directory,
  })
  rmSync(passwordFile, { force: true })
  if (result.status !== 0)
    throw new Failure(
      `initdb failed: ${(result.stderr || String(result.error)).trim().split('\n').slice(-3).join(' ')}`,
      'npm run doctor says what this machine lacks; or set DATABASE_URL to a Postgres of your own',
    )
  renameSync(fresh, data)
}

function identity(user) {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
  return user ? { env, uid: user.uid, gid: user.gid } : { env }
}

function assertSameMajor({ native, user }, data) {
  const cluster = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  const program = spawnSync(join(native, 'bin', 'postgres'), ['--version'], {
    ...identity(user),
    encoding: 'utf8',
  })
  const major = /(\d+)\./.exec(program.stdout ?? '')?.[1]
  if (major && major !== cluster)
    throw new Failure(
      `the database folder belongs to Postgres ${cluster}, the installed programs are Postgres ${major}`,
      'node scripts/db.mjs reset (its content is lost), or npm ci at the older version to export it first',
    )
}

async function launch(home, data) {
  const log = openLog()
  let port = await rememberedPort()
  try {
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      const offset = statSync(logPath()).size
      const child = spawnServer({ home, data, port, log })
      if (await becomesReady(child, urlOf(port))) return { port, pid: child.pid }
      const said = readFileSync(logPath(), 'utf8').slice(offset)
      if (/could not bind|Address already in use/.test(said)) port = await freePort()
      else if (/shared memory block|is still in use/.test(said)) await wait(500)
      else break
    }
  } finally {
    closeSync(log)
  }
  throw new Failure(
    `Postgres did not start: ${lastLogLines()}`,
    `read ${logPath()}; npm run doctor checks the machine`,
  )
}

function spawnServer({ home, data, port, log }) {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(home.native, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...identity(home.user),
    cwd: home.directory,
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  return child
}

async function becomesReady(child, url) {
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  child.once('error', () => {
    ended = true
  })
  await waitUntil(async () => ended || (await canConnect(url)), START_TIMEOUT_MS)
  return !ended && canConnect(url)
}

async function rememberedPort() {
  const file = statePath('postgres', 'port')
  const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  return port > 0 && (await isPortFree(port)) ? port : freePort()
}

function logPath() {
  return statePath('logs', 'postgres.log')
}

function openLog() {
  const path = logPath()
  const isLong = existsSync(path) && statSync(path).size > LOG_LIMIT_BYTES
  return openSync(path, isLong ? 'w' : 'a')
}

function lastLogLines() {
  if (!existsSync(logPath())) return 'it wrote no log'
  return readFileSync(logPath(), 'utf8').trim().split('\n').slice(-3).join(' | ')
}

function password() {
  const file = statePath('postgres', 'password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

function urlOf(port) {
  return `postgresql://${USER}:${password()}@127.0.0.1:${port}/${DATABASE}`
}

/** holdPostgres starts the checkout's Postgres and notes that `name` needs it until releasePostgres. */
export async function holdPostgres(name) {
  const server = await startPostgres()
  writeFileSync(holderPath(name), JSON.stringify({ pid: process.pid, mark: processMark(process.pid) }))
  return server
}

/** keepPostgres starts the checkout's Postgres and leaves it running until stopPostgres is asked for. */
export async function keepPostgres() {
  const server = await startPostgres()
  writeFileSync(holderPath('kept'), '{}')
  return server
}

/** releasePostgres gives up a hold and stops the server when nobody else needs it. */
export async function releasePostgres(name) {
  rmSync(holderPath(name), { force: true })
  if (!existsSync(holderPath('kept')) && liveHolders().length === 0) await stopPostgres()
}

/**
 * withPostgres runs a function with the url of the user's database, or of the checkout's own, which is released
 * afterwards and also when a signal ends the run.
 */
export async function withPostgres(name, run) {
  if (process.env.DATABASE_URL) return run(process.env.DATABASE_URL)
  for (const [signal, code] of Object.entries(EXIT_CODES))
    process.once(signal, () => {
      killRunning()
      releasePostgres(name).finally(() => process.exit(code))
    })
  try {
    return await run((await holdPostgres(name)).url)
  } finally {
    await releasePostgres(name)
  }
}

function holderPath(name) {
  return statePath('postgres', 'holders', name)
}

/** liveHolders lists who needs the server at this moment: [{name, pid}]. */
export function liveHolders() {
  const folder = join(holderPath('kept'), '..')
  return readdirSync(folder)
    .filter((name) => name !== 'kept')
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(folder, name), 'utf8')) }))
    .filter((holder) => isRunning(holder))
}

/** stopPostgres shuts the server down cleanly and tells whether one was running. */
export function stopPostgres() {
  return withLock('postgres', async () => {
    rmSync(holderPath('kept'), { force: true })
    const running = findPostgres()
    if (!running) return false
    for (const signal of ['SIGINT', 'SIGQUIT']) {
      process.kill(running.pid, signal)
      if (await waitUntil(() => processMark(running.pid) === undefined, STOP_TIMEOUT_MS)) return true
    }
    throw new Failure(
      `Postgres (pid ${running.pid}) does not stop`,
      `read ${logPath()}, then kill -9 ${running.pid}`,
    )
  })
}
