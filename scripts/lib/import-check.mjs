import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './checkout.mjs'
import { GROUND, PLANTS, RING } from './import-plants.mjs'
import { RULES, violations } from './import-rules.mjs'
import { importCycles, importGraph } from './imports.mjs'
import { filesBelow } from './stamps.mjs'

const FOLDERS = ['app', 'components', 'lib', 'simulator', 'bench', 'e2e', 'prisma', 'agent', 'deploy']
const TOP_FILES = ['instrumentation.ts', 'instrumentation-node.ts', 'proxy.ts']

/** checkImports returns the broken import rules of the checkout, one line each, after proving that every rule bites. */
export function checkImports() {
  return [...findBlindRules(), ...findViolations(root)]
}

/** sourceFiles lists the TypeScript files of a tree that the import rules speak about. */
export function sourceFiles(base) {
  return [...FOLDERS, ...TOP_FILES]
    .flatMap((path) => filesBelow(base, path))
    .filter(
      (path) => /\.(ts|tsx)$/.test(path) && !path.endsWith('.d.ts') && !path.startsWith('prisma/generated/'),
    )
}

/** findViolations returns the broken import rules of a tree, one line each. */
export function findViolations(base) {
  const edges = importGraph(base, sourceFiles(base))
  return [
    ...violations(edges).map(
      ({ rule, why, from, line, request }) => `${from}:${line} imports ${request}: ${rule}, ${why}`,
    ),
    ...importCycles(edges).map(
      (group) => `${group[0]}: no-cycle, these import one another: ${group.join(', ')}`,
    ),
  ]
}

/** findBlindRules plants violations in an empty folder and returns the rules that failed to notice theirs. */
export function findBlindRules() {
  const base = mkdtempSync(join(tmpdir(), 'watchfloor-plants-'))
  try {
    const files = { ...GROUND, ...RING, ...Object.fromEntries(PLANTS.map(([, file, text]) => [file, text])) }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(base, file)), { recursive: true })
      writeFileSync(join(base, file), `${text}\n`)
    }
    const found = findViolations(base)
    const missed = PLANTS.filter(
      ([rule, file]) => !found.some((line) => line.startsWith(`${file}:`) && line.includes(`: ${rule},`)),
    )
    const unplanted = RULES.filter(({ name }) => !PLANTS.some(([rule]) => rule === name))
    const rings = found.filter((line) => line.includes('no-cycle'))
    return [
      ...missed.map(
        ([rule, file]) => `scripts/lib/import-rules.mjs: ${rule} did not see what is planted in ${file}`,
      ),
      ...unplanted.map(({ name }) => `scripts/lib/import-plants.mjs: nothing planted for the rule ${name}`),
      ...(rings.length === 1 ? [] : [`scripts/lib/imports.mjs: one planted cycle, found ${rings.length}`]),
    ]
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}
