import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stopGroup } from '../scripts/lib/processes.mjs'

/** Program is a started process in a group of its own, with its log file. */
export type Program = {
  readonly name: string
  readonly pid: number
  readonly log: string
  ended: boolean
  how: string
}

/** ProgramSettings say what to start. */
export type ProgramSettings = {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly stopMs?: number
}

/** Programs starts processes, never restarts one, and stops all of them in the end. */
export type Programs = {
  readonly start: (settings: ProgramSettings) => Program
  readonly stop: (program: Program) => Promise<void>
  readonly stopAll: () => Promise<void>
}

const GRACE_MS = 3_000
const TAIL_LINES = 12

/** createPrograms keeps the logs below `folder`. */
export function createPrograms(folder: string, cwd: string): Programs {
  const all: Program[] = []
  let count = 0

  function start(settings: ProgramSettings): Program {
    count += 1
    const log = join(folder, `${String(count).padStart(2, '0')}-${settings.name}.log`)
    writeFileSync(log, '')
    const file = openSync(log, 'a')
    const child: ChildProcess = spawn(settings.program, settings.args, {
      cwd: settings.cwd ?? cwd,
      env: settings.env,
      stdio: ['ignore', file, file],
      detached: true,
    })
    closeSync(file)
    const program: Program = { name: settings.name, pid: child.pid ?? -1, log, ended: false, how: '' }
    const end = (how: string): void => {
      program.ended = true
      program.how = how
    }
    child.once('error', (error) => end(error.message))
    child.once('exit', (code, signal) => end(signal ?? `code ${code}`))
    all.push(program)
    return program
  }

  async function stop(program: Program): Promise<void> {
    if (!program.ended && program.pid > 0) await stopGroup(program.pid, { graceMs: GRACE_MS })
    program.ended = true
  }

  return {
    start,
    stop,
    stopAll: async () => {
      await Promise.all([...all].reverse().map(stop))
    },
  }
}

/** logTail is the end of a program's log, for the error that it caused. */
export function logTail(program: Program): string {
  return readFileSync(program.log, 'utf8').trim().split('\n').slice(-TAIL_LINES).join('\n')
}
