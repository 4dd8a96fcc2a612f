import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Permission } from '../lib/access/permissions'
import { type Somebody, somebodyIn } from '../lib/access/testing/somebody'
import { type Console, createConsole } from '../lib/console'
import { env } from '../lib/platform/env'
import { root, statePath } from '../scripts/lib/checkout.mjs'
import { productEnvironment } from '../scripts/lib/environment.mjs'
import { atEnd } from './cleanup'
import { until } from './clock'
import { usageOf } from './cpu'
import { type Database, freshDatabase } from './postgres'
import { createPrograms, logTail, type Programs } from './processes'
import { logOf } from './rig'

/** Doors are the product's own doors on a fresh database, in a process of their own. */
export type Doors = {
  readonly base: string
  /** cpuSeconds is what the process of the doors has worked so far, whatever else the machine did. */
  readonly cpuSeconds: () => number
  readonly app: Console
  readonly database: Database
  readonly folder: string
  readonly programs: Programs
  readonly person: (roles: Parameters<typeof somebodyIn>[1]) => Promise<Somebody>
  /** keyOf makes an API key of a person with these scopes. */
  readonly keyOf: (person: Somebody, scopes: readonly Permission[]) => Promise<string>
  readonly stop: () => Promise<void>
}

/** bundled makes one file of a program: it starts in a third of the time that its sources take. */
export async function bundled(entry: URL, name: string): Promise<string> {
  const outfile = statePath('bench', `${name}-${process.pid}.mjs`)
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // Node finds the framework's files by their full names only.
    plugins: [
      {
        name: 'full-names',
        setup: (builder) =>
          builder.onResolve({ filter: /^next\/[a-z]+$/ }, ({ path }) => ({
            path: `${path}.js`,
            external: true,
          })),
      },
    ],
    logLevel: 'silent',
  })
  return outfile
}

/** openDoors starts them. */
export async function openDoors(): Promise<Doors> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const programs = createPrograms(folder, root)
  const child = await bundled(new URL('./doors-child.ts', import.meta.url), 'doors-child')
  const database = await freshDatabase(folder)
  const made = productEnvironment({ databaseUrl: database.url, port: 3000, simulator: undefined })
  Object.assign(process.env, made, { WATCHFLOOR_LOG_LEVEL: 'warn' })
  const app = createConsole({ name: 'bench', env: { ...env(), DATABASE_URL: database.url } })
  const stop = atEnd(async () => {
    await programs.stopAll()
    await app.close()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
    rmSync(child, { force: true })
  })
  try {
    const web = programs.start({
      name: 'doors',
      program: process.execPath,
      args: [child],
      env: { ...made, WATCHFLOOR_LOG_LEVEL: 'warn' },
    })
    await until(
      'the doors are open',
      () => {
        if (web.ended) throw new Error(`the doors ended\n${logTail(web)}`)
        return logOf(web).includes('listening on')
      },
      30_000,
    )
    const port = /listening on (\d+)/.exec(logOf(web))?.[1]
    return {
      base: `http://127.0.0.1:${port}`,
      cpuSeconds: () => usageOf([web.pid]).cpuSeconds,
      app,
      database,
      folder,
      programs,
      person: (roles) => somebodyIn(app, roles),
      keyOf: async (person, scopes) => {
        const { secret } = await person.does('access.createKey', {
          name: 'bench',
          scopes: [...scopes],
          days: 1,
        })
        if (secret === null) throw new Error('a new key comes with its secret')
        return secret
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
