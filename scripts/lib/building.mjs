import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, root } from './checkout.mjs'
import { run } from './commands.mjs'
import { contentHash, isStamped, stamp } from './stamps.mjs'

const INPUTS = [
  'app',
  'components',
  'lib',
  'runbooks',
  'public',
  'simulator',
  'prisma/schema',
  'instrumentation.ts',
  'instrumentation-node.ts',
  'proxy.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
  'scripts/lib/building.mjs',
]
const BUNDLES = { worker: 'lib/jobs/main.ts', simulator: 'simulator/main.ts' }

/** serverPath is the built web server. Next puts it deeper when it takes a folder above for the project's root. */
export function serverPath() {
  const manifest = join(root, '.next', 'required-server-files.json')
  if (!existsSync(manifest)) return join(root, '.next', 'standalone', 'server.js')
  const { relativeAppDir = '' } = JSON.parse(readFileSync(manifest, 'utf8'))
  return join(root, '.next', 'standalone', relativeAppDir, 'server.js')
}

/** bundlePath is the bundled worker or simulator. */
export function bundlePath(name) {
  return join(root, 'dist', `${name}.mjs`)
}

/** buildIfNeeded builds when something that goes into the build has changed, and tells whether it had to. */
export async function buildIfNeeded() {
  const hash = inputHash()
  const made = [serverPath(), ...Object.keys(BUNDLES).map(bundlePath)]
  if (isStamped('build', hash) && made.every((path) => existsSync(path))) return false
  await build()
  return true
}

function inputHash() {
  return contentHash(root, INPUTS, process.version)
}

/** build makes the production build: the web server with its files, the worker and the simulator. */
export async function build() {
  // Taken first: what is edited while the build runs may not be in it.
  const hash = inputHash()
  await bundleAll()
  await buildWeb()
  stamp('build', hash)
}

async function buildWeb() {
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const env = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
  const { code, output, errors } = await run(process.execPath, [next, 'build'], { env })
  if (code !== 0)
    throw new Failure(
      `next build failed:\n${`${output}\n${errors}`.trim().split('\n').slice(-40).join('\n')}`,
      'mend what it names; npm run check says more',
    )
  const folder = join(serverPath(), '..')
  copyFresh(join(root, '.next', 'static'), join(folder, '.next', 'static'))
  copyFresh(join(root, 'public'), join(folder, 'public'))
}

function copyFresh(from, to) {
  rmSync(to, { recursive: true, force: true })
  if (existsSync(from)) cpSync(from, to, { recursive: true })
}

async function bundleAll() {
  const { build: bundle } = await import('esbuild')
  const entryPoints = Object.fromEntries(
    Object.entries(BUNDLES).filter(([, source]) => existsSync(join(root, source))),
  )
  try {
    await bundle({
      absWorkingDir: root,
      entryPoints,
      outdir: 'dist',
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      sourcemap: true,
      logLevel: 'silent',
    })
  } catch (error) {
    throw new Failure(
      `bundling the worker failed: ${error.message}`,
      'mend what it names; npm run check says more',
    )
  }
}
