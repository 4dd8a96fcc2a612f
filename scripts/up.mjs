#!/usr/bin/env node
// From a fresh clone to the running console in one command: npm run up
// Needs nothing but Node: what it imports at the top must load before npm ci has run.
import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { buildIfNeeded } from './lib/building.mjs'
import { Failure, optionValue, requireNode, root, runMain } from './lib/checkout.mjs'
import { killRunning } from './lib/commands.mjs'
import { installDependencies } from './lib/dependencies.mjs'
import { unsetSources } from './lib/environment.mjs'
import { generateClient, migrate } from './lib/migrations.mjs'
import { firstFreePort } from './lib/ports.mjs'
import { holdPostgres, releasePostgres } from './lib/postgres.mjs'
import { processMark } from './lib/processes.mjs'
import { claimRun, clearRun, writeRun } from './lib/run-record.mjs'
import { demoPeople, seed } from './lib/seeding.mjs'
import { startProduct, startSimulator } from './lib/stack.mjs'
import { say, seconds, step } from './lib/steps.mjs'
import { Supervisor } from './lib/supervisor.mjs'

const DEFAULT_PORT = 3000
const USAGE = `npm run up -- [options]
  --dev             next dev and tsx watch instead of a production build
  --scenario FILE   what happens in the simulated world
  --port N          where the console listens (default ${DEFAULT_PORT}; the next free one if it is taken)
  --no-sim          start no simulator
  --seed            put the demo people into your own database (DATABASE_URL) too`
const FLAGS = new Set(['--dev', '--scenario', '--port', '--no-sim', '--seed', '--help'])

const run = { pid: process.pid, mark: processMark(process.pid), url: undefined, children: [] }
const supervisor = new Supervisor({
  say,
  onChange: (children) => {
    run.children = children
    writeRun(run)
  },
})
let usesOwnDatabase = false
let stopping

async function main(args) {
  requireNode()
  if (args.includes('--help')) return say(USAGE)
  const options = readOptions(args)
  const { other, leftovers } = await claimRun()
  if (other)
    return say(
      `Watchfloor already runs (pid ${other.pid})${other.url ? ` at ${other.url}` : ', starting up'}`,
    )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal))
  if (leftovers.length > 0) say(`! stopped what a killed run had left: ${leftovers.join(', ')}`)
  try {
    await bringUp(options)
  } catch (error) {
    if (stopping) return stopping
    await stop()
    throw error
  }
}

function readOptions(args) {
  const unknown = args.find((arg) => arg.startsWith('--') && !FLAGS.has(arg))
  if (unknown) throw new Failure(`unknown option ${unknown}`, USAGE)
  const scenario = optionValue(args, '--scenario')
  if (scenario && !existsSync(scenario))
    throw new Failure(`there is no scenario file ${scenario}`, 'ls runbooks/scenarios lists the shipped ones')
  const port = Number(optionValue(args, '--port') ?? process.env.PORT ?? DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Failure('--port must be a number between 1 and 65535', 'npm run up -- --port 3000')
  return {
    dev: args.includes('--dev'),
    simulate: !args.includes('--no-sim') && unsetSources().length > 0,
    seed: args.includes('--seed'),
    scenario: scenario && resolve(scenario),
    port,
  }
}

async function bringUp({ dev, simulate, scenario, port, seed: seedOwn }) {
  const startedAt = performance.now()
  say(`Node ${process.versions.node}, ${root}`)
  await step('dependencies', async () => ((await installDependencies()) ? 'installed' : 'installed already'))
  let databaseUrl
  await step('database', async () => {
    databaseUrl = await openDatabase()
    return databaseName(databaseUrl)
  })
  await step('Prisma client', async () => ((await generateClient()) ? 'written' : 'up to date'))
  await step('migrations', async () => appliedText(await migrate(databaseUrl)))
  if (usesOwnDatabase || seedOwn)
    await step('demo data', async () => ((await seed(databaseUrl)) ? 'written' : 'there already'))
  if (!dev) await step('build', async () => ((await buildIfNeeded()) ? 'made' : 'up to date'))
  let simulator
  if (simulate)
    await step('simulator', async () => {
      simulator = await startSimulator({ supervisor, scenario, dev })
      return `http ${simulator.httpPort}, gRPC ${simulator.grpcPort}`
    })
  await step('console', async () => {
    const free = await firstFreePort(port)
    run.url = await startProduct({ supervisor, databaseUrl, port: free, simulator, dev })
    writeRun(run)
    return free === port ? 'web and worker are ready' : `web and worker are ready (port ${port} is taken)`
  })
  announce(startedAt)
}

function appliedText(count) {
  return count > 0 ? `${count} applied` : 'none pending'
}

async function openDatabase() {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL
  usesOwnDatabase = true
  return (await holdPostgres('up')).url
}

function databaseName(url) {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

function announce(startedAt) {
  say(`\nWatchfloor is up after ${seconds(startedAt)}: ${run.url}`)
  const people = demoPeople()
  if (people.length > 0) say('Sign in as')
  for (const { role, email, password, name } of people)
    say(`  ${String(role ?? name).padEnd(12)} ${String(email).padEnd(28)} ${password ?? ''}`)
  say(`Logs: ${relative(process.cwd(), resolve(root, '.watchfloor/logs'))}. Ctrl-C stops everything.\n`)
}

function stop(signal) {
  if (stopping) {
    // Asked a second time: no more waiting.
    if (signal) supervisor.killAll()
    return stopping
  }
  stopping = stopEverything(signal)
  return stopping
}

async function stopEverything(signal) {
  if (signal) say('\nstopping …')
  killRunning()
  await supervisor.stopAll()
  if (usesOwnDatabase) await releasePostgres('up')
  clearRun()
  if (!signal) return
  say('stopped')
  process.exit(0)
}

await runMain(main)
