import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FOREIGN_FOLDERS, kindOf, type RunbookKind } from './kinds'
import type { RunbookProblem } from './parse'

/** StandingEdit is the newest approved edit of a path, as long as nothing has ended it. */
export type StandingEdit = { readonly path: string; readonly version: number; readonly text: string }

/** KeptText is a text of an earlier good reading. */
export type KeptText = {
  readonly path: string
  readonly text: string
  readonly version?: number | undefined
}

/** RawText is a text as it is to be read, with the approved edit that it comes from. */
export type RawText = {
  readonly path: string
  readonly text: string
  readonly kind: RunbookKind
  readonly edit?: { readonly version: number; readonly fileText: string | null }
}

/** RawFile is a text, or why there is none. */
export type RawFile = RawText | { readonly path: string; readonly problem: RunbookProblem }

const FILE_LIMIT_BYTES = 1_048_576
const YAML_ENDING = /\.ya?ml$/

/** partsOf splits a path into its folder and its name without ending. */
export function partsOf(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf('/')
  return { folder: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1).replace(YAML_ENDING, '') }
}

function problem(file: string, reason: string): RunbookProblem {
  return { file, line: 1, column: 1, reason }
}

async function list(
  dir: string,
): Promise<
  { readonly ok: true; readonly paths: readonly string[] } | { readonly ok: false; readonly reason: string }
> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true })
    const paths = entries
      .filter((entry) => entry.isFile() && YAML_ENDING.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, '/').length).replaceAll('\\', '/'))
      .filter((path) => !FOREIGN_FOLDERS.has(path.split('/')[0] ?? ''))
    return { ok: true, paths: paths.sort() }
  } catch (error) {
    return { ok: false, reason: `the directory can not be read: ${reasonOf(error)}` }
  }
}

/** readTexts reads every runbook file of the directory; what can not be read is a problem. */
export async function readTexts(dir: string, kinds: readonly RunbookKind[]): Promise<readonly RawFile[]> {
  const listed = await list(dir)
  if (!listed.ok) return [{ path: '.', problem: problem('.', listed.reason) }]
  return Promise.all(listed.paths.map((path) => readOne(dir, path, kinds)))
}

async function readOne(dir: string, path: string, kinds: readonly RunbookKind[]): Promise<RawFile> {
  const { folder, name } = partsOf(path)
  const kind = kindOf(kinds, folder, name)
  if (!kind) {
    const known = kinds.map((it) => `${it.folder}/${it.name ?? '*'}.yaml`).join(', ')
    return { path, problem: problem(path, `nothing reads this file; known are ${known}`) }
  }
  try {
    const full = join(dir, path)
    const { size } = await stat(full)
    if (size > FILE_LIMIT_BYTES) return { path, problem: problem(path, 'larger than 1 MiB') }
    return { path, text: await readFile(full, 'utf8'), kind }
  } catch (error) {
    return { path, problem: problem(path, `can not be read: ${reasonOf(error)}`) }
  }
}

/** digestOf changes when any text or any standing edit does. */
export function digestOf(files: readonly RawFile[], edits: readonly StandingEdit[]): string {
  const said = files.map((one) => ('problem' in one ? one.problem : [one.path, one.text]))
  const over = edits.map(({ path, version }) => [path, version])
  return createHash('sha256')
    .update(JSON.stringify([said, over]))
    .digest('hex')
}

function reasonOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message
  return 'unknown reason'
}

/** rawOf makes texts of an earlier reading into what can be judged again; one that nothing reads any more is left out. */
export function rawOf(texts: readonly KeptText[], kinds: readonly RunbookKind[]): readonly RawFile[] {
  return texts.flatMap(({ path, text, version }) => {
    const { folder, name } = partsOf(path)
    const kind = kindOf(kinds, folder, name)
    if (!kind) return []
    return [{ path, text, kind, ...(version === undefined ? {} : { edit: { version, fileText: null } }) }]
  })
}
