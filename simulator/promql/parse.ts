import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { type Expression, type Grouping, type Matcher, type Matching, QueryError } from './types'

const BINARY_OPS: Readonly<Record<string, string>> = {
  Add: '+',
  Sub: '-',
  Mul: '*',
  Div: '/',
  Mod: '%',
  Pow: '^',
  Eql: '==',
  EqlC: '==',
  Neq: '!=',
  Gtr: '>',
  Lss: '<',
  Gte: '>=',
  Lte: '<=',
  And: 'and',
  Or: 'or',
  Unless: 'unless',
}

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
}

export function parseQuery(query: string): Expression {
  const tree = parser.parse(query)
  tree.iterate({
    enter(node) {
      if (node.type.isError) throw syntaxError(query, node.from)
    },
  })
  const first = tree.topNode.firstChild
  if (first === null)
    throw new QueryError(
      'bad_data',
      'invalid parameter "query": 1:1: parse error: no expression found in input',
    )
  return expressionOf(first, query)
}

function syntaxError(query: string, from: number): QueryError {
  const found = query.slice(from, from + 12)
  const what = found === '' ? 'unexpected end of input' : `unexpected "${found}"`
  return new QueryError('bad_data', `invalid parameter "query": 1:${from + 1}: parse error: ${what}`)
}

function expressionOf(node: SyntaxNode, query: string): Expression {
  switch (node.name) {
    case 'ParenExpr':
      return expressionOf(childAt(node, 0, query), query)
    case 'NumberDurationLiteral':
      return { kind: 'number', value: numberOf(textOf(node, query)) }
    case 'StringLiteral':
      return { kind: 'string', value: stringOf(textOf(node, query)) }
    case 'VectorSelector':
      return { kind: 'selector', matchers: matchersOf(node, query), offsetMs: 0 }
    case 'MatrixSelector':
      return rangeOf(node, query)
    case 'OffsetExpr':
      return offsetOf(node, query)
    case 'UnaryExpr':
      return unaryOf(node, query)
    case 'FunctionCall':
      return callOf(node, query)
    case 'AggregateExpr':
      return aggregateOf(node, query)
    case 'BinaryExpr':
      return binaryOf(node, query)
    default:
      throw new QueryError('bad_data', `invalid parameter "query": ${node.name} is not supported here`)
  }
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child)
  return children
}

function childAt(node: SyntaxNode, index: number, query: string): SyntaxNode {
  const child = childrenOf(node)[index]
  if (child === undefined) throw syntaxError(query, node.to)
  return child
}

function textOf(node: SyntaxNode, query: string): string {
  return query.slice(node.from, node.to)
}

function numberOf(text: string): number {
  const plain = text.toLowerCase().replace(/_/g, '')
  if (/^[+-]?inf(inity)?$/.test(plain))
    return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (plain === 'nan') return Number.NaN
  const value = Number(plain)
  return Number.isNaN(value) ? promDurationMs(plain) / 1000 : value
}

export function promDurationMs(text: string): number {
  let total = 0
  let rest = text.trim()
  while (rest !== '') {
    const match = /^(\d+)(ms|s|m|h|d|w|y)/.exec(rest)
    const unitMs = match?.[2] === undefined ? undefined : DURATION_UNITS_MS[match[2]]
    if (match === null || unitMs === undefined)
      throw new QueryError('bad_data', `invalid parameter "query": not a valid duration: "${text}"`)
    total += Number(match[1]) * unitMs
    rest = rest.slice(match[0].length)
  }
  return total
}

function stringOf(text: string): string {
  const body = text.slice(1, -1)
  if (text.startsWith('`')) return body
  return body.replace(/\\(n|t|r|\\|"|')/g, (_, escaped: string) =>
    escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped === 'r' ? '\r' : escaped,
  )
}

function matchersOf(node: SyntaxNode, query: string): Matcher[] {
  const matchers: Matcher[] = []
  for (const child of childrenOf(node)) {
    if (child.name === 'Identifier') matchers.push(matcher('__name__', '=', textOf(child, query)))
    if (child.name !== 'LabelMatchers') continue
    for (const entry of childrenOf(child)) {
      const parts = childrenOf(entry).map((part) => textOf(part, query))
      const [label, op, value] = parts
      if (label === undefined || op === undefined || value === undefined) throw syntaxError(query, entry.from)
      matchers.push(
        matcher(entry.name === 'QuotedLabelMatcher' ? stringOf(label) : label, op, stringOf(value)),
      )
    }
  }
  if (matchers.every((entry) => entry.meets('')))
    throw new QueryError(
      'bad_data',
      'invalid parameter "query": parse error: vector selector must contain at least one non-empty matcher',
    )
  return matchers
}

function matcher(label: string, op: string, value: string): Matcher {
  if (op === '=') return { label, equals: value, meets: (found) => found === value }
  if (op === '!=') return { label, meets: (found) => found !== value }
  let pattern: RegExp
  try {
    pattern = new RegExp(`^(?:${value})$`, 's')
  } catch {
    throw new QueryError(
      'bad_data',
      `invalid parameter "query": parse error: bad regular expression "${value}"`,
    )
  }
  if (op === '=~') return { label, meets: (found) => pattern.test(found) }
  return { label, meets: (found) => !pattern.test(found) }
}

function rangeOf(node: SyntaxNode, query: string): Expression {
  const selector = childAt(node, 0, query)
  const rangeMs = promDurationMs(textOf(childAt(node, 1, query), query))
  return { kind: 'range', matchers: matchersOf(selector, query), rangeMs, offsetMs: 0 }
}

function offsetOf(node: SyntaxNode, query: string): Expression {
  const inner = expressionOf(childAt(node, 0, query), query)
  const written = query.slice(childAt(node, 1, query).to, node.to).trim()
  const sign = written.startsWith('-') ? -1 : 1
  const offsetMs = sign * promDurationMs(written.replace(/^[+-]\s*/, ''))
  if (inner.kind === 'selector' || inner.kind === 'range') return { ...inner, offsetMs }
  throw new QueryError(
    'bad_data',
    'invalid parameter "query": parse error: offset modifier must follow a selector',
  )
}

function unaryOf(node: SyntaxNode, query: string): Expression {
  const operand = expressionOf(childAt(node, 1, query), query)
  return textOf(childAt(node, 0, query), query) === '-' ? { kind: 'negate', operand } : operand
}

function argumentsOf(body: SyntaxNode | undefined, query: string): Expression[] {
  return body === undefined ? [] : childrenOf(body).map((child) => expressionOf(child, query))
}

function callOf(node: SyntaxNode, query: string): Expression {
  const name = textOf(childAt(node, 0, query), query)
  const body = childrenOf(node).find((child) => child.name === 'FunctionCallBody')
  return { kind: 'call', name, args: argumentsOf(body, query) }
}

function groupingOf(node: SyntaxNode | undefined, query: string): Grouping {
  if (node === undefined) return { kind: 'by', labels: [] }
  const [word, list] = childrenOf(node)
  return { kind: word?.name === 'Without' ? 'without' : 'by', labels: labelsIn(list, query) }
}

function labelsIn(node: SyntaxNode | undefined, query: string): string[] {
  return node === undefined ? [] : childrenOf(node).map((child) => textOf(child, query))
}

function aggregateOf(node: SyntaxNode, query: string): Expression {
  const children = childrenOf(node)
  const op = textOf(childAt(node, 0, query), query).toLowerCase()
  const args = argumentsOf(
    children.find((child) => child.name === 'FunctionCallBody'),
    query,
  )
  const operand = args.at(-1)
  const wanted = op === 'topk' || op === 'bottomk' || op === 'quantile' || op === 'count_values' ? 2 : 1
  if (operand === undefined || args.length !== wanted)
    throw new QueryError(
      'bad_data',
      `invalid parameter "query": parse error: wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
    )
  const grouping = groupingOf(
    children.find((child) => child.name === 'AggregateModifier'),
    query,
  )
  return { kind: 'aggregate', op, parameter: wanted === 2 ? args[0] : undefined, operand, grouping }
}

function binaryOf(node: SyntaxNode, query: string): Expression {
  const children = childrenOf(node)
  const operator = children.find((child) => BINARY_OPS[child.name] !== undefined)
  const op = operator === undefined ? undefined : BINARY_OPS[operator.name]
  if (op === undefined) throw syntaxError(query, node.from)
  return {
    kind: 'binary',
    op,
    left: expressionOf(childAt(node, 0, query), query),
    right: expressionOf(childAt(node, children.length - 1, query), query),
    bool: children.some((child) => child.name === 'BoolModifier'),
    matching: matchingOf(
      children.find((child) => child.name === 'MatchingModifierClause'),
      query,
    ),
  }
}

function matchingOf(node: SyntaxNode | undefined, query: string): Matching {
  if (node === undefined) return { kind: 'ignoring', labels: [], group: undefined, include: [] }
  const children = childrenOf(node)
  const side = children.find((child) => child.name === 'GroupLeft' || child.name === 'GroupRight')
  const lists = children.filter((child) => child.name === 'GroupingLabels')
  return {
    kind: children[0]?.name === 'On' ? 'on' : 'ignoring',
    labels: labelsIn(lists[0], query),
    group: side === undefined ? undefined : side.name === 'GroupLeft' ? 'left' : 'right',
    include: labelsIn(lists[1], query),
  }
}
