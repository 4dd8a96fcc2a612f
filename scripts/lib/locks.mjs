import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Failure, statePath } from './checkout.mjs'
import { isRunning, processMark } from './processes.mjs'

const WAIT_MS = 120_000
const POLL_MS = 100

/** withLock runs a function while no other process of this checkout runs one under the same name. */
export async function withLock(name, run) {
  const path = statePath('locks', name)
  await acquire(name, path)
  try {
    return await run()
  } finally {
    rmSync(path, { force: true })
  }
}

async function acquire(name, path) {
  const own = JSON.stringify({ pid: process.pid, mark: processMark(process.pid) })
  const deadline = performance.now() + WAIT_MS
  while (!tryCreate(path, own)) {
    const text = readText(path)
    if (text !== undefined && isAbandoned(text)) removeExactly(path, text)
    else if (performance.now() > deadline)
      throw new Failure(
        `another process holds the lock "${name}" (${text})`,
        `end that process, or remove ${path}`,
      )
    else await wait(POLL_MS)
  }
}

function tryCreate(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function isAbandoned(text) {
  try {
    return !isRunning(JSON.parse(text))
  } catch {
    // Its owner is between creating the file and writing it.
    return false
  }
}

// Two waiters may both find the lock abandoned; the slower one must not remove the faster one's new lock.
function removeExactly(path, text) {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (readText(aside) === text) rmSync(aside, { force: true })
  else renameSync(aside, path)
}
