import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { sourceFiles } from './import-check.mjs'

const LONG_FILE_LINES = 300
const OUTSIDE_PRODUCT = /^(simulator|bench|e2e|scripts|prisma|deploy|agent)\/|\.test\.tsx?$|\/testing\//

/** TEXT_RULES holds what neither the linter nor the import rules can say: where a word of the platform may stand. */
const TEXT_RULES = [
  {
    name: 'clock',
    why: '`now` is an argument; only the clock files read it',
    pattern: /\bnew Date\(\s*\)|\bDate\.now\(|(?<!new )\bDate\(\s*\)/,
    allowed: /^lib\/platform\/clock|^lib\/client\/clock|-cli\.ts$/,
  },
  {
    name: 'fetch',
    why: 'the server calls out through platform/http, the browser through lib/client',
    pattern: /(?<![.\w])fetch\(|\b(globalThis|window|self)\.fetch\b/,
    allowed: /^lib\/platform\/http|^lib\/client\//,
  },
  {
    name: 'env',
    why: 'configuration is read in lib/platform/env.ts',
    pattern: /\bprocess\.env\b|\bprocess\[/,
    allowed: /^lib\/platform\/env|-cli\.ts$|^instrumentation(-node)?\.ts$/,
  },
  {
    name: 'console',
    why: 'the product writes its log through lib/platform/log.ts',
    pattern: /\bconsole\.(log|info|warn|error|debug|trace)\b/,
    allowed: /^lib\/platform\/log|-cli\.ts$/,
  },
]

/** checkTexts returns the broken text rules of the product below base, one line each. */
export function checkTexts(base) {
  return sourceFiles(base)
    .filter((path) => !OUTSIDE_PRODUCT.test(path))
    .flatMap((path) => textViolations(path, readFileSync(join(base, path), 'utf8')))
}

/** textViolations returns the broken text rules of one file; comments don't count. */
export function textViolations(path, text) {
  const code = withoutComments(path, text)
  return TEXT_RULES.filter((rule) => !rule.allowed.test(path)).flatMap((rule) =>
    code
      .split('\n')
      .flatMap((line, i) => (rule.pattern.test(line) ? [`${path}:${i + 1}: ${rule.name}, ${rule.why}`] : [])),
  )
}

function withoutComments(path, text) {
  const { comments } = parseSync(path, text)
  let code = text
  for (const { start, end } of comments)
    code = code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, ' ') + code.slice(end)
  return code
}

/** longFiles lists the files that are longer than one idea usually needs, longest first. */
export function longFiles(base) {
  return sourceFiles(base)
    .map((path) => ({ path, lines: readFileSync(join(base, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > LONG_FILE_LINES)
    .sort((a, b) => b.lines - a.lines)
    .map(({ path, lines }) => `${path}: ${lines} lines`)
}
