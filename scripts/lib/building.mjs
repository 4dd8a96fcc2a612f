import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
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
const BUNDLES = {
  worker: 'lib/jobs/main.ts',
  simulator: 'simulator/main.ts',
  'status-emergency': 'lib/status/emergency-cli.ts',
}

/** serverPath is the built web server. Next puts it deeper when it takes a folder above for the project's root. */
export function serverPath() {
  const manifest = join(root, '.next', 'required-server-files.json')
  if (!existsSync(manifest)) return join(root, '.next', 'standalone', 'server.js')
  const { relativeAppDir = '' } = JSON.parse(readFileSync(manifest, 'utf8'))
  return join(root, '.next', 'standalone', relativeAppDir, 'server.js')
}

/** bundlePath is the bundled worker, simulator or emergency command. */
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

/** build makes the production build: the web server with its files, the worker, the simulator and the emergency command. */
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
  await bundleServiceWorker(folder)
}

/** The service worker knows the files of exactly this build; browsers notice a new build by its changed text. */
async function bundleServiceWorker(folder) {
  const assets = [
    ...filesBelow(join(folder, '.next', 'static')).map((path) => `/_next/static/${path}`),
    ...filesBelow(join(folder, 'public')).map((path) => `/${path}`),
  ].filter((path) => !path.endsWith('.map'))
  const version = contentHash(folder, ['.next/static', 'public'], '').slice(0, 16)
  await bundle({
    absWorkingDir: root,
    entryPoints: ['lib/client/worker/main.ts'],
    outfile: join(folder, 'public', 'sw.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
    define: {
      WATCHFLOOR_ASSETS: JSON.stringify(assets),
      WATCHFLOOR_VERSION: JSON.stringify(version),
    },
  })
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

function copyFresh(from, to) {
  rmSync(to, { recursive: true, force: true })
  if (existsSync(from)) cpSync(from, to, { recursive: true })
}

async function bundleAll() {
  const entryPoints = Object.fromEntries(
    Object.entries(BUNDLES).filter(([, source]) => existsSync(join(root, source))),
  )
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints,
    metafile: true,
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
  refusePages(metafile)
}

// The registry holds every operation, and sign-in among them needs the framework, which runs in the web process alone.
function refusePages({ outputs }) {
  for (const [bundled, { inputs, imports }] of Object.entries(outputs)) {
    const framework = imports.find(({ path }) => path === 'next' || path.startsWith('next/'))?.path
    if (framework === undefined && inputs['lib/registry.ts'] === undefined) continue
    throw new Failure(
      `${bundled} would bring ${framework ?? 'lib/registry.ts'} along, which runs in the web process alone`,
      'import the command or query that is needed from its own file',
    )
  }
}

async function bundle(options) {
  const esbuild = await import('esbuild')
  try {
    return await esbuild.build(options)
  } catch (error) {
    throw new Failure(
      `bundling ${Object.values(options.entryPoints).join(' and ')} failed: ${error.message}`,
      'mend what it names; npm run check says more',
    )
  }
}
