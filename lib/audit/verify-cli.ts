import { Prisma } from '@/prisma/generated/client'
import { openDb } from '../platform/db'
import type { ChainHead } from './chain'
import { verifyAudit } from './verify'

const USAGE = 'npm run audit:verify -- [--anchor SEQ:HASH]'
const LIMIT_MS = 30 * 60_000

function anchorOf(args: readonly string[]): ChainHead | undefined {
  const at = args.indexOf('--anchor')
  if (at < 0) return undefined
  const match = /^(\d+):([0-9a-f]{64})$/.exec(args[at + 1] ?? '')
  if (!match) throw new Error(`--anchor takes SEQ:HASH as an earlier run printed it\n${USAGE}`)
  return { seq: BigInt(match[1] ?? '0'), hash: match[2] ?? '' }
}

async function main(args: readonly string[]): Promise<number> {
  const anchor = anchorOf(args)
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('Set DATABASE_URL (`node scripts/db.mjs url` prints the one of this checkout).')
  const db = openDb({ url, name: 'audit-verify', max: 1 })
  try {
    const finding = await db.$transaction((tx) => verifyAudit(tx, anchor), {
      isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead,
      timeout: LIMIT_MS,
    })
    if (finding.kind === 'broken') {
      console.error(`The audit trail is broken at row ${finding.seq}: ${finding.why}.`)
      return 1
    }
    console.log(`The audit trail is whole: ${finding.rows} rows.`)
    console.log(`Keep this anchor somewhere else: ${finding.head.seq}:${finding.head.hash || '0'.repeat(64)}`)
    return 0
  } finally {
    await db.$disconnect()
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
  },
)
