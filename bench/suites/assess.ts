import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assess as scan } from '../../scripts/assess/assess.mjs'
import { writeFixture } from '../../scripts/assess/fixture.mjs'
import { PROVIDERS } from '../../scripts/assess/providers.mjs'
import { root } from '../../scripts/lib/checkout.mjs'
import { run } from '../../scripts/lib/commands.mjs'
import { atEnd } from '../cleanup'
import { progress } from '../clock'
import { atLeast, atMost } from '../report'
import type { Suite } from '../suite'

/** Large trees that npm holds: two with their TypeScript sources, one that talks to a provider. */
const PACKAGES = ['@langchain/community@0.3.57', 'rxjs@7.8.2', '@mui/icons-material@7.3.4'] as const

type Inventory = {
  readonly files: { readonly seen: number; readonly read: number }
  readonly seconds: number
  readonly providers: readonly { readonly id: string; readonly findings: number }[]
  readonly findings: readonly { readonly file: string; readonly line: number; readonly kind: string }[]
}

const scanned = (folder: string, withBuilt: boolean): Inventory =>
  scan({ root: folder, providers: PROVIDERS, withBuilt }) as Inventory

/** assess counts what the scanner finds in the fixture repository, and times it over large trees (bar F1). */
export const assess: Suite = {
  name: 'assess',
  workload: `the fixture repository with its 40 planted usages and everything in it that only looks like one; then ${PACKAGES.join(', ')} as npm packs them (short form: the packages of this checkout)`,
  run: async ({ quick }) => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-assess-'))
    const stop = atEnd(async () => rmSync(folder, { recursive: true, force: true }))
    try {
      const fixture = join(folder, 'fixture')
      const planted = writeFixture(fixture) as readonly string[]
      const found = scanned(fixture, false).findings.map(({ file, line, kind }) => `${file}:${line} ${kind}`)
      const hits = planted.filter((one) => found.includes(one)).length
      const trees = quick ? checkoutTrees() : await packedTrees(folder)
      const results = trees.map(({ name, path }) => ({ name, ...timed(name, path) }))
      const seen = results.reduce((total, { inventory }) => total + inventory.files.seen, 0)
      const seconds = results.reduce((total, one) => total + one.seconds, 0)
      return {
        figures: {
          planted: planted.length,
          found: hits,
          false: found.length - hits,
          files: seen,
          seconds,
          trees: results.map(({ name, inventory, seconds: took }) => ({
            name,
            files: inventory.files.seen,
            read: inventory.files.read,
            seconds: took,
            usages: inventory.findings.length,
          })),
        },
        bars: [
          atLeast({ id: 'F1', figure: 'planted usages found', value: hits, limit: 40, unit: 'usages' }),
          atMost({
            id: 'F1',
            figure: 'false findings in the fixture',
            value: found.length - hits,
            limit: 0,
            unit: 'findings',
          }),
          atMost({
            id: 'F1',
            figure: '10,000 files',
            value: seen < 2_000 ? undefined : (seconds / seen) * 10_000,
            limit: 10,
            unit: 's',
          }),
          atLeast({
            id: 'F1',
            figure: 'trees scanned',
            value: results.length,
            limit: quick ? 1 : PACKAGES.length,
            unit: 'trees',
          }),
        ],
      }
    } finally {
      await stop()
    }
  },
}

type Tree = { readonly name: string; readonly path: string }

function timed(name: string, path: string): { readonly inventory: Inventory; readonly seconds: number } {
  const startedMs = performance.now()
  const inventory = scanned(path, true)
  const seconds = (performance.now() - startedMs) / 1_000
  progress(
    `${name}: ${inventory.files.seen} files in ${seconds.toFixed(2)} s, ${inventory.findings.length} usages`,
  )
  return { inventory, seconds }
}

/** Each package of the checkout by itself: what lies below a node_modules is left out by the scanner. */
function checkoutTrees(): readonly Tree[] {
  const modules = join(root, 'node_modules')
  return readdirSync(modules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ name, path: join(modules, name) }))
}

async function packedTrees(folder: string): Promise<readonly Tree[]> {
  const trees: Tree[] = []
  for (const name of PACKAGES) {
    const path = join(folder, name.replace(/[^a-z0-9]+/g, '-'))
    mkdirSync(path, { recursive: true })
    const packed = await run('npm', ['pack', name, '--silent', '--pack-destination', path], {})
    if (packed.code !== 0) throw new Error(`npm could not pack ${name}:\n${packed.errors}`)
    const file = readdirSync(path).find((one) => one.endsWith('.tgz'))
    if (file === undefined) throw new Error(`npm packed nothing for ${name}`)
    const { code, errors } = await run('tar', ['xzf', join(path, file), '-C', path], {})
    if (code !== 0) throw new Error(`${file} could not be unpacked:\n${errors}`)
    trees.push({ name, path })
  }
  return trees
}
