import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const here = fileURLToPath(new URL('.', import.meta.url))

export const agentFile = join(here, 'watchfloor-agent.sh')
export const installFile = join(here, 'install.sh')
export const fakeBin = join(here, 'fixtures', 'bin')
export const token = 'wfa_canary-Token-0123456789abcdefXYZ'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Report = { [key: string]: Json }

const reportSchema = z.fromJSONSchema(JSON.parse(readFileSync(join(here, 'report.schema.json'), 'utf8')))

/** parseReport reads one report and throws with the paths that break report.schema.json. */
export function parseReport(text: string): Report {
  const body: Report = JSON.parse(text)
  reportSchema.parse(body)
  return body
}

/** at follows a path through a report and throws when it leads nowhere. */
export function at(value: Json, ...path: (string | number)[]): Json {
  let here: Json | undefined = value
  for (const step of path) {
    here = Array.isArray(here)
      ? here[Number(step)]
      : typeof here === 'object' && here !== null
        ? here[String(step)]
        : undefined
    if (here === undefined) throw new Error(`no ${step} in ${path.join('.')}`)
  }
  return here
}

/** list returns an array of the report, or throws. */
export function list(value: Json, ...path: (string | number)[]): Json[] {
  const found = at(value, ...path)
  if (!Array.isArray(found)) throw new Error(`${path.join('.')} is not a list: ${JSON.stringify(found)}`)
  return found
}

/** An isolated place for one agent: its own state, files and environment. */
export type Place = {
  readonly dir: string
  readonly stateDir: string
  readonly env: NodeJS.ProcessEnv
  readonly file: (name: string, text: string) => string
}

const opened: string[] = []
const running = new Set<ChildProcess>()

/** makePlace makes a temporary folder and an environment in which the agent sees nothing of this machine's own files. */
export function makePlace(env: Record<string, string> = {}): Place {
  const dir = mkdtempSync(join(tmpdir(), 'wfa-'))
  opened.push(dir)
  const file = (name: string, text: string): string => {
    const path = join(dir, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  return {
    dir,
    file,
    stateDir: join(dir, 'state'),
    env: {
      NODE_ENV: 'test',
      PATH: `${fakeBin}:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: dir,
      CONTAINER_ID: '7001234',
      WATCHFLOOR_STATE_DIR: join(dir, 'state'),
      WATCHFLOOR_ENV_FILE: join(dir, '.env'),
      WATCHFLOOR_MODELS: join(dir, 'models/*'),
      WATCHFLOOR_LOGS: join(dir, 'worker.log'),
      WATCHFLOOR_DISKS: '/',
      WATCHFLOOR_SUPERVISOR_CONF: join(dir, 'none.conf'),
      WATCHFLOOR_IMAGE_VERSION_FILES: join(dir, 'image-version'),
      WATCHFLOOR_INTERVAL_S: '1',
      FAKE_SMI: join(here, 'fixtures/smi/rtx4090'),
      ...env,
    },
  }
}

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** runAgent runs the agent to its end; it is killed after 30 s. */
export function runAgent(place: Place, args: readonly string[], file = agentFile): Promise<Finished> {
  const child = spawn('/bin/bash', [file, ...args], {
    env: place.env,
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  return finish(child)
}

function finish(child: ChildProcess): Promise<Finished> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** printReport runs the agent once and returns its checked report. */
export async function printReport(place: Place): Promise<Report> {
  const done = await runAgent(place, ['--once', '--print'])
  if (done.code !== 0) throw new Error(`agent ended with ${done.code}: ${done.stderr}`)
  return parseReport(done.stdout)
}

/** A started agent: its process, what it has said so far, and how to end it. */
export type RunningAgent = {
  readonly pid: number
  readonly said: () => string
  readonly stop: (signal?: NodeJS.Signals) => Promise<Finished>
  readonly ended: Promise<Finished>
}

/** startAgent starts the agent in the background; stopEverything ends it at the latest. */
export function startAgent(place: Place, args: readonly string[] = []): RunningAgent {
  const child = spawn('/bin/bash', [agentFile, ...args], { env: place.env })
  running.add(child)
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = finish(child).finally(() => running.delete(child))
  if (child.pid === undefined) throw new Error('the agent did not start')
  return {
    pid: child.pid,
    said: () => stderr,
    ended,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
  }
}

/** supervisordPath is where a real supervisord lies on this machine; empty when there is none. */
export const supervisordPath = spawnSync('/bin/sh', ['-c', 'command -v supervisord'], {
  encoding: 'utf8',
}).stdout.trim()

/** Supervisord is a running supervisord of one place: its socket, its configuration, what it says of its programs. */
export type Supervisord = {
  readonly socket: string
  readonly conf: string
  readonly status: () => string
  readonly stop: () => Promise<void>
}

/** startSupervisord runs a real supervisord with these sections beside its own; stopEverything ends it at the latest. */
export function startSupervisord(place: Place, sections: string): Supervisord {
  const socket = join(place.dir, 's.sock')
  const conf = place.file(
    's.conf',
    `[unix_http_server]
file=${socket}
[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
pidfile=${place.dir}/s.pid
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${socket}
${sections}`,
  )
  const daemon = spawn(supervisordPath, ['-c', conf], { stdio: 'ignore', env: place.env })
  running.add(daemon)
  const ended = new Promise<void>((resolve) => daemon.on('close', () => resolve()))
  return {
    socket,
    conf,
    status: () => spawnSync('supervisorctl', ['-c', conf, 'status'], { encoding: 'utf8' }).stdout,
    stop: async () => {
      daemon.kill('SIGTERM')
      await ended
      running.delete(daemon)
    },
  }
}

/** PATIENCE is for machines that do much else: a test waits for what must happen and never judges how long it took. */
export const PATIENCE = { timeout: 60_000 } as const

/** stopEverything kills what a failed test left behind and removes the temporary folders. */
export function stopEverything(): void {
  for (const child of running) child.kill('SIGKILL')
  for (const dir of opened.splice(0)) rmSync(dir, { recursive: true, force: true })
}
