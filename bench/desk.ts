import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Console, createConsole, setConsole } from '../lib/console'
import { env } from '../lib/platform/env'
import { root } from '../scripts/lib/checkout.mjs'
import { productEnvironment } from '../scripts/lib/environment.mjs'
import type { LedgerEntry } from '../simulator/ledger'
import { loadScenario } from '../simulator/scenario'
import { createSimulator, type Simulator } from '../simulator/simulator'
import { atEnd } from './cleanup'
import { type Database, freshDatabase } from './postgres'
import { createPrograms, type Program, type Programs } from './processes'

/** Desk is a console beside a simulated world in this process, on a database of its own; workers are started and killed beside it. */
export type Desk = {
  readonly database: Database
  readonly world: Simulator
  readonly programs: Programs
  readonly app: Console
  /** env is what a worker needs to work on the same database and world. */
  readonly env: NodeJS.ProcessEnv
}

/** atDesk brings a desk up, works at it, and takes everything down again. */
export async function atDesk<Result>(work: (desk: Desk) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const database = await freshDatabase(folder)
  const world = createSimulator({
    scenario: loadScenario(join(root, 'bench', 'faults.yaml')),
    startMs: Date.now(),
    wallMs: () => performance.now(),
  })
  const programs = createPrograms(folder, root)
  const stop = atEnd(async () => {
    await programs.stopAll()
    await world.close()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  })
  try {
    const made = await environmentOf(database, world)
    Object.assign(process.env, made, { WATCHFLOOR_LOG_LEVEL: 'warn' })
    const app = createConsole({ name: 'bench', env: env() })
    setConsole(app)
    try {
      return await work({
        database,
        world,
        programs,
        app,
        env: { ...made, WATCHFLOOR_LOG_LEVEL: 'info' },
      })
    } finally {
      await app.close()
    }
  } finally {
    await stop()
  }
}

async function environmentOf(database: Database, world: Simulator): Promise<NodeJS.ProcessEnv> {
  const { http, grpc } = await world.listen({ http: 0, grpc: 0 })
  const { cluster, scenario } = world.running().world
  return productEnvironment({
    databaseUrl: database.url,
    port: 3000,
    simulator: {
      httpPort: http,
      grpcPort: grpc,
      env: {
        KUBERNETES_NAMESPACE: cluster.namespace,
        KUBERNETES_DEPLOYMENTS: cluster.names.join(','),
        KUBERNETES_SECRETS: `${scenario.world.kubernetes.secret}/VASTAI_API_KEY`,
      },
    },
  })
}

/** startChild starts a worker with one of its jobs, the file `child`, so that it can be killed alone. */
export function startChild(
  { programs, env: environment }: Desk,
  child: URL,
  more: Readonly<Record<string, string>>,
): Program {
  return programs.start({
    name: 'worker',
    program: process.execPath,
    args: ['--import', 'tsx', fileURLToPath(child)],
    env: { ...environment, ...more },
  })
}

/** ledgerOf is what was really changed, as the simulated world counted it. */
export function ledgerOf({ world }: Pick<Desk, 'world'>): readonly LedgerEntry[] {
  return world.running().world.ledger.list()
}
