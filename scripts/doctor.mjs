#!/usr/bin/env node
// What this machine lacks for Watchfloor, in plain words, with the repair for each: npm run doctor
import { runMain } from './lib/checkout.mjs'
import { diagnose } from './lib/diagnosis.mjs'
import { say } from './lib/steps.mjs'

const MARKS = { ok: '✓', note: '·', wrong: '✗' }

await runMain(async (args) => {
  const findings = await diagnose()
  const isFit = findings.every(({ state }) => state !== 'wrong')
  if (args.includes('--json')) say(JSON.stringify({ ok: isFit, findings }, null, 2))
  else printFindings(findings, isFit)
  return isFit ? 0 : 1
})

function printFindings(findings, isFit) {
  for (const { name, state, text, repair } of findings) {
    say(`${MARKS[state]} ${name}: ${text}`)
    if (repair && state !== 'ok') say(`    Repair: ${repair}`)
  }
  say(isFit ? 'Nothing needed is missing.' : 'Something needed is missing; see ✗ above.')
}
