#!/usr/bin/env node
// Prisma's own schema engine (its WebAssembly build) behind the line-by-line JSON-RPC that the Prisma CLI speaks
// to the program named by PRISMA_SCHEMA_ENGINE_BINARY. It is used where the native engine can't be downloaded.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { EnginePostgres } from './lib/engine-postgres.mjs'

const CONNECT_TIMEOUT_MS = 10_000
/** Postgres error code → the Prisma error code that the CLI turns into its own message. */
const PRISMA_CODES = { '3D000': 'P1003', '28P01': 'P1000', 28000: 'P1010', '42P04': 'P1009' }
/** Methods that read the result of a shadow-database replay which only devDiagnostic performs in this build. */
const NEEDS_REPLAY = new Set(['evaluateDataLoss', 'createMigration'])
const RENAMED = { getDatabaseVersion: 'version' }

async function main(args) {
  const engineClass = await loadEngine()
  if (args.includes('--version')) {
    process.stdout.write(`schema-engine-cli ${engineClass.version}\n`)
    return 0
  }
  const url = JSON.parse(valueAfter(args, '--datasource') ?? '{}').url
  const cli = args.indexOf('cli')
  if (cli >= 0) return runDatabaseCommand(args[cli + 1], url)
  await serve({ engineClass, url, datamodels: readDatamodels(args) })
  return 0
}

function valueAfter(args, name) {
  const index = args.indexOf(name)
  return index < 0 ? undefined : args[index + 1]
}

function readDatamodels(args) {
  const paths = args.flatMap((arg, i) => (arg === '--datamodels' || arg === '-d' ? [args[i + 1]] : []))
  return paths.length > 0 ? paths.map((path) => [path, readFileSync(path, 'utf8')]) : undefined
}

async function loadEngine() {
  const directory = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const bindings = await import(pathToFileURL(join(directory, 'schema_engine_bg.js')).href)
  const bytes = readFileSync(join(directory, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= {
    set_message: (message) => logLine('ERROR', { message: `panic: ${message}`, is_panic: true }),
  }
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return { create: bindings.SchemaEngine.new, version: bindings.version() }
}

function logLine(level, fields) {
  const line = { timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}

async function runDatabaseCommand(command, url) {
  // The CLI throws the first line of stderr away before it reads the answer.
  logLine('INFO', { message: 'Starting schema engine CLI' })
  try {
    await databaseCommand(command, url)
    return 0
  } catch (error) {
    const message = error.message || String(error.code)
    logLine('ERROR', { message, error_code: PRISMA_CODES[error.code] ?? 'P1001', is_panic: false })
    return 1
  }
}

async function databaseCommand(command, url) {
  if (command === 'can-connect-to-database') {
    await withClient(url, () => undefined)
    logLine('INFO', { message: 'Connection established' })
    return
  }
  const maintenance = new URL(url)
  const name = pg.escapeIdentifier(decodeURIComponent(maintenance.pathname.slice(1)))
  maintenance.pathname = '/postgres'
  if (command === 'create-database')
    await withClient(maintenance.href, (c) => c.query(`CREATE DATABASE ${name}`))
  else if (command === 'drop-database')
    await withClient(maintenance.href, (c) => c.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  else throw new Error(`schema-engine.mjs knows no command "${command}"`)
}

async function withClient(url, use) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function serve({ engineClass, url, datamodels }) {
  const adapter = bindMigrationAwareSqlAdapterFactory(
    new EnginePostgres(url ?? 'postgresql://no-url.invalid/none'),
  )
  let engine
  const getEngine = async () => {
    engine ??= await engineClass.create({ datamodels }, forwardEngineLog, adapter)
    return engine
  }
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue
    const request = JSON.parse(line)
    // A line without a method is the CLI's answer to our own "print".
    if (request.method) respond(await answer(getEngine, request))
  }
}

function forwardEngineLog(message) {
  try {
    process.stderr.write(`${JSON.stringify(JSON.parse(message))}\n`)
  } catch {
    logLine('INFO', { message })
  }
}

async function answer(getEngine, { id, method, params }) {
  try {
    return { jsonrpc: '2.0', result: await call(await getEngine(), { id, method, params }), id }
  } catch (error) {
    const data = {
      is_panic: false,
      message: error.message ?? String(error),
      meta: error.meta ?? null,
      error_code: typeof error.code === 'string' ? error.code : null,
    }
    const message = 'An error happened. Check the data field for details.'
    return { jsonrpc: '2.0', error: { code: 4466, message, data }, id }
  }
}

async function call(engine, { id, method, params }) {
  const name = RENAMED[method] ?? method
  if (typeof engine[name] !== 'function') throw new Error(`schema-engine.mjs knows no method "${method}"`)
  if (NEEDS_REPLAY.has(method) && params.migrationsList.migrationDirectories.length > 0)
    await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters })
  const result = await engine[name](params)
  if (method !== 'diff' || result?.stdout == null) return result ?? {}
  respond({ jsonrpc: '2.0', method: 'print', params: { content: result.stdout }, id: `print-${id}` })
  return { exitCode: result.exitCode, stdout: null }
}

function respond(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

// A panic inside the WebAssembly arrives here; this exit code is how the native engine tells the CLI of one.
process.on('uncaughtException', (error) => {
  logLine('ERROR', { message: error.stack ?? String(error), is_panic: true })
  process.exit(101)
})
process.exit(await main(process.argv.slice(2)))
