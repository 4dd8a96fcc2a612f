import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { statePath } from './checkout.mjs'
import { withLock } from './locks.mjs'
import { isRunning, processMark, stopGroup } from './processes.mjs'

const path = () => statePath('run.json')

/** readRun returns the record of the last `npm run up`: {pid, mark, url, children}, or undefined. */
export function readRun() {
  if (!existsSync(path())) return undefined
  try {
    return JSON.parse(readFileSync(path(), 'utf8'))
  } catch {
    return undefined
  }
}

/** findRun returns the record of an `npm run up` that is running now, or undefined. */
export function findRun() {
  const run = readRun()
  return run && isRunning(run) ? run : undefined
}

/**
 * claimRun makes this process the one that runs the checkout. It returns {other} when another one does, else
 * {leftovers}: the names of programs that a killed predecessor had left running and that are stopped now.
 */
export function claimRun() {
  return withLock('run', async () => {
    const run = readRun()
    if (run && isRunning(run)) return { other: run }
    const leftovers = await stopLeftovers(run)
    writeRun({ pid: process.pid, mark: processMark(process.pid), children: [] })
    return { leftovers }
  })
}

/** findLeftovers lists programs that a killed `npm run up` has left running. */
export function findLeftovers(run = readRun()) {
  return run && !isRunning(run) ? (run.children ?? []).filter((child) => isRunning(child)) : []
}

async function stopLeftovers(run) {
  const leftovers = findLeftovers(run)
  await Promise.all(leftovers.map(({ pid }) => stopGroup(pid, { graceMs: 3_000 })))
  return leftovers.map(({ name }) => name)
}

/** writeRun replaces the record in one step, so that a reader never sees half of it. */
export function writeRun(run) {
  const draft = `${path()}.${process.pid}`
  writeFileSync(draft, JSON.stringify(run))
  renameSync(draft, path())
}

/** clearRun removes the record of this process. */
export function clearRun() {
  if (readRun()?.pid === process.pid) rmSync(path(), { force: true })
}
