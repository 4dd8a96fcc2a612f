import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Bar } from '@/bench/report'
import { isRecorded } from '@/lib/drills/recorded'
import { createRunbooks } from '@/lib/runbooks/load'
import { forestOf } from '@/lib/triage/load-forest'
import { loadScenario, type Scenario, ScenarioError } from '@/simulator/scenario'
import { barsOf, type Played } from './bars'
import { drillDeployments } from './deployments/report'
import { type DraftResult, draftBars, draftOf } from './drafts'
import { exportIncident } from './export-incident'
import { type DrillResult, runDrill } from './run-drill'
import { loadRecorded, runRecorded } from './run-recorded'

const USAGE = `Usage: npm run drill -- --headless (--scenario FILE | --all [DIR]) [--json] [--runbooks DIR]
       npm run drill -- --headless --drafts (--scenario FILE | --all [DIR]) [--json]
       npm run drill -- --headless --deployments [--json]
       npm run drill -- --export INCIDENT --out FILE
       npm run drill -- --scenario FILE

Headless, scenarios are played in simulated time without a browser and triage answers: path, diagnosis, evidence, simulated
seconds from the first symptom to the diagnosis, actions proposed. Exits 1 when triage did not hold to a scenario's truth.
With --all every scenario below DIR (default: runbooks/scenarios) that states a truth, and bars over all of them.
A recorded incident is replayed under the trees of its time, or under those of --runbooks DIR when that is given.
With --drafts a script declares, answers and resolves each; its postmortem is drafted and held against what was shown.
--deployments plays scripted deployments against the engine of rollouts and compares each decision with the truth.
--export writes an incident (INC-0142, DRILL-0007 or its id) as a scenario. Without --headless the console comes up.`

function valueAfter(args: readonly string[], flag: string): string | undefined {
  const at = args.indexOf(flag)
  const value = at === -1 ? undefined : args[at + 1]
  return value?.startsWith('--') ? undefined : value
}

function filesOf(args: readonly string[]): readonly string[] | undefined {
  const one = valueAfter(args, '--scenario')
  if (one !== undefined) return [one]
  if (!args.includes('--all')) return undefined
  const dir = valueAfter(args, '--all') ?? 'runbooks/scenarios'
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(dir, name))
    .filter((file) => isRecordedFile(file) || loadScenario(file).truth.length > 0)
}

function isRecordedFile(file: string): boolean {
  try {
    return isRecorded(readFileSync(file, 'utf8'))
  } catch (error) {
    const reason = `cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw new ScenarioError([{ file, line: 1, column: 1, reason }])
  }
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--export')) return exportTo(args)
  if (args.includes('--deployments')) return deployments(args.includes('--json'))
  const files = filesOf(args)
  if (files === undefined || args.includes('--help')) return usage(args.includes('--help'))
  const given = valueAfter(args, '--runbooks')
  const shelf = await createRunbooks({ dir: resolve(given ?? 'runbooks'), now: new Date(0) })
  for (const it of shelf.problems())
    process.stderr.write(`${it.file}:${it.line}:${it.column}: ${it.reason}\n`)
  if (shelf.problems().length > 0) return 1
  const around = { forest: forestOf(shelf.current()), policy: shelf.current().health }
  if (args.includes('--drafts')) return drafts(files, around, args.includes('--json'))
  const played: Played[] = []
  const results: DrillResult[] = []
  for (const file of files) {
    let scenario: Scenario | undefined
    if (!isRecordedFile(file)) scenario = loadScenario(file)
    const result = scenario
      ? await runDrill(scenario, around)
      : runRecorded(loadRecorded(file), file, given === undefined ? undefined : around.forest)
    results.push(result)
    if (scenario) played.push({ scenario, result })
    if (!args.includes('--json')) print(result)
  }
  const all = args.includes('--all')
  const bars = all ? barsOf(played, around.forest) : []
  const ok = results.every((one) => one.ok) && bars.every((bar) => bar.ok)
  if (args.includes('--json')) {
    const out = all ? { ok, scenarios: results.length, bars, results } : results[0]
    process.stdout.write(`${JSON.stringify(out, null, 2)}\n`)
  } else {
    printBars(bars)
  }
  return ok ? 0 : 1
}

async function drafts(
  files: readonly string[],
  around: Parameters<typeof draftOf>[1],
  isJson: boolean,
): Promise<number> {
  const results: DraftResult[] = []
  for (const file of files.filter((one) => !isRecordedFile(one))) {
    const result = await draftOf(loadScenario(file), around)
    results.push(result)
    if (isJson) continue
    const { ok, scenario, rows, shown, truths, gaps } = result
    process.stdout.write(
      `${ok ? '✓' : '✗'} ${scenario}: ${rows} rows hold ${shown + truths} events and ${gaps} gaps\n`,
    )
    for (const it of [...result.missing, ...result.disordered, ...result.durations, ...result.unmarked])
      process.stdout.write(`    ✗ ${it}\n`)
  }
  const bars = draftBars(results)
  const isKept = bars.every((bar) => bar.ok)
  if (isJson)
    process.stdout.write(
      `${JSON.stringify({ ok: isKept, scenarios: results.length, bars, results }, null, 2)}\n`,
    )
  else
    for (const { id, figure, value, limit, ok } of bars)
      process.stdout.write(`${ok ? '✓' : '✗'} ${id} ${figure}: ${value} (${limit})\n`)
  return isKept ? 0 : 1
}

function deployments(asJson: boolean): number {
  const drill = drillDeployments()
  if (asJson) process.stdout.write(`${JSON.stringify(drill, null, 2)}\n`)
  else {
    for (const one of drill.deployments) {
      process.stdout.write(
        `${one.problems.length === 0 ? '✓' : '✗'} ${one.name}: ${one.state.replace('_', ' ')} after ${one.minutes} min, at most ${one.maxPercent} %\n`,
      )
      for (const problem of one.problems) process.stdout.write(`    ✗ ${problem}\n`)
    }
    printBars(drill.bars)
  }
  return drill.ok ? 0 : 1
}

async function exportTo(args: readonly string[]): Promise<number> {
  const [incident, out] = [valueAfter(args, '--export'), valueAfter(args, '--out')]
  if (incident === undefined || out === undefined) return usage(false)
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl)
    throw new Error('Set DATABASE_URL (`node scripts/db.mjs url` prints the one of this checkout).')
  process.stdout.write(`${await exportIncident({ incident, out, databaseUrl })}\n`)
  return 0
}

function printBars(bars: readonly Bar[]): void {
  for (const { id, figure, value, unit, holds, limit, ok } of bars)
    process.stdout.write(`${ok ? '✓' : '✗'} ${id} ${figure}: ${value} ${unit} (${holds} ${limit})\n`)
}

function usage(isAsked: boolean): number {
  process.stderr.write(`${USAGE}\n`)
  return isAsked ? 0 : 2
}

function print(result: DrillResult): void {
  const seconds =
    result.secondsToDiagnosis === null ? '' : `, ${result.secondsToDiagnosis} s after the first symptom`
  process.stdout.write(`${result.ok ? '✓' : '✗'} ${result.scenario}: ${result.headline}${seconds}\n`)
  for (const { question, answer } of result.path) process.stdout.write(`    ${question} → ${answer}\n`)
  for (const { leaf, state, severity, explainedBy } of result.diagnosis)
    process.stdout.write(
      `    ${explainedBy === null ? '' : '  '}${severity} ${leaf}: ${state}${explainedBy === null ? '' : `, explained by ${explainedBy}`}\n`,
    )
  for (const { leaf, question, value, predicate, source } of result.evidence)
    process.stdout.write(`      ${leaf} · ${question}: ${value} ${predicate} (${source})\n`)
  if (result.possible.length > 0) process.stdout.write(`    possible: ${result.possible.join(', ')}\n`)
  if (result.recorded)
    process.stdout.write(`    stored   ${result.recorded.stored}\n    replayed ${result.recorded.replayed}\n`)
  for (const problem of result.problems) process.stdout.write(`    ✗ ${problem}\n`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
// What a pipe has not taken yet would be lost.
process.stdout.write('', () => process.exit())
