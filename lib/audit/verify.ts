import type { Db, Tx } from '../platform/db'
import { type AuditRow, type ChainHead, type Finding, verifyChain } from './chain'

const BATCH = 1_000

/** auditRows streams the table in ascending order, a thousand rows at a time. */
async function* auditRows(db: Db | Tx): AsyncGenerator<AuditRow> {
  let after: bigint | undefined
  for (;;) {
    const rows: AuditRow[] = await db.auditEntry.findMany({
      ...(after === undefined ? {} : { where: { seq: { gt: after } } }),
      orderBy: { seq: 'asc' },
      take: BATCH,
    })
    for (const row of rows) yield row
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return
    after = last.seq
  }
}

async function headOf(db: Db | Tx): Promise<ChainHead> {
  const head = await db.ledgerHead.findUnique({ where: { id: 1 } })
  return { seq: head?.auditSeq ?? 0n, hash: head?.auditHash ?? '' }
}

/** verifyAudit checks the whole trail; give it a REPEATABLE READ transaction when commands may be running. */
export async function verifyAudit(db: Db | Tx, anchor?: ChainHead): Promise<Finding> {
  const head = await headOf(db)
  return verifyChain(auditRows(db), { head, ...(anchor ? { anchor } : {}) })
}
