import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bringBrowser } from './browser.mjs'
import { buildIfNeeded } from './building.mjs'
import { Failure, root, statePath } from './checkout.mjs'
import { run } from './commands.mjs'
import { productEnvironment } from './environment.mjs'
import { filesBelow } from './stamps.mjs'
import { addTallies, barsTally, emptyTally, playwrightTally, vitestTally } from './tally.mjs'

const node = process.execPath
const HARNESS_TIMEOUT_MS = 10 * 60_000
const PASSED = { passed: 1, failed: 0, skipped: 0 }
const FAILED = { passed: 0, failed: 1, skipped: 0 }

// The suites with bars that are exact counts, and what such a bar counts. Times are for the full form on a quiet machine:
// here they are printed, not judged.
const COUNTED = [
  { kind: 'bench', name: 'live' },
  { kind: 'faults', name: 'sources' },
  { kind: 'faults', name: 'leader' },
  { kind: 'faults', name: 'webhooks' },
  { kind: 'faults', name: 'actions' },
  { kind: 'faults', name: 'delivery' },
]
// Each suite has its own database and ports, and much of it waits for a lease to end or for streams to be held.
const LANES = 3
const EXACT_UNIT = /^(gaps|rows|processes|streams|bodies|answers|requests|runs|kills|kB|of \d)/
const TIMED_BARS = new Set(['A6.c', 'A6.d'])

/**
 * STAGES are the parts of `npm test` in order. Each gets {filter, serverUrl, testUrl, show} and returns a tally; a stage
 * with `whole` makes no sense for a part of the tests and is left out when a filter is given.
 */
export const STAGES = [
  { name: 'check', whole: true, run: runCheckStage },
  { name: 'unit', run: runUnitStage },
  { name: 'build', whole: true, slow: true, run: runBuildStage },
  { name: 'e2e', slow: true, run: runJourneyStage },
  { name: 'suites', whole: true, slow: true, run: runSuites },
]

// A check runs with what npm ci has installed, so it is loaded only now.
async function runCheckStage({ show }) {
  const { runChecks } = await import('./checks.mjs')
  const results = await runChecks(({ name, problems, seconds }) => {
    show(`${problems.length === 0 ? '✓' : '✗'} ${name} ${seconds.toFixed(1)} s\n`)
    for (const problem of problems) show(`    ${problem}\n`)
  })
  const failed = results.filter(({ problems }) => problems.length > 0).length
  return { passed: results.length - failed, failed, skipped: 0 }
}

async function runUnitStage({ filter, testUrl, show }) {
  const report = statePath('test', 'vitest.json')
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile=${report}`, '--passWithNoTests']
  const { code } = await run(node, [vitest, ...args, ...filter], {
    env: { ...productEnvironment({ databaseUrl: testUrl, port: 3000 }), NODE_ENV: 'test', NO_COLOR: '1' },
    onOutput: show,
  })
  if (!existsSync(report)) return FAILED
  const tally = vitestTally(JSON.parse(readFileSync(report, 'utf8')))
  // An error outside any test, such as an unhandled rejection, fails the run and no test.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

async function runBuildStage({ show }) {
  try {
    show((await buildIfNeeded()) ? 'built\n' : 'the build is up to date\n')
    return PASSED
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    show(`${error.message}\n`)
    return FAILED
  }
}

async function runJourneyStage({ filter, serverUrl, show }) {
  const journeys = filesBelow(root, 'e2e').filter((path) => /\.(spec|test)\.ts$/.test(path))
  if (filter.length > 0 && !journeys.some((path) => filter.some((word) => path.includes(word))))
    return emptyTally()
  if (journeys.length === 0) return skip(show, 'a journey in e2e/')
  if (!(await bringBrowser()))
    return skip(show, 'a browser (apt-get install chromium, or set PLAYWRIGHT_CHROMIUM)')
  try {
    const { runJourneys } = await import('./journeys.mjs')
    const { report } = await runJourneys({ serverUrl, args: filter, show })
    return report ? playwrightTally(report) : FAILED
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    show(`${error.message}\n`)
    return FAILED
  }
}

async function runSuites({ serverUrl, show }) {
  if (!existsSync(join(root, 'bench', 'main.ts'))) return skip(show, 'bench/main.ts')
  const waiting = [...COUNTED]
  const tallies = []
  const lane = async () => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift())
      tallies.push(await runBar({ ...suite, serverUrl, show }))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return addTallies(tallies)
}

// A harness prints one object with bars [{id, figure, value, limit, ok, skipped?}]; one that prints none counts by its code.
async function runBar({ kind, name, serverUrl, show }) {
  const { code, output, errors, timedOut } = await bench([kind, name, '--quick', '--json'], {
    DATABASE_URL: serverUrl,
  })
  const bars = lastJson(output)?.bars?.map(barOf)
  if (!bars) {
    show(`${code === 0 ? '✓' : '✗'} ${kind} ${name}${timedOut ? ' took too long' : ''}\n`)
    if (code !== 0) show(`${`${output}\n${errors}`.trim().split('\n').slice(-20).join('\n')}\n`)
    return code === 0 ? PASSED : FAILED
  }
  show(
    bars
      .map((bar) => `${barMark(bar)} ${kind} ${name}: ${bar.name}${bar.text ? `, ${bar.text}` : ''}\n`)
      .join(''),
  )
  return barsTally(bars.filter((bar) => bar.isExact))
}

function barOf({ id, figure, value, limit, unit = '', ok, skipped }) {
  const isExact = EXACT_UNIT.test(unit) && !TIMED_BARS.has(id)
  return { name: `${id} ${figure}`, passed: ok, skipped, isExact, text: `${value} against ${limit} ${unit}` }
}

function barMark({ passed, skipped, isExact }) {
  if (skipped) return `skipped: needs ${skipped}:`
  if (!isExact) return passed ? '· measured' : '· measured, over its limit'
  return passed ? '✓' : '✗'
}

function bench(args, env) {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
  return run(node, [tsx, join(root, 'bench', 'main.ts'), ...args], { env, timeoutMs: HARNESS_TIMEOUT_MS })
}

function lastJson(output) {
  const text = output.trim()
  for (let from = text.lastIndexOf('\n{') + 1; from >= 0; from = text.lastIndexOf('\n{', from - 2) + 1) {
    try {
      return JSON.parse(text.slice(from))
    } catch {
      if (from === 0) return undefined
    }
  }
  return undefined
}

function skip(show, need) {
  show(`skipped: needs ${need}\n`)
  return { passed: 0, failed: 0, skipped: 1 }
}
