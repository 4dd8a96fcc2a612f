import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { whenStarterDies } from './processes.mjs'

/** root is the absolute path of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** stateDirectory holds everything that a run leaves behind: database, logs, secrets, stamps. It is never committed. */
export const stateDirectory = resolve(root, process.env.WATCHFLOOR_STATE ?? '.watchfloor')

/** Failure is an expected failure: what went wrong, and the one thing that repairs it. */
export class Failure extends Error {
  constructor(message, repair) {
    super(message)
    this.name = 'Failure'
    this.repair = repair
  }
}

/** statePath returns a path below the state directory and makes the folders on the way to it. */
export function statePath(...parts) {
  const path = join(stateDirectory, ...parts)
  try {
    mkdirSync(join(path, '..'), { recursive: true })
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error
    throw new Failure(
      `${stateDirectory} can't be written (${error.code})`,
      'run as the user who owns the checkout, or remove that folder',
    )
  }
  return path
}

/** requireNode ends the run when this Node is older than Prisma and Next accept. */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Failure(`Node ${version} is too old`, 'install Node 20.19 or newer (https://nodejs.org)')
}

/** runMain runs a script's main function and turns a Failure into two plain lines and exit code 1. */
export async function runMain(main) {
  whenStarterDies(() => process.kill(process.pid, 'SIGTERM'))
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? process.exitCode ?? 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    process.stderr.write(`✗ ${error.message}\n${error.repair ? `  Repair: ${error.repair}\n` : ''}`)
    process.exitCode = 1
  }
}

/** optionValue returns the word after a command line option, or undefined when the option is absent. */
export function optionValue(args, name) {
  const index = args.indexOf(name)
  if (index < 0) return undefined
  const value = args[index + 1]
  if (value === undefined || value.startsWith('--'))
    throw new Failure(`${name} needs a value`, `write it as: ${name} VALUE`)
  return value
}
