#!/usr/bin/env node
import { bringBrowser } from './lib/browser.mjs'
// The browser journeys alone: node scripts/e2e.mjs [Playwright arguments]
import { Failure, requireNode, runMain } from './lib/checkout.mjs'
import { runJourneys } from './lib/journeys.mjs'
import { generateClient } from './lib/migrations.mjs'
import { withPostgres } from './lib/postgres.mjs'

await runMain(async (args) => {
  requireNode()
  if (!(await bringBrowser())) throw new Failure('the journeys need a browser', 'apt-get install chromium')
  await generateClient()
  return withPostgres('e2e', async (serverUrl) => {
    const { code } = await runJourneys({ serverUrl, args, show: (text) => process.stdout.write(text) })
    return code
  })
})
