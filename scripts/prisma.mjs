#!/usr/bin/env node
// Runs the Prisma CLI on the checkout's database, with Prisma's own engine where it can be had and with the
// WebAssembly build of the same engine where it can't: node scripts/prisma.mjs migrate dev --name add_x
import { requireNode, runMain } from './lib/checkout.mjs'
import { findPostgres } from './lib/postgres.mjs'
import { runPrisma } from './lib/prisma-cli.mjs'

await runMain(async (args) => {
  requireNode()
  const databaseUrl = process.env.DATABASE_URL || findPostgres()?.url
  const { code } = await runPrisma(args, { databaseUrl, show: true })
  return code ?? 1
})
