#!/usr/bin/env node
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { assess } from './assess/assess.mjs'
import { chosenProviders } from './assess/providers.mjs'

const USAGE = `npm run migrations:assess -- DIR [options]      (or: npx watchfloor-assess DIR)

Finds what uses a GPU provider in TypeScript, JavaScript, Python, manifests and environment files.

  --provider ID|FILE   a known provider, or a JSON file that describes one; may be given several times (default: all known)
  --built              reads dist, build, out, target and vendor too
  --json               prints the whole inventory as JSON
  --save FILE          writes the inventory to a file
  --upload URL         saves it in the migration named by --migration; WATCHFLOOR_API_KEY holds a key with migrations.report
  --migration NUMBER   the number of the migration, e.g. 3`

/** What a migration keeps of findings one by one; the sums are of all. */
const MAX_SENT = 2_000

const OPTIONS = {
  provider: { type: 'string', multiple: true, default: [] },
  built: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  save: { type: 'string' },
  upload: { type: 'string' },
  migration: { type: 'string' },
  help: { type: 'boolean', default: false },
}

async function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true })
  const [root] = positionals
  if (values.help || root === undefined || positionals.length > 1) {
    process.stderr.write(`${USAGE}\n`)
    return values.help ? 0 : 2
  }
  const inventory = assess({
    root,
    providers: chosenProviders(values.provider),
    withBuilt: values.built,
  })
  if (values.save) writeFileSync(values.save, `${JSON.stringify(inventory, null, 2)}\n`)
  process.stdout.write(values.json ? `${JSON.stringify(inventory, null, 2)}\n` : told(inventory))
  if (values.upload) await upload(values, inventory)
  return 0
}

function told({ root, files, seconds, providers, dataTypes }) {
  const lines = [
    `${root}: ${files.seen} files, ${files.read} of them read in ${seconds} s; ${files.withUsage} use a provider`,
  ]
  for (const one of providers) {
    lines.push(
      '',
      `${one.name}: ${one.findings} usages in ${one.files} files, ${one.integrationPoints} integration points`,
      `  dependencies: ${one.dependencies.join(', ') || 'none'}`,
      `  credentials: ${one.credentials.join(', ') || 'none'}`,
      `  customisations: ${one.customisations.join(', ') || 'none'}`,
    )
  }
  if (providers.length === 0)
    lines.push('No known provider is used here. Name yours with --provider FILE.json.')
  if (dataTypes.length > 0) lines.push('', `data types: ${dataTypes.map(({ name }) => name).join(', ')}`)
  return `${lines.join('\n')}\n`
}

async function upload({ upload: base, migration }, inventory) {
  const number = Number(migration)
  if (!Number.isInteger(number)) throw new Error('--upload asks for --migration NUMBER')
  const key = process.env.WATCHFLOOR_API_KEY
  if (!key) throw new Error('Set WATCHFLOOR_API_KEY to a key with the scope migrations.report.')
  const answer = await fetch(new URL('/api/commands/migrations.saveInventory', base), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      number,
      inventory: { ...inventory, findings: inventory.findings.slice(0, MAX_SENT) },
    }),
    signal: AbortSignal.timeout(30_000),
  })
  if (!answer.ok)
    throw new Error(`Watchfloor answers ${answer.status}: ${(await answer.text()).slice(0, 400)}`)
  process.stderr.write(`saved in migration ${number}\n`)
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
