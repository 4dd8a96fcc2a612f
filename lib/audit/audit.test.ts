import canonicalize from 'canonicalize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Prisma } from '@/prisma/generated/client'
import type { Console } from '../console'
import type { Tx } from '../platform/db'
import { t0, testConsole } from '../platform/testing/database'
import { appendAudit } from './append'
import { type Finding, hashOf } from './chain'
import { verifyAudit } from './verify'

const ROWS = 60
const TAMPERINGS = 1_000

let console: Console

function event(index: number) {
  return {
    at: new Date(t0.getTime() + index * 1_000),
    actor: `person-${index % 5}`,
    action: index % 3 === 0 ? 'access.signIn' : 'agents.issueToken',
    subject: `thing:${index}`,
    detail: { index, ratio: index / 7, nested: { b: [1, 'é', null], a: true } },
    sessionId: index % 2 === 0 ? `session-${index}` : undefined,
    requestId: `request-${index}`,
  }
}

beforeAll(async () => {
  console = await testConsole()
  for (let index = 1; index <= ROWS; index += 1) {
    await console.db.$transaction((tx) => appendAudit(tx, event(index)))
  }
})

afterAll(async () => {
  await console.close()
})

/** A small generator with a fixed seed, so that a failure names a tampering that can be run again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return Math.floor((state / 4_294_967_296) * below)
  }
}

/** found is the row that the verifier must name: a forged row with a right link and hash shows at the row after it. */
type Tampering = { readonly name: string; readonly found: bigint; readonly run: (tx: Tx) => Promise<unknown> }

const TEXT_COLUMNS = ['actor', 'action', 'subject', 'request_id', 'hash', 'prev_hash', 'session_id'] as const

function edit(pick: (below: number) => number): Tampering {
  const at = BigInt(pick(ROWS) + 1)
  const column = pick(TEXT_COLUMNS.length + 2)
  if (column === TEXT_COLUMNS.length) {
    return {
      name: `time of ${at}`,
      found: at,
      run: (tx) => tx.$executeRaw`UPDATE audit_entry SET at = at + interval '1 ms' WHERE seq = ${at}`,
    }
  }
  if (column > TEXT_COLUMNS.length) {
    return {
      name: `detail of ${at}`,
      found: at,
      run: (tx) =>
        tx.$executeRaw`UPDATE audit_entry SET detail = detail || '{"index": 0.5}'::jsonb WHERE seq = ${at}`,
    }
  }
  const name = TEXT_COLUMNS[column] ?? 'actor'
  return {
    name: `${name} of ${at}`,
    found: at,
    run: (tx) =>
      tx.$executeRaw`UPDATE audit_entry SET ${Prisma.raw(name)} = coalesce(${Prisma.raw(name)}, '') || 'x' WHERE seq = ${at}`,
  }
}

function remove(pick: (below: number) => number): Tampering {
  const at = BigInt(pick(ROWS) + 1)
  return {
    name: `delete ${at}`,
    found: at,
    run: (tx) => tx.$executeRaw`DELETE FROM audit_entry WHERE seq = ${at}`,
  }
}

function insert(pick: (below: number) => number): Tampering {
  const at = BigInt(pick(ROWS + 1) + 1)
  return {
    name: `insert at ${at}`,
    found: at > BigInt(ROWS) ? at : at + 1n,
    run: async (tx) => {
      await tx.$executeRaw`UPDATE audit_entry SET seq = -(seq + 1) WHERE seq >= ${at}`
      await tx.$executeRaw`UPDATE audit_entry SET seq = -seq WHERE seq < 0`
      const before = await tx.auditEntry.findUnique({ where: { seq: at - 1n } })
      const row = {
        ...event(7),
        detail: { forged: true },
        sessionId: null,
        seq: at,
        prevHash: before?.hash ?? '',
      }
      await tx.auditEntry.create({ data: { ...row, hash: hashOf(row) } })
    },
  }
}

function swap(pick: (below: number) => number): Tampering {
  const first = BigInt(pick(ROWS - 1) + 1)
  const second = first + BigInt(pick(ROWS - Number(first)) + 1)
  return {
    name: `swap ${first} and ${second}`,
    found: first,
    run: async (tx) => {
      await tx.$executeRaw`UPDATE audit_entry SET seq = -seq WHERE seq IN (${first}, ${second})`
      await tx.$executeRaw`UPDATE audit_entry SET seq = ${second} WHERE seq = ${-first}`
      await tx.$executeRaw`UPDATE audit_entry SET seq = ${first} WHERE seq = ${-second}`
    },
  }
}

class RolledBack extends Error {}

async function findingAfter(tampering: Tampering): Promise<Finding | undefined> {
  let finding: Finding | undefined
  await console.db
    .$transaction(async (tx) => {
      await tx.$executeRaw`ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_change`
      await tampering.run(tx)
      finding = await verifyAudit(tx)
      throw new RolledBack()
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error
    })
  return finding
}

describe('the audit trail', () => {
  it('accepts the history that the console wrote', async () => {
    const finding = await verifyAudit(console.db)
    expect(finding).toMatchObject({ kind: 'whole', rows: BigInt(ROWS) })
  })

  it('locates each of 1,000 random edits, deletions, insertions and swaps', {
    timeout: 240_000,
  }, async () => {
    const pick = randomFrom(20_261_121)
    const kinds = [edit, remove, insert, swap] as const
    const missed: string[] = []
    for (let index = 0; index < TAMPERINGS; index += 1) {
      const tampering = (kinds[index % kinds.length] ?? edit)(pick)
      const finding = await findingAfter(tampering)
      if (finding?.kind !== 'broken' || finding.seq !== tampering.found) {
        missed.push(`${tampering.name}: ${finding?.kind === 'broken' ? finding.seq : finding?.kind}`)
      }
    }
    expect(missed).toEqual([])
    expect(await verifyAudit(console.db)).toMatchObject({ kind: 'whole' })
  })

  it.each([
    ['UPDATE', "UPDATE audit_entry SET actor = 'x' WHERE seq = 1"],
    ['DELETE', 'DELETE FROM audit_entry WHERE seq = 1'],
    ['TRUNCATE', 'TRUNCATE audit_entry'],
    [
      'a replication role',
      'SET LOCAL session_replication_role = replica; DELETE FROM audit_entry WHERE seq = 1',
    ],
  ])('refuses %s', async (_name, statement) => {
    const client = await console.hot.connect()
    try {
      await client.query('BEGIN')
      await expect(client.query(statement)).rejects.toThrow(/append-only/)
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  })

  it('a rewritten history shows against an anchor kept elsewhere, and only there', async () => {
    const before = await verifyAudit(console.db)
    if (before.kind !== 'whole') throw new Error('the chain should be whole')
    const findings: Finding[] = []
    await console.db
      .$transaction(async (tx) => {
        await tx.$executeRaw`ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_change`
        await tx.$executeRaw`UPDATE audit_entry SET actor = 'somebody else' WHERE seq = 5`
        let prevHash = ''
        for (const row of await tx.auditEntry.findMany({ orderBy: { seq: 'asc' } })) {
          const hash = hashOf({ ...row, prevHash })
          await tx.auditEntry.update({ where: { seq: row.seq }, data: { prevHash, hash } })
          prevHash = hash
        }
        await tx.ledgerHead.update({ where: { id: 1 }, data: { auditHash: prevHash } })
        findings.push(await verifyAudit(tx), await verifyAudit(tx, before.head))
        throw new RolledBack()
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error
      })
    expect(findings).toMatchObject([{ kind: 'whole' }, { kind: 'broken', seq: BigInt(ROWS) }])
  })

  it('keeps one unbroken chain when twenty commands commit at once', async () => {
    const own = await testConsole()
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        own.db.$transaction((tx) => appendAudit(tx, event(index)), { maxWait: 10_000 }),
      ),
    )
    expect(await verifyAudit(own.db)).toMatchObject({ kind: 'whole', rows: 20n })
    await own.close()
  })

  it.each([
    ['NUL and lone surrogates', { text: 'a\u0000b\ud800c' }],
    ['numbers at the edges', { big: 1e300, small: 5e-324, minus: -0, whole: 9_007_199_254_740_991 }],
    ['instants, bigints and nothing', { at: t0, count: 12n, gone: undefined }],
    ['an enormous detail', { text: 'x'.repeat(50_000) }],
    ['a secret', { apiKey: 'sk-1234567890abcdef', note: 'Bearer abcdefghijklmnop' }],
  ])('stores and verifies %s', async (_name, detail) => {
    const own = await testConsole()
    await own.db.$transaction((tx) => appendAudit(tx, { ...event(1), detail }))
    expect(await verifyAudit(own.db)).toMatchObject({ kind: 'whole', rows: 1n })
    const [row] = await own.db.auditEntry.findMany()
    expect(canonicalize(row?.detail)?.length).toBeLessThan(1_000)
    expect(JSON.stringify(row?.detail)).not.toMatch(/sk-1234567890abcdef|abcdefghijklmnop/)
    await own.close()
  })
})
