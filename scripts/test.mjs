#!/usr/bin/env node
// Every test there is: npm test. It brings what it needs, and its last line counts single tests over all stages.
import { Failure, requireNode, root, runMain } from './lib/checkout.mjs'
import { createDatabase, dropDatabase } from './lib/databases.mjs'
import { installDependencies } from './lib/dependencies.mjs'
import { generateClient, migrate } from './lib/migrations.mjs'
import { withPostgres } from './lib/postgres.mjs'
import { STAGES } from './lib/stages.mjs'
import { say, seconds, step } from './lib/steps.mjs'
import { addTallies, tallyLine } from './lib/tally.mjs'

const TEST_DATABASE = 'watchfloor_test'
const USAGE = `npm test -- [--quick] [--only STAGE] [filter …]
  --quick        leave out the production build and what needs it
  --only STAGE   one of ${STAGES.map(({ name }) => name).join(', ')}
  filter         run only test files whose path contains it`

async function main(args) {
  requireNode()
  if (args.includes('--help')) return say(USAGE)
  const { stages, filter } = choose(args)
  const startedAt = performance.now()
  say(`Node ${process.versions.node}, ${root}`)
  await step('dependencies', async () => ((await installDependencies()) ? 'installed' : 'installed already'))
  return withPostgres('test', async (serverUrl) => {
    const testUrl = await prepare(serverUrl)
    const show = (text) => process.stdout.write(text)
    const tally = addTallies(await runStages(stages, { filter, serverUrl, testUrl, show }))
    say(`\nall stages ${seconds(startedAt)}`)
    say(tallyLine(tally))
    return tally.failed > 0 ? 1 : 0
  })
}

function choose(args) {
  const onlyAt = args.indexOf('--only')
  const only = onlyAt < 0 ? undefined : args[onlyAt + 1]
  const filter = args.filter((arg, i) => !arg.startsWith('--') && !(onlyAt >= 0 && i === onlyAt + 1))
  const unknown = args.find((arg) => arg.startsWith('--') && !['--quick', '--only'].includes(arg))
  if (unknown || (onlyAt >= 0 && !STAGES.some(({ name }) => name === only)))
    throw new Failure(unknown ? `unknown option ${unknown}` : `there is no stage "${only}"`, USAGE)
  const stages = STAGES.filter(({ name }) => only === undefined || name === only)
    .filter(({ slow }) => !(slow && args.includes('--quick')))
    .filter(({ whole }) => !(whole && filter.length > 0))
  return { stages, filter }
}

async function prepare(serverUrl) {
  await dropDatabase(serverUrl, TEST_DATABASE)
  const testUrl = await createDatabase(serverUrl, TEST_DATABASE)
  await step('Prisma client', async () => ((await generateClient()) ? 'written' : 'up to date'))
  await step('migrations', async () => `${await migrate(testUrl)} applied`)
  return testUrl
}

async function runStages(stages, context) {
  const tallies = []
  for (const stage of stages) {
    const startedAt = performance.now()
    say(`\n── ${stage.name}`)
    const tally = strict(await runStage(stage, context))
    say(`── ${stage.name}: ${tallyLine(tally).replaceAll(',', ' ·')} in ${seconds(startedAt)}`)
    tallies.push(tally)
  }
  return tallies
}

async function runStage(stage, context) {
  try {
    return await stage.run(context)
  } catch (error) {
    say(error instanceof Failure ? `✗ ${error.message}\n  Repair: ${error.repair}` : `✗ ${error.stack}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

// On a build server everything that a test needs is there, so a skipped test is a failed one.
function strict(tally) {
  return process.env.CI === 'true' ? { ...tally, failed: tally.failed + tally.skipped, skipped: 0 } : tally
}

await runMain(main)
