import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { Failure, root, statePath } from './checkout.mjs'
import { groupIsAlive, processMark, stopGroup } from './processes.mjs'

const RESTARTS = 5
const FIRST_PAUSE_MS = 1_000
/** A program that ran this long has recovered: its restarts count from zero again. */
const STEADY_MS = 60_000
const TAIL_LINES = 15

/**
 * Supervisor keeps programs running, each in a process group of its own, and stops them in reverse order. `onChange`
 * gets the list of what runs, [{name, pid, mark}], whenever it changes; `say` gets lines for people.
 */
export class Supervisor {
  #programs = []
  #stopping = false

  constructor({ say, onChange = () => undefined, firstPauseMs = FIRST_PAUSE_MS }) {
    this.say = say
    this.onChange = onChange
    this.firstPauseMs = firstPauseMs
    // Whatever ends this process early, its programs go with it.
    process.once('exit', () => this.killAll())
  }

  /** start launches a program: {name, program, args, env, cwd, stopMs}. Its output goes to .watchfloor/logs/NAME.log. */
  start(settings) {
    if (this.#stopping) throw new Failure('stopped while starting', '')
    const program = { ...settings, restarts: 0, log: statePath('logs', `${settings.name}.log`) }
    writeFileSync(program.log, '')
    this.#programs.push(program)
    this.#launch(program)
    return program
  }

  #launch(program) {
    const log = openSync(program.log, 'a')
    const child = spawn(program.program, program.args, {
      cwd: program.cwd ?? root,
      env: program.env,
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    program.startedAt = performance.now()
    program.pid = child.pid
    program.mark = child.pid && processMark(child.pid)
    program.ended = false
    this.onChange(this.running())
    child.once('error', (error) => this.#ended(program, error.message))
    child.once('exit', (code, signal) => this.#ended(program, signal ? `signal ${signal}` : `code ${code}`))
  }

  async #ended(program, how) {
    if (program.ended) return
    program.ended = true
    program.how = how
    // Whatever the program itself had started goes with it.
    if (program.pid && groupIsAlive(program.pid)) await stopGroup(program.pid, { graceMs: 1_000 })
    this.onChange(this.running())
    if (this.#stopping || program.once) return
    if (performance.now() - program.startedAt > STEADY_MS) program.restarts = 0
    if (program.restarts >= RESTARTS) {
      program.givenUp = true
      this.say(
        `✗ ${program.name} ended ${RESTARTS + 1} times (last: ${how}) and is not restarted: read ${program.log}`,
      )
      return
    }
    const pauseMs = this.firstPauseMs * 2 ** program.restarts
    program.restarts++
    this.say(
      `! ${program.name} ended (${how}), restart ${program.restarts} of ${RESTARTS} in ${pauseMs / 1000} s`,
    )
    program.timer = setTimeout(() => this.#launch(program), pauseMs)
  }

  /** running lists the live programs: [{name, pid, mark}]. */
  running() {
    return this.#programs
      .filter(({ ended, pid }) => !ended && pid)
      .map(({ name, pid, mark }) => ({ name, pid, mark }))
  }

  /** failed tells whether a program will not be restarted any more. */
  failed() {
    return this.#programs.find(({ givenUp }) => givenUp)
  }

  /** stopAll ends every program, the last started first, and returns when nothing of them is left. */
  async stopAll() {
    this.#stopping = true
    for (const program of [...this.#programs].reverse()) {
      clearTimeout(program.timer)
      if (program.pid && !program.ended) await stopGroup(program.pid, { graceMs: program.stopMs ?? 2_000 })
    }
    this.onChange(this.running())
  }

  /** killAll ends every program at once, without asking. */
  killAll() {
    this.#stopping = true
    for (const { pid, ended, timer } of this.#programs) {
      clearTimeout(timer)
      if (!pid || ended) continue
      try {
        process.kill(-pid, 'SIGKILL')
      } catch {
        // Its group is gone already.
      }
    }
  }
}

/** logTail returns the last lines of a log, each with the program's name before it. */
export function logTail(name) {
  const path = statePath('logs', `${name}.log`)
  if (!statSync(path, { throwIfNoEntry: false })) return ''
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(-TAIL_LINES)
  return lines.map((line) => `    ${name} | ${line}`).join('\n')
}

/** programFailure is the error for a program that did not come up. */
export function programFailure(program, why) {
  return new Failure(
    `${program.name} ${why}\n${logTail(program.name)}`,
    `read ${program.log}; npm run doctor`,
  )
}
