import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, root } from './checkout.mjs'
import { run } from './commands.mjs'

const INSTALL_TIMEOUT_MS = 10 * 60_000

/** missingPackages lists the packages of the lock file that node_modules lacks or holds in another version. */
export function missingPackages(base = root) {
  const wanted = JSON.parse(readFileSync(join(base, 'package-lock.json'), 'utf8')).packages
  const record = join(base, 'node_modules', '.package-lock.json')
  const installed = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')).packages : {}
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && !entry.peer)
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
}

/** installDependencies runs npm ci if node_modules doesn't hold what the lock file says, and tells whether it had to. */
export async function installDependencies() {
  if (missingPackages().length === 0) return false
  const { code, output, errors, timedOut } = await run('npm', ['ci', '--no-audit', '--no-fund'], {
    timeoutMs: INSTALL_TIMEOUT_MS,
  })
  if (code === 0) return true
  const why = timedOut
    ? `it took more than ${INSTALL_TIMEOUT_MS / 60_000} minutes`
    : lastLines(errors || output)
  throw new Failure(
    `npm ci failed: ${why}`,
    'check that the npm registry can be reached (npm ping), then try again',
  )
}

function lastLines(text) {
  return text.trim().split('\n').slice(-8).join('\n    ')
}
