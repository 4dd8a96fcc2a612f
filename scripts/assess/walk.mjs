import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const BUILT = new Set(['dist', 'build', 'out', 'target', 'vendor'])
const LEFT_OUT = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.next',
  '.nuxt',
  '.turbo',
  'coverage',
  '__pycache__',
  '.venv',
  'venv',
  'site-packages',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  '.terraform',
])
const LOCKS =
  /(?:^package-lock\.json|^yarn\.lock|^pnpm-lock\.yaml|^poetry\.lock|^uv\.lock|^Pipfile\.lock|\.min\.[cm]?js|\.map)$/

/** MAX_BYTES is the size above which a file is made by a machine, not by a person; it is counted, not read. */
export const MAX_BYTES = 1_000_000

/** filesUnder gives every file below a folder that is somebody's source (and what was built, where asked), in order. */
export function filesUnder(root, withBuilt = false) {
  const found = []
  const walk = (folder) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true })
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (!LEFT_OUT.has(entry.name) && (withBuilt || !BUILT.has(entry.name))) walk(path)
      } else if (entry.isFile() && !LOCKS.test(entry.name)) found.push(path)
    }
  }
  if (!statSync(root).isDirectory()) throw new Error(`${root} is no folder`)
  walk('')
  return found
}
