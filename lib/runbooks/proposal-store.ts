import type { RunbookProposal } from '@/prisma/generated/client'
import type { Tx } from '../platform/db'

/** insertProposal keeps a new proposal. */
export async function insertProposal(
  tx: Tx,
  proposal: Pick<
    RunbookProposal,
    'id' | 'path' | 'kind' | 'text' | 'textHash' | 'baseText' | 'baseHash' | 'why' | 'byId' | 'by' | 'at'
  >,
): Promise<void> {
  await tx.runbookProposal.create({ data: proposal })
}

/** lockProposal reads a proposal and keeps others from deciding it until the transaction ends; null when there is none. */
export async function lockProposal(tx: Tx, id: string): Promise<RunbookProposal | null> {
  await tx.$executeRaw`SELECT 1 FROM runbook_proposal WHERE id = ${id}::uuid FOR UPDATE`
  return findProposal(tx, id)
}

/** findProposal reads a proposal; null when there is none. */
export async function findProposal(tx: Tx, id: string): Promise<RunbookProposal | null> {
  return tx.runbookProposal.findUnique({ where: { id } })
}

/** decideProposal closes an open proposal. */
export async function decideProposal(
  tx: Tx,
  id: string,
  decision: {
    readonly state: 'approved' | 'refused' | 'withdrawn'
    readonly byId: string
    readonly by: string
    readonly why: string
    readonly now: Date
  },
): Promise<void> {
  const { state, byId, by, why, now } = decision
  await tx.runbookProposal.update({
    where: { id },
    data: { state, decidedById: byId, decidedBy: by, decidedAt: now, decidedWhy: why },
  })
}

/** readProposals gives proposals without their texts, newest first: of one path, or the open ones of all. */
export async function readProposals(tx: Tx, where: { readonly path: string } | { readonly state: 'open' }) {
  return tx.runbookProposal.findMany({
    where,
    orderBy: { at: 'desc' },
    take: 100,
    omit: { text: true, baseText: true },
  })
}
