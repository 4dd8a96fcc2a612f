import { existsSync, readFileSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { parseSync } from 'oxc-parser'

const ENDINGS = ['', '.ts', '.tsx', '.mts', '.mjs', '.js', '.json', '/index.ts', '/index.tsx']

/**
 * readImports lists every module that a TypeScript file names: [{request, isType, line}]. Re-exports, dynamic imports
 * and import('…') types count; isType means that nothing of it is left at run time.
 */
export function readImports(path, text) {
  const { module, errors, comments } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  const at = (offset) => text.slice(0, offset).split('\n').length
  const named = [
    ...module.staticImports.map(({ moduleRequest, entries, start }) => ({
      request: moduleRequest.value,
      isType: entries.length > 0 && entries.every((entry) => entry.isType),
      line: at(start),
    })),
    ...module.staticExports
      .filter(({ entries }) => entries.some((entry) => entry.moduleRequest))
      .map(({ entries, start }) => ({
        request: entries.find((entry) => entry.moduleRequest).moduleRequest.value,
        isType: entries.every((entry) => entry.isType),
        line: at(start),
      })),
  ]
  const dynamic = new Set(module.dynamicImports.map(({ moduleRequest }) => moduleRequest.start))
  return [...named, ...calls({ text, comments, dynamic, at })]
}

// import('…') is an expression or a type; the parser lists the expressions, so the others are types.
function calls({ text, comments, dynamic, at }) {
  return [...text.matchAll(/\bimport\(\s*(?=(['"])([^'"\n]+)\1)/g)]
    .map((match) => ({ request: match[2], offset: match.index, argument: match.index + match[0].length }))
    .filter(({ offset }) => !comments.some((comment) => comment.start <= offset && offset < comment.end))
    .map(({ request, offset, argument }) => ({ request, isType: !dynamic.has(argument), line: at(offset) }))
}

/**
 * resolveImport says what a request leads to: {file} below base, {builtin}, {packageName}, or {} when it leads nowhere.
 */
export function resolveImport(base, importer, request) {
  if (isBuiltin(request)) return { builtin: request }
  if (!request.startsWith('.') && !request.startsWith('@/')) return { packageName: packageOf(request) }
  const path = request.startsWith('@/') ? request.slice(2) : posix.join(dirname(importer), request)
  const ending = ENDINGS.find((end) => isFile(join(base, path + end)))
  return ending === undefined ? {} : { file: path + ending }
}

function isFile(path) {
  return existsSync(path) && statSync(path).isFile()
}

function packageOf(request) {
  return request
    .split('/')
    .slice(0, request.startsWith('@') ? 2 : 1)
    .join('/')
}

/** importGraph reads files below base and returns their imports: [{from, line, request, isType, to}]. */
export function importGraph(base, files) {
  return files.flatMap((from) =>
    readImports(from, readFileSync(join(base, from), 'utf8')).map((edge) => ({
      ...edge,
      from,
      to: resolveImport(base, from, edge.request),
    })),
  )
}

/** importCycles returns the groups of files that import one another at run time, each group sorted. */
export function importCycles(edges) {
  const next = new Map()
  for (const { from, to, isType } of edges)
    if (to.file && !isType) next.set(from, [...(next.get(from) ?? []), to.file])
  return connectedGroups(next).filter((group) => group.length > 1 || next.get(group[0])?.includes(group[0]))
}

// Tarjan's strongly connected components.
function connectedGroups(next) {
  const order = new Map()
  const low = new Map()
  const stack = []
  const groups = []
  const visit = (node) => {
    order.set(node, order.size)
    low.set(node, order.get(node))
    stack.push(node)
    for (const other of next.get(node) ?? []) {
      if (!order.has(other)) visit(other)
      if (stack.includes(other)) low.set(node, Math.min(low.get(node), low.get(other)))
    }
    if (low.get(node) === order.get(node)) groups.push(stack.splice(stack.indexOf(node)).sort())
  }
  for (const node of next.keys()) if (!order.has(node)) visit(node)
  return groups
}
