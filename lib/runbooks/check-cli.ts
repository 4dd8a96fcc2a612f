import { resolve } from 'node:path'
import { readRunbooks } from './load'
import { findingsOf } from './load-check'

const USAGE = `Usage: npm run runbooks:check [-- DIR] [--json]

Checks every runbook file below DIR (default: runbooks) against its schema, the triage trees as a whole, the actions
that they name against DIR/actions, and the trees against the recorded cases in DIR/triage-cases. A leaf counts as tested when a case or the truth of a scenario
in DIR/scenarios names it.
Prints file:line:column: reason for every finding and exits 1 if there is one. With --json each finding has a grade:
a fault keeps the runbooks from being taken, a gap does not.`

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
  const read = await readRunbooks({ dir: resolve(dir), now: new Date() })
  const problems = await findingsOf(read, resolve(dir))
  const isGood = read.ok && problems.length === 0
  const files = read.ok ? [...read.runbooks.files.values()].map(({ path, hash }) => ({ path, hash })) : []
  const hash = read.ok ? read.runbooks.hash : ''
  if (args.includes('--json')) {
    console.log(JSON.stringify(isGood ? { ok: true, hash, files } : { ok: false, problems }, null, 2))
    return isGood ? 0 : 1
  }
  for (const it of problems) console.error(`${dir}/${it.file}:${it.line}:${it.column}: ${it.reason}`)
  if (!isGood) return 1
  for (const file of files) console.log(`${file.hash.slice(0, 12)}  ${file.path}`)
  console.log(`${hash.slice(0, 12)}  all ${files.length} files are in order`)
  return 0
}

process.exitCode = await main(process.argv.slice(2))
