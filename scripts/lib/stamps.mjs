import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { statePath } from './checkout.mjs'

const IGNORED = new Set(['node_modules', '.next', 'dist', '.watchfloor', '.git'])

/** contentHash is a fingerprint of files and folders below base (names and bytes); absent ones count as absent. */
export function contentHash(base, paths, ...extra) {
  const hash = createHash('sha256')
  for (const path of [...paths].sort()) for (const file of filesBelow(base, path)) addFile(hash, base, file)
  for (const text of extra) hash.update(`\0extra\0${text}`)
  return hash.digest('hex')
}

function addFile(hash, base, file) {
  const bytes = readFileSync(join(base, file))
  hash.update(`\0${file}\0${bytes.length}\0`)
  hash.update(bytes)
}

/** filesBelow lists the files under one path, relative to base, in a fixed order, without what builds leave behind. */
export function filesBelow(base, path) {
  const full = join(base, path)
  if (!existsSync(full)) return []
  if (!statSync(full).isDirectory()) return [path]
  return readdirSync(full)
    .filter((name) => !IGNORED.has(name))
    .sort()
    .flatMap((name) => filesBelow(base, `${path}/${name}`))
}

/** isStamped tells whether a thing was last made from inputs with this fingerprint. */
export function isStamped(name, hash) {
  const file = statePath('stamps', name)
  return existsSync(file) && readFileSync(file, 'utf8') === hash
}

/** stamp records the fingerprint of the inputs that a thing was made from. */
export function stamp(name, hash) {
  writeFileSync(statePath('stamps', name), hash)
}
