#!/usr/bin/env node
// Drills: in the console (npm run drill -- --scenario FILE), without a browser (--headless), or an incident made one (--export).
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { requireNode, root } from './lib/checkout.mjs'

requireNode()
const args = process.argv.slice(2)
const isHeadless = args.includes('--headless') || args.includes('--export')
const program = isHeadless
  ? [
      resolve(root, 'node_modules/tsx/dist/cli.mjs'),
      resolve(root, 'scripts/drill/main.ts'),
      ...args.filter((it) => it !== '--headless'),
    ]
  : [resolve(root, 'scripts/up.mjs'), ...args]
const { status } = spawnSync(process.execPath, program, { stdio: 'inherit' })
process.exitCode = status ?? 1
