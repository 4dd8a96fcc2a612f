#!/usr/bin/env node
// The checkout's own Postgres: start, stop, where it is, and what is in it.
import { Failure, optionValue, requireNode, runMain } from './lib/checkout.mjs'
import { canConnect, createDatabase, dropDatabase } from './lib/databases.mjs'
import { generateClient, migrate, migrationNames, pendingMigrations } from './lib/migrations.mjs'
import * as postgres from './lib/postgres.mjs'

const USAGE = `node scripts/db.mjs COMMAND
  start                    start the embedded Postgres and leave it running
  stop [--force]           stop it cleanly (--force: also when something uses it)
  url [--database NAME]    print the connection url, starting it and making the database if need be
  migrate [--database NAME]  apply pending migrations
  generate                 write the Prisma client if the schema changed
  reset [--force]          empty the database and apply every migration (--force: also one set by DATABASE_URL)
  status [--json]          say what runs and what is pending
With DATABASE_URL set, that database is used and nothing is started.`

const COMMANDS = { start, stop, url: printUrl, migrate: runMigrate, generate, reset, status }

async function main([name, ...args]) {
  requireNode()
  const command = COMMANDS[name]
  if (!command) throw new Failure(`unknown command "${name ?? ''}"`, USAGE)
  return command(args)
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

async function databaseUrl(args) {
  const name = optionValue(args, '--database')
  const url = process.env.DATABASE_URL || (await postgres.keepPostgres()).url
  return name ? createDatabase(url, name) : url
}

async function start() {
  if (process.env.DATABASE_URL) return say('DATABASE_URL is set: using that database, starting none')
  const { port, pid, started } = await postgres.keepPostgres()
  say(`Postgres ${started ? 'started' : 'already runs'} on 127.0.0.1:${port} (pid ${pid})`)
}

async function stop(args) {
  const holders = postgres.liveHolders()
  if (holders.length > 0 && !args.includes('--force'))
    throw new Failure(
      `Postgres is in use by ${holders.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ')}`,
      'end that first, or node scripts/db.mjs stop --force',
    )
  say((await postgres.stopPostgres()) ? 'Postgres stopped' : 'Postgres was not running')
}

async function printUrl(args) {
  say(await databaseUrl(args))
}

async function runMigrate(args) {
  const count = await migrate(await databaseUrl(args))
  say(count > 0 ? `${count} migrations applied` : 'nothing pending')
}

async function generate() {
  say((await generateClient()) ? 'Prisma client written' : 'Prisma client is up to date')
}

async function reset(args) {
  if (process.env.DATABASE_URL && !args.includes('--force'))
    throw new Failure(
      'DATABASE_URL names a database of yours',
      'add --force if everything in it may be deleted',
    )
  const url = await databaseUrl(args)
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  await dropDatabase(url, name)
  await createDatabase(url, name)
  say(`database ${name} emptied, ${await migrate(url)} migrations applied`)
}

async function status(args) {
  const report = await readStatus()
  if (args.includes('--json')) return say(JSON.stringify(report))
  say(report.running ? `Postgres answers at ${report.server}` : 'Postgres is not running')
  if (report.running)
    say(`migrations: ${report.migrations - report.pending.length} of ${report.migrations} applied`)
  for (const name of report.pending) say(`  pending: ${name}`)
}

async function readStatus() {
  const url = process.env.DATABASE_URL || postgres.findPostgres()?.url
  const running = url !== undefined && (await canConnect(url))
  const base = {
    running,
    embedded: !process.env.DATABASE_URL,
    migrations: migrationNames().length,
    pending: [],
  }
  if (!running) return base
  const { host, pathname } = new URL(url)
  return { ...base, server: host + pathname, pending: await pendingMigrations(url) }
}

await runMain(main)
