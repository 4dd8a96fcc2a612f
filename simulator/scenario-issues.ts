import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml'
import type { z } from 'zod'

export type ScenarioFault = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly reason: string
}

type IssueContext = {
  readonly issue: z.core.$ZodIssue
  readonly document: Document
  readonly lineCounter: LineCounter
  readonly file: string
}

export function issueLine({ issue, document, lineCounter, file }: IssueContext): ScenarioFault[] {
  const where = issue.path.map(String).join('.')
  const at = (offset: number, reason: string): ScenarioFault => {
    const { line, col } = lineCounter.linePos(offset)
    return { file, line, column: col, reason }
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      at(keyOffset(document, issue.path, key), `unknown key "${key}"${where === '' ? '' : ` in ${where}`}`),
    )
  }
  return [at(nodeOffset(document, issue.path), `${where === '' ? 'scenario' : where}: ${reasonOf(issue)}`)]
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && issue.errors.length === 0) return 'unknown event'
  return issue.message
}

function nodeOffset(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function keyOffset(document: Document, path: readonly PropertyKey[], key: string): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  if (!isMap(node)) return nodeOffset(document, path)
  const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
  if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0]
  return nodeOffset(document, path)
}
