import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { buildIfNeeded } from '../scripts/lib/building.mjs'
import { root } from '../scripts/lib/checkout.mjs'
import { freePort } from '../scripts/lib/ports.mjs'
import { startProduct, startSimulator } from '../scripts/lib/stack.mjs'
import { atEnd } from './cleanup'
import { progress, until } from './clock'
import { buildFloor } from './floor'
import { type Database, freshDatabase } from './postgres'
import { createPrograms, logTail, type Program, type ProgramSettings, type Programs } from './processes'
import { signIn } from './sign-in'
import { fetchSnapshot } from './snapshot'
import { instanceIds } from './world'

/** RigOptions say what to bring up. */
export type RigOptions = {
  readonly scenario: string
  /** agents is how many instances have an agent that pushes every 12 s. */
  readonly agents: number
  /** spares is how many more instances hold a token, for reports that the bench itself sends. */
  readonly spares: number
  readonly floor: boolean
  readonly build: boolean
  readonly environment?: Readonly<Record<string, string>>
  /** agentIntervalSeconds is the pause between two reports of an agent, 12 s unless told. */
  readonly agentIntervalSeconds?: number
  /** prepare may write settings into the fresh database and gives more of the product's environment. */
  readonly prepare?: (made: {
    readonly folder: string
    readonly database: Database
    readonly simulator: StartedWorld['simulator']
  }) => Promise<Readonly<Record<string, string>>>
  /** prometheus may put something before the simulated Prometheus: it gets its address and gives the one to use. */
  readonly prometheus?: (url: string) => Promise<string>
  /** nodeArguments go to web and worker, to profile them: `--cpu-prof --cpu-prof-dir=…`. */
  readonly nodeArguments?: readonly string[]
  /** postgres is a server other than the checkout's own, for faults in the database itself. */
  readonly postgres?: string
}

/** Rig is the product with everything around it: database, simulated world, worker, web and the reference. */
export type Rig = {
  readonly folder: string
  readonly database: Database
  readonly programs: Programs
  readonly base: string
  readonly simulatorBase: string
  readonly scenario: string
  readonly cookie: string
  readonly tokens: ReadonlyMap<string, string>
  /** spareIds are the instances whose agents are the bench's own. */
  readonly spareIds: readonly string[]
  readonly floorBase: string
  readonly web: Program
  readonly floor: Program | undefined
  readonly simulator: Program
  worker: Program
  readonly startWorker: (nodeArguments?: readonly string[]) => Program
  /** startWeb starts one more web process on a port of its own, or one that follows a killed one; `server` is another build. */
  readonly startWeb: (port: number, server?: string) => Program
  readonly assertAlive: () => void
  readonly stop: () => Promise<void>
}

const READY_MS = 60_000

/** scenarioPath is where a shipped scenario lies. */
export function scenarioPath(name: string): string {
  return join(root, 'runbooks', 'scenarios', `${name}.yaml`)
}

/** startRig builds what is stale, starts everything on free ports and returns once the console answers. */
export async function startRig(options: RigOptions): Promise<Rig> {
  if (options.build && (await buildIfNeeded())) progress('made the production build')
  const floorServer = options.floor ? await buildFloor() : undefined
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const programs = createPrograms(folder, root)
  const database = await freshDatabase(folder, options.postgres)
  const stop = atEnd(async () => {
    await programs.stopAll()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  })
  try {
    return await bringUp({ options, folder, programs, database, floorServer, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

async function bringUp(given: {
  readonly options: RigOptions
  readonly folder: string
  readonly programs: Programs
  readonly database: Database
  readonly floorServer: string | undefined
  readonly stop: () => Promise<void>
}): Promise<Rig> {
  const { options, folder, programs, database, floorServer, stop } = given
  const port: number = await freePort()
  const base = `http://127.0.0.1:${port}`
  const ids = instanceIds(options.scenario).slice(0, options.agents + options.spares)
  const tokens = await database.issueTokens(ids)
  const spareIds = ids.slice(options.agents)
  const world = await startWorld({ options, programs, base, tokens, agentIds: ids.slice(0, options.agents) })
  const launched = new Map<string, ProgramSettings>()
  const started = new Map<string, Program>()
  const supervisor = {
    start: (settings: ProgramSettings): Program => {
      const args = [...(options.nodeArguments ?? []), ...settings.args]
      launched.set(settings.name, { ...settings, args })
      const program = programs.start({ ...settings, args })
      started.set(settings.name, program)
      return program
    },
  }
  await startProduct({
    supervisor,
    databaseUrl: database.url,
    port,
    simulator: world.simulator,
    environment: {
      WATCHFLOOR_LOG_LEVEL: 'info',
      DCGM_INTERVAL_MS: '5000',
      ...(options.prometheus ? { PROMETHEUS_URL: await options.prometheus(`${world.base}/prometheus`) } : {}),
      ...options.environment,
      ...(await options.prepare?.({ folder, database, simulator: world.simulator })),
    },
  })
  const web = started.get('web')
  const worker = started.get('worker')
  const settings = launched.get('worker')
  const webSettings = launched.get('web')
  if (!web || !worker || !settings || !webSettings) throw new Error('the product did not start')
  const startWorker = (more: readonly string[] = []): Program =>
    programs.start({ ...settings, args: [...more, ...settings.args] })
  const { floor, floorBase } = await startFloor(programs, floorServer)
  const cookie = await signIn(base)
  const rig: Rig = {
    folder,
    database,
    programs,
    base,
    simulatorBase: world.base,
    scenario: options.scenario,
    cookie,
    tokens,
    spareIds,
    floorBase,
    web,
    floor,
    simulator: world.program,
    worker,
    startWorker,
    startWeb: (at, server) =>
      programs.start({
        ...webSettings,
        args: server === undefined ? webSettings.args : [...webSettings.args.slice(0, -1), server],
        name: `web-${at}`,
        env: { ...webSettings.env, PORT: String(at) },
      }),
    assertAlive: () => {
      for (const program of [rig.web, rig.worker, rig.simulator]) {
        if (program.ended) throw new Error(`${program.name} ended (${program.how})\n${logTail(program)}`)
      }
    },
    stop,
  }
  return rig
}

function quietUser(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production' }
}

type StartedWorld = {
  readonly program: Program
  readonly base: string
  readonly simulator: { readonly httpPort: number; readonly grpcPort: number; readonly env: object }
}

async function startWorld(given: {
  readonly options: RigOptions
  readonly programs: Programs
  readonly base: string
  readonly tokens: ReadonlyMap<string, string>
  readonly agentIds: readonly string[]
}): Promise<StartedWorld> {
  const { options, programs, base, tokens, agentIds } = given
  const agentTokens = Object.fromEntries(agentIds.map((id) => [id, tokens.get(id)]))
  const started: Program[] = []
  const supervisor = {
    start: (settings: { name: string; program: string; args: string[]; env: NodeJS.ProcessEnv }) => {
      const program = programs.start({
        ...settings,
        env: {
          ...settings.env,
          WATCHFLOOR_SIM_AGENT_URL: base,
          WATCHFLOOR_SIM_AGENT_TOKENS: JSON.stringify(agentTokens),
          WATCHFLOOR_SIM_AGENT_INTERVAL_S: String(options.agentIntervalSeconds ?? 12),
        },
      })
      started.push(program)
      return program
    },
  }
  const simulator = await startSimulator({
    supervisor,
    scenario: options.scenario,
    start: undefined,
    httpPort: await freePort(),
  })
  const [program] = started
  if (!program) throw new Error('the simulator did not start')
  return { program, base: `http://127.0.0.1:${simulator.httpPort}`, simulator }
}

async function startFloor(
  programs: Programs,
  server: string | undefined,
): Promise<{ readonly floor: Program | undefined; readonly floorBase: string }> {
  if (server === undefined) return { floor: undefined, floorBase: '' }
  const port: number = await freePort()
  const floor = programs.start({
    name: 'floor',
    program: process.execPath,
    args: [server],
    env: { ...quietUser(), PORT: String(port), HOSTNAME: '127.0.0.1' },
  })
  const floorBase = `http://127.0.0.1:${port}`
  await ready(floor, floorBase)
  return { floor, floorBase }
}

async function ready(program: Program, url: string): Promise<void> {
  await until(
    `${program.name} answers`,
    async () => {
      if (program.ended) throw new Error(`${program.name} ended (${program.how})\n${logTail(program)}`)
      return request(url).then(
        async ({ statusCode, body }) => {
          await body.dump()
          return statusCode === 200
        },
        () => false,
      )
    },
    READY_MS,
  )
}

/** untilWatched waits until the whole fleet is listed and its GPUs have been read. */
export async function untilWatched(
  rig: Rig,
  expected: { readonly gpus: number; readonly read: number },
): Promise<void> {
  progress(`waiting until ${expected.gpus} GPUs are listed and ${expected.read} of them read`)
  await until(
    'the whole fleet is read',
    async () => {
      rig.assertAlive()
      const fetched = await fetchSnapshot(rig.base, rig.cookie)
      if (!fetched) return false
      const { gpus, instances } = fetched.state
      const read = gpus.temp.reduce((count, temp) => count + (temp >= 0 ? 1 : 0), 0)
      const listed = instances.vastAt.every((at) => at > 0)
      return gpus.count >= expected.gpus && read >= expected.read && listed
    },
    240_000,
    1_000,
  )
}

/** logOf reads what a program has said so far. */
export function logOf(program: Program): string {
  return readFileSync(program.log, 'utf8')
}
