import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, root, statePath } from './checkout.mjs'
import { run } from './commands.mjs'

const ENGINE_SITE = 'https://binaries.prisma.sh/'
const REACH_TIMEOUT_MS = 2_000
const ANSWER_VALID_MS = 24 * 60 * 60 * 1000
/** Commands that never talk to an engine; the CLI wants one to exist all the same. */
const ENGINE_FREE = new Set(['generate', 'validate', 'format', 'version', '-v', '--version'])

/** prismaEnvironment is what the Prisma CLI needs in its environment to work on this machine, online or offline. */
export async function prismaEnvironment(command) {
  const quiet = { CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  if (process.env.PRISMA_SCHEMA_ENGINE_BINARY) return quiet
  if (process.platform === 'win32') return quiet
  if (!ENGINE_FREE.has(command) && (hasNativeEngine() || (await canDownloadEngine()))) return quiet
  return { ...quiet, PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'scripts', 'schema-engine.mjs') }
}

function hasNativeEngine() {
  const folder = join(root, 'node_modules', '@prisma', 'engines')
  return (
    existsSync(folder) &&
    readdirSync(folder).some((name) => /^schema-engine-/.test(name) && !name.endsWith('.gz'))
  )
}

async function canDownloadEngine() {
  const file = statePath('engine-site.json')
  const remembered = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  if (remembered && Date.now() - remembered.askedAt < ANSWER_VALID_MS) return remembered.reachable
  const reachable = await fetch(ENGINE_SITE, {
    method: 'HEAD',
    signal: AbortSignal.timeout(REACH_TIMEOUT_MS),
  }).then(
    () => true,
    () => false,
  )
  writeFileSync(file, JSON.stringify({ reachable, askedAt: Date.now() }))
  return reachable
}

/** runPrisma runs the Prisma CLI and returns {code, output}; with `show` it writes straight to the terminal instead. */
export async function runPrisma(args, { databaseUrl, show = false } = {}) {
  const cli = join(root, 'node_modules', 'prisma', 'build', 'index.js')
  if (!existsSync(cli))
    throw new Failure('the Prisma CLI is not installed', 'run npm ci (with development packages)')
  const env = { ...(await prismaEnvironment(args[0])), ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) }
  if (show) return { code: await runShown([cli, ...args], env), output: '' }
  const { code, output, errors } = await run(process.execPath, [cli, ...args], { env })
  return { code, output: output + errors }
}

function runShown(args, env) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
}
