import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { DEFAULT_HEALTH_POLICY, type HealthPolicy } from '../health/policy'
import { FOREIGN_FOLDERS, HEALTH_POLICY_KIND, kindOf, RUNBOOK_KINDS, type RunbookKind } from './kinds'
import { parseRunbook, placeOf, type RunbookProblem } from './parse'

/** RunbookFile is one validated file: its path below the directory with forward slashes, its value and its content hash. */
export type RunbookFile = { readonly path: string; readonly value: unknown; readonly hash: string }

/** Runbooks is one good reading of the whole directory; `hash` is the sha256 over the canonical JSON of everything in it. */
export type Runbooks = {
  readonly hash: string
  readonly files: ReadonlyMap<string, RunbookFile>
  readonly health: HealthPolicy
  readonly loadedAt: Date
}

/** RunbookShelf keeps the last good runbooks; a reload with any fault changes nothing and says why. */
export type RunbookShelf = {
  readonly current: () => Runbooks
  /** problems are the faults of the latest reading; empty when what is current is what lies on disk. */
  readonly problems: () => readonly RunbookProblem[]
  readonly reload: (now: Date) => Promise<readonly RunbookProblem[]>
}

/** createRunbooks reads a directory of runbook files; if the first reading has faults, the shipped defaults stand until a reload is good. */
export async function createRunbooks(input: {
  readonly dir: string
  readonly now: Date
  readonly kinds?: readonly RunbookKind[]
}): Promise<RunbookShelf> {
  const { dir, kinds = RUNBOOK_KINDS } = input
  let current = assemble([], input.now)
  let problems: readonly RunbookProblem[] = []
  let digest: string | undefined
  const reload = async (now: Date): Promise<readonly RunbookProblem[]> => {
    const raw = await readTexts(dir, kinds)
    const before = digest
    digest = digestOf(raw)
    // Parsing costs a hundred times what reading costs, and files rarely change.
    if (digest === before) return problems
    const read = judge(raw, now, kinds)
    problems = read.ok ? [] : read.problems
    // The same content stays the same object: whoever derived something from it need not do so again.
    if (read.ok && read.runbooks.hash !== current.hash) current = read.runbooks
    return problems
  }
  await reload(input.now)
  return { current: () => current, problems: () => problems, reload }
}

/** readRunbooks reads and validates everything in the directory once; the outcome is all of it or the faults. */
export async function readRunbooks(input: {
  readonly dir: string
  readonly now: Date
  readonly kinds?: readonly RunbookKind[]
}): Promise<Judged> {
  const { dir, now, kinds = RUNBOOK_KINDS } = input
  return judge(await readTexts(dir, kinds), now, kinds)
}

type RawFile =
  | { readonly path: string; readonly text: string; readonly kind: RunbookKind }
  | { readonly problem: RunbookProblem }

type Judged =
  | { readonly ok: true; readonly runbooks: Runbooks }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] }

function judge(raw: readonly RawFile[], now: Date, kinds: readonly RunbookKind[]): Judged {
  const files: RunbookFile[] = []
  const texts = new Map<string, string>()
  const problems: RunbookProblem[] = []
  for (const one of raw) {
    const read = 'problem' in one ? { ok: false as const, problems: [one.problem] } : parseOne(one)
    if (!read.ok) problems.push(...read.problems)
    else {
      files.push(read.file)
      texts.set(read.file.path, read.text)
    }
  }
  if (problems.length === 0) problems.push(...togetherProblems(kinds, files, texts))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, runbooks: assemble(files, now) }
}

/** entriesOf gives the files of one kind with their typed values, by path. */
export function entriesOf<T>(
  runbooks: Runbooks,
  kind: RunbookKind<T>,
): readonly { readonly name: string; readonly hash: string; readonly value: T }[] {
  return [...runbooks.files.values()]
    .map((file) => ({ file, ...partsOf(file.path) }))
    .filter(({ folder, name }) => folder === kind.folder && (kind.name === undefined || kind.name === name))
    .map(({ file, name }) => ({ name, hash: file.hash, value: kind.schema.parse(file.value) }))
}

/** contentHash is the sha256 (hex) of a value's canonical JSON: order of keys and layout do not matter. */
export function contentHash(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? 'null')
    .digest('hex')
}

const FILE_LIMIT_BYTES = 1_048_576
const YAML_ENDING = /\.ya?ml$/

function assemble(files: readonly RunbookFile[], loadedAt: Date): Runbooks {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const hash = contentHash(Object.fromEntries(files.map((file) => [file.path, file.hash])))
  const bare = { hash, files: byPath, health: DEFAULT_HEALTH_POLICY, loadedAt }
  return { ...bare, health: entriesOf(bare, HEALTH_POLICY_KIND)[0]?.value ?? DEFAULT_HEALTH_POLICY }
}

function partsOf(path: string): { readonly folder: string; readonly name: string } {
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

async function readTexts(dir: string, kinds: readonly RunbookKind[]): Promise<readonly RawFile[]> {
  const listed = await list(dir)
  if (!listed.ok) return [{ problem: problem('.', listed.reason) }]
  return Promise.all(listed.paths.map((path) => readOne(dir, path, kinds)))
}

async function readOne(dir: string, path: string, kinds: readonly RunbookKind[]): Promise<RawFile> {
  const { folder, name } = partsOf(path)
  const kind = kindOf(kinds, folder, name)
  if (!kind) {
    const known = kinds.map((it) => `${it.folder}/${it.name ?? '*'}.yaml`).join(', ')
    return { problem: problem(path, `nothing reads this file; known are ${known}`) }
  }
  try {
    const full = join(dir, path)
    const { size } = await stat(full)
    if (size > FILE_LIMIT_BYTES) return { problem: problem(path, 'larger than 1 MiB') }
    return { path, text: await readFile(full, 'utf8'), kind }
  } catch (error) {
    return { problem: problem(path, `can not be read: ${reasonOf(error)}`) }
  }
}

function digestOf(raw: readonly RawFile[]): string {
  const said = raw.map((one) => ('problem' in one ? one.problem : [one.path, one.text]))
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}

function parseOne({
  path,
  text,
  kind,
}: Extract<RawFile, { text: string }>):
  | { readonly ok: true; readonly file: RunbookFile; readonly text: string }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] } {
  const parsed = parseRunbook({ file: path, text, schema: kind.schema })
  if (!parsed.ok) return parsed
  return { ok: true, text, file: { path, value: parsed.value, hash: contentHash(parsed.value) } }
}

function togetherProblems(
  kinds: readonly RunbookKind[],
  files: readonly RunbookFile[],
  texts: ReadonlyMap<string, string>,
): readonly RunbookProblem[] {
  return kinds.flatMap((kind) => {
    const mine = files
      .filter((file) => kindOf(kinds, partsOf(file.path).folder, partsOf(file.path).name) === kind)
      .map(({ path, value }) => ({ file: path, value }))
    return (kind.together?.(mine) ?? []).map(({ file, path, reason }) => ({
      file,
      ...placeOf(texts.get(file) ?? '', path),
      reason,
    }))
  })
}

function reasonOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message
  return 'unknown reason'
}
