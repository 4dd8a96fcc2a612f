#!/usr/bin/env node
// Everything that can be said about the code without running it: npm run check
import { Failure, requireNode, runMain } from './lib/checkout.mjs'

await runMain(async (args) => {
  requireNode()
  const { checkWarnings, runChecks } = await import('./lib/checks.mjs').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Failure('the tools are not installed', 'npm ci')
  })
  const results = await runChecks(args.includes('--json') ? undefined : printResult)
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(results)}\n`)
  else for (const line of checkWarnings()) process.stdout.write(`  long file: ${line}\n`)
  return results.every(({ problems }) => problems.length === 0) ? 0 : 1
})

function printResult({ name, problems, seconds }) {
  const count = problems.length > 0 ? `: ${problems.length} lines` : ''
  process.stdout.write(`${problems.length === 0 ? '✓' : '✗'} ${name} ${seconds.toFixed(1)} s${count}\n`)
  for (const problem of problems) process.stdout.write(`    ${problem}\n`)
}
