import { resolve } from 'node:path'
import { readRunbooks } from './load'

const USAGE = `Usage: npm run runbooks:check [-- DIR] [--json]

Checks every runbook file below DIR (default: runbooks) against its schema.
Prints file:line:column: reason for every fault and exits 1 if there is one.`

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
