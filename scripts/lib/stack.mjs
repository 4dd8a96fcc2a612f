import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlePath, serverPath } from './building.mjs'
import { root } from './checkout.mjs'
import { productEnvironment } from './environment.mjs'
import { firstFreePort } from './ports.mjs'
import { waitUntil } from './processes.mjs'
import { programFailure } from './supervisor.mjs'

const DEMO = join(root, 'runbooks', 'scenarios', 'demo.yaml')
const SIMULATOR_HTTP_PORT = 4170
const SIMULATOR_GRPC_PORT = 4171
const SIMULATOR_TIMEOUT_MS = 30_000
const WEB_TIMEOUT_MS = 60_000
const WEB_TIMEOUT_DEV_MS = 120_000
const PROBE_TIMEOUT_MS = 5_000
const node = process.execPath
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')

/**
 * startSimulator launches the simulated world and returns {httpPort, grpcPort, mailPort, env} once it says that it is ready; `start`
 * is the instant at which its scenario began.
 */
export async function startSimulator({
  supervisor,
  scenario = DEMO,
  dev = false,
  httpPort = SIMULATOR_HTTP_PORT,
  start,
}) {
  const http = await firstFreePort(httpPort)
  const grpc = await firstFreePort(httpPort === SIMULATOR_HTTP_PORT ? SIMULATOR_GRPC_PORT : http + 1, [http])
  const entry = dev ? [tsx, join(root, 'simulator', 'main.ts')] : [bundlePath('simulator')]
  const mail = await firstFreePort(grpc + 1, [http, grpc])
  const options = ['--scenario', scenario, '--port', String(http), '--grpc-port', String(grpc)]
  options.push('--mail-port', String(mail))
  if (start) options.push('--start', start.toISOString())
  const program = supervisor.start({
    name: 'simulator',
    program: node,
    args: ['--enable-source-maps', ...entry, ...options],
    env: { ...process.env, NODE_ENV: 'production' },
    stopMs: 1_000,
  })
  await waitUntil(
    () => program.ended || /\bready\b/.test(readFileSync(program.log, 'utf8')),
    SIMULATOR_TIMEOUT_MS,
  )
  const base = `http://127.0.0.1:${http}`
  if (program.ended || !(await answers(`${base}/control/clock`)))
    throw programFailure(program, program.ended ? `ended (${program.how})` : 'did not get ready')
  return { httpPort: http, grpcPort: grpc, mailPort: mail, env: await describeWorld(base) }
}

// Which services, queues and machines exist is the scenario's business, so the simulator is asked.
async function describeWorld(base) {
  const [{ world }, instances] = await Promise.all(
    ['scenario', 'instances'].map(async (what) => (await fetch(`${base}/control/${what}`)).json()),
  )
  const services = world.services.map((name) => [name, `${base}/services/${name}/health`])
  const supervised = instances.slice(0, world.agents).map(({ id }) => [id, `${base}/supervisor/${id}/RPC2`])
  return {
    HEALTH_URLS: JSON.stringify(
      Object.fromEntries([['integration', `${base}/integration/health`], ...services]),
    ),
    SUPERVISOR_URLS: JSON.stringify(Object.fromEntries(supervised)),
    SUPERVISOR_USER: 'watchfloor',
    SUPERVISOR_PASSWORD: 'simulated',
    KUBERNETES_NAMESPACE: world.kubernetes.namespace,
    KUBERNETES_DEPLOYMENTS: [world.kubernetes.deployment, ...world.services].join(','),
    KUBERNETES_SECRETS: `${world.kubernetes.secret}/VASTAI_API_KEY`,
    WATCHFLOOR_QUEUES: JSON.stringify(world.queues.map(({ name, type }) => ({ name, type }))),
  }
}

/** startProduct launches worker and web and returns the console's address once its readiness check passes. */
export async function startProduct({
  supervisor,
  databaseUrl,
  port,
  simulator,
  dev = false,
  environment = {},
}) {
  const nodeEnv = dev ? 'development' : 'production'
  const env = {
    ...ALLOCATOR,
    ...productEnvironment({ databaseUrl, port, simulator, nodeEnv }),
    ...environment,
  }
  const worker = supervisor.start({
    name: 'worker',
    program: node,
    args: workerArguments(dev),
    env,
    stopMs: 3_000,
  })
  const web = supervisor.start({
    name: 'web',
    program: node,
    args: webArguments(dev, port),
    env,
    stopMs: 3_000,
  })
  const address = `http://127.0.0.1:${port}`
  const failed = () => [web, worker].find((program) => program.ended)
  const isReady = await waitUntil(
    async () => failed() !== undefined || (await answers(`${address}/api/readyz`)),
    dev ? WEB_TIMEOUT_DEV_MS : WEB_TIMEOUT_MS,
  )
  const broken = failed()
  if (broken) throw programFailure(broken, `ended (${broken.how})`)
  if (!isReady) throw programFailure(web, `does not answer at ${address}/api/readyz: ${await said(address)}`)
  return address
}

// glibc gives each thread an arena of its own, and keeps what a big answer once needed. Two arenas are enough for a process
// with one busy thread, and with fixed thresholds a big buffer goes back to the system when it is freed.
const ALLOCATOR = {
  MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
  MALLOC_MMAP_THRESHOLD_: process.env.MALLOC_MMAP_THRESHOLD_ ?? '131072',
  MALLOC_TRIM_THRESHOLD_: process.env.MALLOC_TRIM_THRESHOLD_ ?? '131072',
}

// A heap that may grow to gigabytes is collected late: a limit near the need and a small step to the next collection keep
// both processes small. Compacting at each collection would save 20 MiB more and pause the worker for 90 ms each time.
function heapLimits(megabytes) {
  return [`--max-old-space-size=${Number(megabytes)}`, '--max-semi-space-size=8', '--heap-growing-percent=20']
}

// Without source maps: the first stack that is read would unfold 25 MB of them for good, and the bundle keeps its names.
function workerArguments(dev) {
  const source = join(root, 'lib', 'jobs', 'main.ts')
  return dev
    ? [tsx, 'watch', '--clear-screen=false', source]
    : [...heapLimits(process.env.WATCHFLOOR_WORKER_HEAP_MB ?? 192), bundlePath('worker')]
}

function webArguments(dev, port) {
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  return dev
    ? [next, 'dev', '--port', String(port), '--hostname', '127.0.0.1']
    : [...heapLimits(process.env.WATCHFLOOR_WEB_HEAP_MB ?? 256), serverPath()]
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).ok
  } catch {
    return false
  }
}

async function said(address) {
  try {
    const response = await fetch(`${address}/api/readyz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    return `${response.status} ${(await response.text()).slice(0, 300)}`
  } catch (error) {
    return error.message
  }
}
