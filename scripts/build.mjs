#!/usr/bin/env node
import { build } from './lib/building.mjs'
// The production build: .next/standalone (web), dist/worker.mjs, dist/simulator.mjs, dist/status-emergency.mjs.
import { requireNode, runMain } from './lib/checkout.mjs'
import { generateClient } from './lib/migrations.mjs'
import { step } from './lib/steps.mjs'

await runMain(async () => {
  requireNode()
  await step('Prisma client', async () => ((await generateClient()) ? 'written' : 'up to date'))
  await step('build', build)
})
