import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { DEFAULT_HEALTH_POLICY, type HealthPolicy } from '../health/policy'
import { HEALTH_POLICY_KIND, kindOf, RUNBOOK_KINDS, type RunbookKind } from './kinds'
import {
  digestOf,
  type KeptText,
  partsOf,
  type RawFile,
  type RawText,
  rawOf,
  readTexts,
  type StandingEdit,
} from './load-texts'
import { parseRunbook, placeOf, type RunbookProblem } from './parse'

/**
 * RunbookFile is one validated file: its path below the directory with forward slashes, its value and its content hash.
 * `version` names the approved edit that stands over the file of this path; undefined when the file itself counts.
 */
export type RunbookFile = {
  readonly path: string
  readonly text: string
  readonly value: unknown
  readonly hash: string
  readonly version?: number
}

/** Runbooks is one good reading of the whole directory; `hash` is the sha256 over the canonical JSON of everything in it. */
export type Runbooks = {
  readonly hash: string
  readonly files: ReadonlyMap<string, RunbookFile>
  readonly health: HealthPolicy
  readonly loadedAt: Date
}

/** ReadFile is a path as it was read last: the text that is to count, what lies on disk (null: nothing), and its faults. */
export type ReadFile = {
  readonly path: string
  readonly text: string
  readonly fileText: string | null
  readonly version: number | undefined
  /** hash and value are those of the text; undefined while it does not fit its schema. */
  readonly hash: string | undefined
  readonly value: unknown
  readonly problems: readonly RunbookProblem[]
}

/** RunbookShelf keeps the last good runbooks; a reload with any fault changes nothing and says why. */
export type RunbookShelf = {
  readonly current: () => Runbooks
  /** problems are the faults of the latest reading; empty when what is current is what was read. */
  readonly problems: () => readonly RunbookProblem[]
  /** latest is every path as it was read last, faulty ones too. */
  readonly latest: () => readonly ReadFile[]
  /** caughtUp are edits whose file has come to say the same: the file counts. */
  readonly caughtUp: () => readonly StandingEdit[]
  readonly reload: (now: Date) => Promise<readonly RunbookProblem[]>
  /** tryOut judges the latest reading with one text changed, and keeps nothing. */
  readonly tryOut: (path: string, text: string, now: Date) => Judged
}

/** Judged is the whole directory as good runbooks, or every fault found. */
export type Judged =
  | { readonly ok: true; readonly runbooks: Runbooks }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] }

/**
 * createRunbooks reads a directory of runbook files with the approved edits over them; if the first reading has faults,
 * what was kept of an earlier process stands until a reload is good, and without that the shipped defaults.
 */
export async function createRunbooks(input: {
  readonly dir: string
  readonly now: Date
  readonly kinds?: readonly RunbookKind[]
  /** edits gives the edits that stand; when it throws, those of the time before stay. */
  readonly edits?: () => Promise<readonly StandingEdit[]>
  /** kept gives the last good reading of an earlier process: it stands when the first reading has faults. */
  readonly kept?: () => Promise<readonly KeptText[]>
}): Promise<RunbookShelf> {
  const { dir, kinds = RUNBOOK_KINDS } = input
  const parsed: ParseCache = new Map()
  let current = assemble([], input.now)
  let problems: readonly RunbookProblem[] = []
  let read: readonly RawFile[] = []
  let edits: readonly StandingEdit[] = []
  let caughtUp: readonly StandingEdit[] = []
  let digest: string | undefined
  const reload = async (now: Date): Promise<readonly RunbookProblem[]> => {
    edits = (await input.edits?.().catch(() => undefined)) ?? edits
    const files = await readTexts(dir, kinds)
    const before = digest
    digest = digestOf(files, edits)
    // Parsing costs a hundred times what reading costs, and files rarely change.
    if (digest === before) return problems
    const laid = layOver(files, edits, { kinds, parsed })
    read = laid.raw
    caughtUp = laid.caughtUp
    const judged = judge(read, now, { kinds, parsed })
    problems = judged.ok ? [] : judged.problems
    // The same content stays the same object: whoever derived something from it need not do so again.
    if (
      judged.ok &&
      (judged.runbooks.hash !== current.hash || versionsOf(judged.runbooks) !== versionsOf(current))
    )
      current = judged.runbooks
    return problems
  }
  await reload(input.now)
  if (problems.length > 0 && input.kept) {
    const texts = await input.kept().catch(() => [])
    const earlier = judge(rawOf(texts, kinds), input.now, { kinds, parsed: new Map() })
    if (earlier.ok && texts.length > 0) current = earlier.runbooks
  }
  return {
    current: () => current,
    problems: () => problems,
    latest: () => read.map((one) => readFileOf(one, { parsed, problems })),
    caughtUp: () => caughtUp,
    reload,
    tryOut: (path, text, now) =>
      judge(replaced(read, path, text, kinds), now, { kinds, parsed: new Map(parsed) }),
  }
}

/** readRunbooks reads and validates everything in the directory once; the outcome is all of it or the faults. */
export async function readRunbooks(input: {
  readonly dir: string
  readonly now: Date
  readonly kinds?: readonly RunbookKind[]
}): Promise<Judged> {
  const { dir, now, kinds = RUNBOOK_KINDS } = input
  return judge(await readTexts(dir, kinds), now, { kinds, parsed: new Map() })
}

type ParsedText =
  | { readonly ok: true; readonly value: unknown; readonly hash: string }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] }

type ParseCache = Map<string, { readonly text: string; readonly parsed: ParsedText }>

type Around = { readonly kinds: readonly RunbookKind[]; readonly parsed: ParseCache }

function judge(raw: readonly RawFile[], now: Date, { kinds, parsed }: Around): Judged {
  const files: RunbookFile[] = []
  const texts = new Map<string, RawText>()
  const problems: RunbookProblem[] = []
  for (const one of raw) {
    if ('problem' in one) {
      problems.push(one.problem)
      continue
    }
    const result = parseText(one, parsed)
    if (!result.ok) problems.push(...result.problems.map((it) => marked(it, one)))
    else {
      const { value, hash } = result
      files.push({
        path: one.path,
        text: one.text,
        value,
        hash,
        ...(one.edit ? { version: one.edit.version } : {}),
      })
      texts.set(one.path, one)
    }
  }
  if (problems.length === 0) problems.push(...togetherProblems(kinds, files, texts))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, runbooks: assemble(files, now) }
}

// The place is in the edit's text, not in the file of the same name.
function marked(problem: RunbookProblem, { edit }: RawText): RunbookProblem {
  return edit
    ? { ...problem, reason: `${problem.reason} (in the approved edit, version ${edit.version})` }
    : problem
}

function parseText({ path, text, kind }: RawText, cache: ParseCache): ParsedText {
  const known = cache.get(path)
  if (known?.text === text) return known.parsed
  const read = parseRunbook({ file: path, text, schema: kind.schema })
  const parsed = read.ok ? { ok: true as const, value: read.value, hash: contentHash(read.value) } : read
  cache.set(path, { text, parsed })
  return parsed
}

function layOver(
  files: readonly RawFile[],
  edits: readonly StandingEdit[],
  { kinds, parsed }: Around,
): { readonly raw: readonly RawFile[]; readonly caughtUp: readonly StandingEdit[] } {
  const byPath = new Map(files.map((one) => [one.path, one]))
  const caughtUp: StandingEdit[] = []
  for (const edit of edits) {
    const { path, text, version } = edit
    const { folder, name } = partsOf(path)
    const kind = kindOf(kinds, folder, name)
    const file = byPath.get(path)
    if (!kind) continue
    if (file && !('problem' in file)) {
      const onDisk = parseText(file, parsed)
      const edited = parseText({ path, text, kind }, new Map())
      if (file.text === text || (onDisk.ok && edited.ok && onDisk.hash === edited.hash)) {
        caughtUp.push(edit)
        continue
      }
    }
    const fileText = file && !('problem' in file) ? file.text : null
    byPath.set(path, { path, text, kind, edit: { version, fileText } })
  }
  return { raw: [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), caughtUp }
}

function replaced(
  raw: readonly RawFile[],
  path: string,
  text: string,
  kinds: readonly RunbookKind[],
): readonly RawFile[] {
  const { folder, name } = partsOf(path)
  const kind = kindOf(kinds, folder, name)
  if (!kind) return raw
  return [...raw.filter((one) => one.path !== path), { path, text, kind }].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  )
}

function readFileOf(
  one: RawFile,
  { parsed, problems }: { readonly parsed: ParseCache; readonly problems: readonly RunbookProblem[] },
): ReadFile {
  const mine = problems.filter((it) => it.file === one.path)
  const { path } = one
  if ('problem' in one)
    return {
      path,
      text: '',
      fileText: null,
      version: undefined,
      hash: undefined,
      value: undefined,
      problems: mine,
    }
  const result = parseText(one, parsed)
  return {
    path,
    text: one.text,
    fileText: one.edit ? one.edit.fileText : one.text,
    version: one.edit?.version,
    hash: result.ok ? result.hash : undefined,
    value: result.ok ? result.value : undefined,
    problems: mine,
  }
}

function versionsOf(runbooks: Runbooks): string {
  return [...runbooks.files.values()].map(({ path, version }) => `${path} ${version ?? ''}`).join()
}

/** entriesOf gives the files of one kind with their typed values, by path. */
export function entriesOf<T>(
  runbooks: Runbooks,
  kind: RunbookKind<T>,
): readonly {
  readonly path: string
  readonly name: string
  readonly hash: string
  readonly value: T
}[] {
  return [...runbooks.files.values()]
    .map((file) => ({ file, ...partsOf(file.path) }))
    .filter(({ folder, name }) => folder === kind.folder && (kind.name === undefined || kind.name === name))
    .map(({ file, name }) => ({
      path: file.path,
      name,
      hash: file.hash,
      value: kind.schema.parse(file.value),
    }))
}

/** contentHash is the sha256 (hex) of a value's canonical JSON: order of keys and layout do not matter. */
export function contentHash(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? 'null')
    .digest('hex')
}

function assemble(files: readonly RunbookFile[], loadedAt: Date): Runbooks {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const hash = contentHash(Object.fromEntries(files.map((file) => [file.path, file.hash])))
  const bare = { hash, files: byPath, health: DEFAULT_HEALTH_POLICY, loadedAt }
  return { ...bare, health: entriesOf(bare, HEALTH_POLICY_KIND)[0]?.value ?? DEFAULT_HEALTH_POLICY }
}

function togetherProblems(
  kinds: readonly RunbookKind[],
  files: readonly RunbookFile[],
  texts: ReadonlyMap<string, RawText>,
): readonly RunbookProblem[] {
  return kinds.flatMap((kind) => {
    const mine = files
      .filter((file) => kindOf(kinds, partsOf(file.path).folder, partsOf(file.path).name) === kind)
      .map(({ path, value }) => ({ file: path, value }))
    return (kind.together?.(mine) ?? []).map(({ file, path, reason }) => {
      const raw = texts.get(file)
      const found = { file, ...placeOf(raw?.text ?? '', path), reason }
      return raw ? marked(found, raw) : found
    })
  })
}
