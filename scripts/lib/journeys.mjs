import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfNeeded } from './building.mjs'
import { root, statePath } from './checkout.mjs'
import { run } from './commands.mjs'
import { createDatabase, dropDatabase } from './databases.mjs'
import { migrate } from './migrations.mjs'
import { freePort } from './ports.mjs'
import { peoplePath, seed } from './seeding.mjs'
import { shortRunbooks } from './short-runbooks.mjs'
import { startProduct, startSimulator } from './stack.mjs'
import { Supervisor } from './supervisor.mjs'

const DATABASE = 'watchfloor_e2e'

/**
 * runJourneys builds, starts a whole console on free ports with a database of its own, runs Playwright against it and
 * returns Playwright's JSON report (undefined when it wrote none) and its output.
 */
export async function runJourneys({ serverUrl, args = [], show = () => undefined }) {
  await buildIfNeeded()
  const supervisor = new Supervisor({ say: show })
  try {
    const databaseUrl = await freshDatabase(serverUrl)
    const simulator = await startSimulator({ supervisor, httpPort: await freePort() })
    const port = await freePort()
    const environment = { WATCHFLOOR_RUNBOOKS: shortRunbooks() }
    const address = await startProduct({ supervisor, databaseUrl, port, simulator, environment })
    return await runPlaywright({ args, show, databaseUrl, address, simulator })
  } finally {
    await supervisor.stopAll()
  }
}

async function freshDatabase(serverUrl) {
  await dropDatabase(serverUrl, DATABASE)
  const databaseUrl = await createDatabase(serverUrl, DATABASE)
  await migrate(databaseUrl)
  await seed(databaseUrl)
  return databaseUrl
}

async function runPlaywright({ args, show, databaseUrl, address, simulator }) {
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  const report = statePath('test', 'playwright.json')
  rmSync(report, { force: true })
  const { code, output } = await run(process.execPath, [cli, 'test', '--reporter=list,json', ...args], {
    onOutput: show,
    env: {
      DATABASE_URL: databaseUrl,
      E2E_BASE_URL: address,
      E2E_SIMULATOR_URL: `http://127.0.0.1:${simulator.httpPort}`,
      E2E_PEOPLE: peoplePath(DATABASE),
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  })
  return { code, output, report: readJson(report) }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
