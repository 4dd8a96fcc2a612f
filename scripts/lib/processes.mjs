import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const POLL_MS = 50

/** processMark identifies one run of a process id (its start time), or is undefined when nothing runs under that id. */
export function processMark(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return process.platform === 'linux' ? linuxMark(pid) : portableMark(pid)
}

function linuxMark(pid) {
  const fields = statFields(pid)
  return fields === undefined || isOver(fields[0]) ? undefined : `${bootId()}:${fields[19]}`
}

// The command name may hold spaces and brackets; the fields after it are fixed: state, parent, group, …
function statFields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function isOver(state) {
  return state === 'Z' || state === 'X'
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return 'boot'
  }
}

function portableMark(pid) {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

/** isRunning tells whether a recorded {pid, mark} is still that very process and not another one under its id. */
export function isRunning({ pid, mark }) {
  const current = processMark(pid)
  return current !== undefined && current === mark
}

/** commandLine returns the words a process was started with, joined by spaces; undefined when that can't be read. */
export function commandLine(pid) {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}

/** groupIsAlive tells whether any process of a process group still exists. */
export function groupIsAlive(pid) {
  try {
    process.kill(-pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  return process.platform !== 'linux' || groupHasLiveMember(pid)
}

// A group of nothing but zombies waits for its parent to notice; nothing is left to stop in it.
function groupHasLiveMember(groupId) {
  return readdirSync('/proc').some((name) => {
    const fields = /^\d+$/.test(name) ? statFields(name) : undefined
    return fields !== undefined && Number(fields[2]) === groupId && !isOver(fields[0])
  })
}

/** stopGroup ends a whole process group: politely first, by force after graceMs. It returns when nothing is left. */
export async function stopGroup(pid, { graceMs, signal = 'SIGTERM' }) {
  signalGroup(pid, signal)
  if (await waitUntil(() => !groupIsAlive(pid), graceMs)) return
  signalGroup(pid, 'SIGKILL')
  await waitUntil(() => !groupIsAlive(pid), 2_000)
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/**
 * whenStarterDies calls back once the program that started this process through npm is gone. npm hands a signal only to
 * the shell between them, and a killed npm hands on nothing: without this look upwards we would outlive both.
 */
export function whenStarterDies(callback, { pollMs = 500, environment = process.env } = {}) {
  if (environment.npm_lifecycle_event === undefined || process.platform !== 'linux') return
  const shell = process.ppid
  const npm = parentOf(shell)
  const timer = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return
    clearInterval(timer)
    callback()
  }, pollMs)
  timer.unref()
}

function parentOf(pid) {
  return statFields(pid)?.[1]
}

/** waitUntil polls a condition until it holds (true) or timeoutMs have passed (false). */
export async function waitUntil(condition, timeoutMs) {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    if (await condition()) return true
    if (performance.now() >= deadline) return false
    await wait(POLL_MS)
  }
}
