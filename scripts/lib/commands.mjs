import { spawn } from 'node:child_process'
import { root } from './checkout.mjs'

/** EXIT_CODES holds, by signal, the code with which a program that was ended by it exits. */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

const running = new Set()
let isGuarded = false

/**
 * run executes a program to its end and returns {code, output, errors, timedOut}. It never reads our stdin; after
 * timeoutMs the program's whole process group is killed. Nothing that it starts outlives this process.
 */
export function run(program, args, { cwd = root, env = {}, timeoutMs, onOutput = () => undefined } = {}) {
  guard()
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const result = { code: undefined, output: '', errors: '', timedOut: false }
    running.add(child)
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      result.output += chunk
      onOutput(chunk)
    })
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      result.errors += chunk
      onOutput(chunk)
    })
    const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs)
    child.once('error', (error) => finish({ errors: error.message }))
    child.once('close', (code) => finish({ code: code ?? 1 }))

    function giveUp() {
      result.timedOut = true
      killGroup(child)
    }

    function finish(how) {
      clearTimeout(timer)
      running.delete(child)
      resolve({ ...result, ...how })
    }
  })
}

/** killRunning ends every program that run() has started and that still runs, with all that they started. */
export function killRunning() {
  for (const child of running) killGroup(child)
}

// Programs run in groups of their own, so the terminal's Ctrl-C reaches only us: we pass it on.
function guard() {
  if (isGuarded) return
  isGuarded = true
  process.once('exit', killRunning)
  for (const [signal, code] of Object.entries(EXIT_CODES))
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(code))
}

function killGroup({ pid }) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}
