import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createRunbooks } from '@/lib/runbooks/load'
import { forestOf } from '@/lib/triage/load-forest'
import { loadScenario, ScenarioError } from '@/simulator/scenario'
import { type DrillResult, runDrill } from './run-drill'

const USAGE = `Usage: npm run drill -- --headless (--scenario FILE | --all [DIR]) [--json] [--runbooks DIR]

Plays scenarios in simulated time without a browser and lets triage answer: path, diagnosis, evidence, simulated seconds
from the first symptom to the diagnosis, actions proposed. Exits 1 when triage did not hold to a scenario's truth.
With --all every scenario below DIR (default: runbooks/scenarios) that states a truth.`

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
    .filter((file) => loadScenario(file).truth.length > 0)
}

async function main(args: readonly string[]): Promise<number> {
  const files = filesOf(args)
  if (files === undefined || args.includes('--help')) {
    process.stderr.write(`${USAGE}\n`)
    return args.includes('--help') ? 0 : 2
  }
  const dir = resolve(valueAfter(args, '--runbooks') ?? 'runbooks')
  const shelf = await createRunbooks({ dir, now: new Date(0) })
  for (const it of shelf.problems())
    process.stderr.write(`${it.file}:${it.line}:${it.column}: ${it.reason}\n`)
  if (shelf.problems().length > 0) return 1
  const around = { forest: forestOf(shelf.current()), policy: shelf.current().health }
  const results: DrillResult[] = []
  for (const file of files) {
    const result = await runDrill(loadScenario(file), around)
    results.push(result)
    if (!args.includes('--json')) print(result)
  }
  if (args.includes('--json')) {
    const out = { ok: results.every((one) => one.ok), scenarios: results.length, results }
    process.stdout.write(`${JSON.stringify(args.includes('--all') ? out : results[0], null, 2)}\n`)
  }
  return results.every((one) => one.ok) ? 0 : 1
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
  for (const problem of result.problems) process.stdout.write(`    ✗ ${problem}\n`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof ScenarioError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
process.exit()
