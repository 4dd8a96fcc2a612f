import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { parseIncidentName } from '../incidents/model'
import { type Db, openDb } from '../platform/db'
import { STEPS } from './model'
import { queueBundle } from './store'
import { verifyArchive } from './verify-archive'

const USAGE = `npm run evidence -- INCIDENT [--out FILE]   asks the worker for a bundle and writes it
npm run evidence -- --verify FILE             checks a bundle against its manifest`
const POLL_MS = 300
const UNTAKEN_MS = 30_000
const PATIENCE_MS = 300_000

function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name)
  if (at < 0) return undefined
  const value = args[at + 1]
  if (value === undefined || value.startsWith('--')) throw new Error(`${name} takes a file\n${USAGE}`)
  return value
}

async function verify(file: string): Promise<number> {
  const { manifest, manifestSha256, problems } = verifyArchive(await readFile(file))
  if (manifest === undefined || problems.length > 0) {
    console.error(`${file} is not whole:`)
    for (const problem of problems) console.error(`  ${problem}`)
    return 1
  }
  const { incident, files, missing, builtAt } = manifest
  console.log(`${file} is whole: ${incident.name}, built ${builtAt}, ${files.length} files.`)
  console.log(`Manifest SHA-256 ${manifestSha256}: compare it with the pin in the incident’s record.`)
  for (const { what, why } of missing) console.log(`  missing ${what}: ${why}`)
  return 0
}

async function incidentOf(db: Db, ref: string): Promise<{ readonly id: string }> {
  const named = parseIncidentName(ref)
  const row = named
    ? await db.incident.findFirst({ where: { drill: named.isDrill, number: named.number } })
    : null
  if (row === null) throw new Error(`There is no incident ${ref}.`)
  return row
}

async function built(db: Db, id: string) {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const row = await db.evidenceBundle.findUniqueOrThrow({ where: { id } })
    if (row.state === 'ready') return row
    if (row.state === 'failed') throw new Error(`It could not be built: ${row.problem}`)
    if (row.state === 'queued' && waitedMs > UNTAKEN_MS)
      throw new Error(
        'No worker has taken it on: is one running? It stays queued, and the page will show it.',
      )
    await wait(POLL_MS)
  }
  throw new Error(`It is still being built (${STEPS.length} steps). The incident’s page will show it.`)
}

async function collect(ref: string, out: string | undefined): Promise<number> {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('Set DATABASE_URL (`node scripts/db.mjs url` prints the one of this checkout).')
  const db = openDb({ url, name: 'evidence', max: 1 })
  try {
    const { id: incidentId } = await incidentOf(db, ref)
    const { id } = await db.$transaction((tx) =>
      queueBundle(tx, { incidentId, by: 'command-line', now: new Date() }),
    )
    const bundle = await built(db, id)
    const archive = await db.evidenceArchive.findUniqueOrThrow({ where: { bundleId: id } })
    const file = out ?? bundle.filename
    await writeFile(file, archive.body)
    console.log(`${file}: ${bundle.files} files, ${bundle.missing} missing, ${bundle.sizeBytes} bytes.`)
    console.log(`Manifest SHA-256 ${bundle.manifestSha256}`)
    return 0
  } finally {
    await db.$disconnect()
  }
}

async function main(args: readonly string[]): Promise<number> {
  const file = optionOf(args, '--verify')
  if (file !== undefined) return verify(file)
  const [ref] = args
  if (ref === undefined || ref.startsWith('--')) throw new Error(USAGE)
  return collect(ref, optionOf(args, '--out'))
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
  },
)
