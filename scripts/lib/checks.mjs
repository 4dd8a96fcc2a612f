import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './checkout.mjs'
import { run } from './commands.mjs'
import { checkDocuments } from './document-paths.mjs'
import { checkImports } from './import-check.mjs'
import { generateClient } from './migrations.mjs'
import { checkTexts, longFiles } from './text-rules.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)

/** CHECKS are the steps of `npm run check`: each returns its problems, one line each (none: it passed). */
const CHECKS = [
  { name: 'import rules', find: async () => checkImports() },
  { name: 'text rules', find: async () => checkTexts(root) },
  { name: 'paths in documents', find: async () => checkDocuments(root) },
  { name: 'format and lint', find: checkFormat },
  { name: 'types', find: checkTypes },
  { name: 'dead code', find: () => problemsOf(bin('knip'), ['--no-progress', '--reporter', 'compact']) },
]

/** runChecks runs every step, the independent ones side by side, and reports each when it is done. */
export async function runChecks(onDone = () => undefined) {
  return Promise.all(
    CHECKS.map(async ({ name, find }) => {
      const startedAt = performance.now()
      const problems = await find()
      const result = { name, problems, seconds: (performance.now() - startedAt) / 1000 }
      onDone(result)
      return result
    }),
  )
}

/** checkWarnings lists what deserves a look and fails nothing. */
export function checkWarnings() {
  return longFiles(root)
}

async function problemsOf(program, args) {
  const { code, output, errors } = await run(program, args, { env: { NO_COLOR: '1', FORCE_COLOR: '0' } })
  if (code === 0) return []
  const lines = `${output}\n${errors}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('npm warn'))
  return lines.length > 0 ? lines : [`${program} ended with code ${code}`]
}

// The reporter made for GitHub is the one that puts a problem on a single line: ::error title=…,file=…,line=…::text
async function checkFormat() {
  const args = ['check', '.', '--max-diagnostics=200', '--colors=off', '--reporter=github']
  const lines = await problemsOf(bin('biome'), args)
  const problems = lines.flatMap((line) => {
    const match = /^::error title=(.*?),file=(.*?),line=(\d+).*?::(.*)$/.exec(line)
    return match
      ? [`${match[2].replace(`${root}/`, '')}:${match[3]}: ${match[4] || match[1]} (${match[1]})`]
      : []
  })
  return problems.length > 0 ? problems : lines
}

async function checkTypes() {
  await generateClient()
  if (existsSync(join(root, 'app'))) {
    const problems = await problemsOf(bin('next'), ['typegen'])
    if (problems.length > 0) return problems
  }
  return problemsOf(bin('tsc'), ['--noEmit', '--pretty', 'false'])
}
