import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { checkActionNames } from '../actions/policy-check'
import { checkCases } from '../triage/policy-cases'
import { ACTIONS_KIND, TRIAGE_CASES_KIND, TRIAGE_TREE_KIND } from './kinds'
import { entriesOf, type Runbooks, readRunbooks } from './load'
import { placeOf, type RunbookProblem } from './parse'

const USAGE = `Usage: npm run runbooks:check [-- DIR] [--json]

Checks every runbook file below DIR (default: runbooks) against its schema, the triage trees as a whole, the actions
that they name against DIR/actions, and the trees against the recorded cases in DIR/triage-cases. A leaf counts as tested when a case or the truth of a scenario
in DIR/scenarios names it.
Prints file:line:column: reason for every fault and exits 1 if there is one.`

/** A scenario that cannot be read tests nothing; the simulator's own check names its faults. */
async function leavesInScenarios(dir: string): Promise<ReadonlySet<string>> {
  const leaves = new Set<string>()
  const names = await readdir(join(dir, 'scenarios'), { recursive: true }).catch(() => [])
  for (const name of names.filter((it) => /\.ya?ml$/.test(it))) {
    const text = await readFile(join(dir, 'scenarios', name), 'utf8')
    const found: unknown = parse(text, { logLevel: 'silent' })
    const truth = found !== null && typeof found === 'object' && 'truth' in found ? found.truth : []
    for (const one of Array.isArray(truth) ? truth : []) {
      if (typeof one?.leaf === 'string') leaves.add(one.leaf)
    }
  }
  return leaves
}

async function caseProblems(dir: string, runbooks: Runbooks): Promise<readonly RunbookProblem[]> {
  const sourced = <T>(folder: string, entries: readonly { readonly name: string; readonly value: T }[]) =>
    entries.map(({ name, value }) => ({ file: fileOf(runbooks, folder, name), value }))
  const trees = sourced('triage', entriesOf(runbooks, TRIAGE_TREE_KIND))
  const cases = sourced('triage-cases', entriesOf(runbooks, TRIAGE_CASES_KIND))
  const faults = [
    ...checkCases(trees, cases, await leavesInScenarios(dir)),
    ...checkActionNames(trees, sourced('actions', entriesOf(runbooks, ACTIONS_KIND))),
  ]
  return Promise.all(
    faults.map(async ({ file, path, reason }) => ({
      file,
      ...placeOf(await readFile(join(dir, file), 'utf8'), path),
      reason,
    })),
  )
}

function fileOf(runbooks: Runbooks, folder: string, name: string): string {
  return (
    [...runbooks.files.keys()].find((path) => path.replace(/\.ya?ml$/, '') === `${folder}/${name}`) ?? folder
  )
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--json' && arg !== '--')
  const [dir = 'runbooks', ...more] = args.filter((arg) => !arg.startsWith('-'))
  if (unknown !== undefined || more.length > 0) {
    console.error(`${unknown ?? more[0]} is not understood.\n\n${USAGE}`)
    return 2
  }
  const first = await readRunbooks({ dir: resolve(dir), now: new Date() })
  const cases = first.ok ? await caseProblems(resolve(dir), first.runbooks) : []
  const read = cases.length > 0 ? { ok: false as const, problems: cases } : first
  if (args.includes('--json')) {
    const files = read.ok
      ? [...read.runbooks.files.values()].map(({ path, hash }) => ({ path, hash }))
      : undefined
    console.log(
      JSON.stringify(
        read.ok ? { ok: true, hash: read.runbooks.hash, files } : { ok: false, problems: read.problems },
        null,
        2,
      ),
    )
    return read.ok ? 0 : 1
  }
  if (!read.ok) {
    for (const it of read.problems) console.error(`${dir}/${it.file}:${it.line}:${it.column}: ${it.reason}`)
    return 1
  }
  for (const { path, hash } of read.runbooks.files.values()) console.log(`${hash.slice(0, 12)}  ${path}`)
  console.log(`${read.runbooks.hash.slice(0, 12)}  all ${read.runbooks.files.size} files are in order`)
  return 0
}

process.exitCode = await main(process.argv.slice(2))
