import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'

/** RunbookProblem is one fault in a runbook file: where it is (line and column from 1) and what is wrong with it. */
export type RunbookProblem = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly reason: string
}

/** ParsedFile is a file's validated value, or every fault found in it. */
export type ParsedFile<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] }

/** parseRunbook reads one YAML text against a schema; every fault has its place in the text. An empty file is an empty map. */
export function parseRunbook<T>(input: {
  readonly file: string
  readonly text: string
  readonly schema: z.ZodType<T>
}): ParsedFile<T> {
  const { file, text, schema } = input
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true })
  const at = (offset: number): Pick<RunbookProblem, 'line' | 'column'> => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const broken = document.errors.map((error) => ({ file, ...at(error.pos[0]), reason: error.message }))
  if (broken.length > 0) return { ok: false, problems: broken }
  const plain = plainOf(document)
  if (!plain.ok) return { ok: false, problems: [{ file, line: 1, column: 1, reason: plain.reason }] }
  const parsed = schema.safeParse(plain.value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const problems = parsed.error.issues.flatMap((issue) =>
    faultsOf(issue).map(({ path, reason }) => ({ file, ...at(offsetOf(document, path)), reason })),
  )
  return { ok: false, problems }
}

/** placeOf gives line and column (from 1) of a path in a text that parses; a missing key stands at its nearest parent. */
export function placeOf(text: string, path: readonly PropertyKey[]): Pick<RunbookProblem, 'line' | 'column'> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true })
  const { line, col } = lines.linePos(offsetOf(document, path))
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

function plainOf(
  document: Document,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) ?? {} }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'cannot be read' }
  }
}

type Fault = { readonly path: readonly PropertyKey[]; readonly reason: string }

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      reason: `${[...issue.path, key].join('.')}: not a setting that is known here`,
    }))
  }
  const where = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `
  return [{ path: issue.path, reason: `${where}${issue.message}` }]
}

// A missing key has no place of its own: the nearest parent that exists stands for it.
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const step of path) {
    const next = childOf(node, step)
    if (!next) return offset
    offset = next.offset
    node = next.node
  }
  return offset
}

function childOf(
  node: unknown,
  step: PropertyKey,
): { readonly node: unknown; readonly offset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
    if (!pair) return undefined
    return { node: pair.value, offset: startOf(pair.key) ?? 0 }
  }
  const item =
    isNode(node) && 'items' in node && Array.isArray(node.items) ? node.items[Number(step)] : undefined
  const offset = startOf(item)
  return offset === undefined ? undefined : { node: item, offset }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined
}
