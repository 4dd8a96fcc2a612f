import { spawn } from 'node:child_process'
import { root } from './checkout.mjs'

/**
 * run executes a program to its end and returns {code, output, errors}. It never reads our stdin; after timeoutMs the
 * program's whole process group is killed and code is undefined.
 */
export function run(program, args, { cwd = root, env = {}, timeoutMs, onOutput } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: timeoutMs !== undefined,
    })
    let output = ''
    let errors = ''
    let timedOut = false
    const collect = (chunk) => onOutput?.(String(chunk))
    child.stdout.on('data', (chunk) => {
      output += chunk
      collect(chunk)
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
      collect(chunk)
    })
    const timer =
      timeoutMs &&
      setTimeout(() => {
        timedOut = true
        killGroup(child.pid)
      }, timeoutMs)
    child.once('error', (error) => finish(undefined, error.message))
    child.once('close', (code) => finish(timedOut ? undefined : (code ?? 1)))

    function finish(code, message = '') {
      clearTimeout(timer)
      resolve({ code, output, errors: errors + message, timedOut })
    }
  })
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}
