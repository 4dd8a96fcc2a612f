import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Actor, defineCommand, type Scope } from '../operation'
import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import type { ReadFile, RunbookShelf } from './load'
import { lookAtRunbooks } from './load-shelf'
import { isEditable, plainText, TEXT_LIMIT } from './model'
import { decideProposal, findProposal, insertProposal, lockProposal } from './proposal-store'
import { appendVersion, lockPath, newestVersion } from './version-store'

const path = z.string().min(1).max(200)
const why = z
  .string()
  .transform((text) => plainText(text).trim())
  .pipe(z.string().min(3, 'say why').max(500, 'at most 500 characters'))
const proposalId = z.uuid('must be a proposal’s id')

/** personWriting gives the person who acts; a machine neither proposes nor approves. */
function personWriting(actor: Actor): Extract<Actor, { kind: 'person' }> {
  if (actor.kind !== 'person') throw new AppError('forbidden', 'Only a person may do this.')
  return actor
}

/** countingFile gives a runbook that may be edited, as it counts now; throws not_found and forbidden. */
export function countingFile(shelf: RunbookShelf, of: string): ReadFile {
  const file = shelf.latest().find((one) => one.path === of)
  if (!file) throw new AppError('not_found', `There is no runbook ${of}.`)
  if (!isEditable(of))
    throw new AppError(
      'forbidden',
      `${of} is changed in its file; only trees and checklists are edited here.`,
    )
  return file
}

function faultless(shelf: RunbookShelf, of: string, text: string, now: Date): void {
  const judged = shelf.tryOut(of, text, now)
  if (judged.ok) return
  const [first] = judged.problems
  throw new AppError(
    'invalid',
    `${judged.problems.length} ${judged.problems.length === 1 ? 'fault' : 'faults'}: the first is at ${first?.file}:${first?.line}, ${first?.reason}`,
    { issues: judged.problems.map((it) => ({ path: `${it.file}:${it.line}`, message: it.reason })) },
  )
}

/** proposalInput is what a proposal consists of, wherever it is made. */
export const proposalInput = {
  path,
  /** kind `file` proposes that the file counts again instead of the approved edit over it; its text is left out. */
  kind: z.enum(['edit', 'file']).default('edit'),
  text: z.string().max(TEXT_LIMIT, `at most ${TEXT_LIMIT} characters`).default('').transform(plainText),
  /** baseHash is the sha256 of the text that the author had before them. */
  baseHash: z.string().max(64),
  why,
}

type Proposed = {
  readonly path: string
  readonly kind: 'edit' | 'file'
  readonly text: string
  readonly baseHash: string
  readonly why: string
}

/** Judged is a proposed text that has no fault, over the text that counts. */
export type Judged = { readonly text: string; readonly baseText: string; readonly baseHash: string }

/** judgeProposal refuses what changes nothing, was written over another text than the one that counts, or has faults. */
export async function judgeProposal({ console, now }: Scope, input: Proposed): Promise<Judged> {
  const shelf = await lookAtRunbooks(console, now)
  const file = countingFile(shelf, input.path)
  const text = input.kind === 'file' ? file.fileText : input.text
  if (input.kind === 'file' && file.version === undefined)
    throw new AppError('conflict', 'The file counts already: no approved edit stands over it.')
  if (text === null) throw new AppError('conflict', 'There is no file that could count.')
  const baseHash = sha256Hex(file.text)
  if (input.kind === 'edit' && text === file.text)
    throw new AppError('invalid', 'This is what counts already: nothing is changed.', {
      issues: [{ path: 'text', message: 'changes nothing' }],
    })
  if (baseHash !== input.baseHash)
    throw new AppError('conflict', 'Another text counts by now. See what changed, then propose anew.', {
      current: { text: file.text, hash: baseHash },
    })
  faultless(shelf, input.path, text, now)
  return { text, baseText: file.text, baseHash }
}

/** keepProposal writes a judged proposal for somebody else to decide; gives its id and what the audit says of it. */
export async function keepProposal(
  { tx, actor, now }: Scope & { readonly tx: Tx },
  input: Proposed,
  judged: Judged,
): Promise<{ readonly id: string; readonly detail: Readonly<Record<string, unknown>> }> {
  const { id: byId, handle: by } = personWriting(actor)
  const id = randomUUID()
  const textHash = sha256Hex(judged.text)
  const { path: of, kind, why: reason } = input
  await insertProposal(tx, { id, path: of, kind, ...judged, textHash, why: reason, byId, by, at: now })
  return { id, detail: { proposal: id, kind, textHash, baseHash: judged.baseHash, why: reason } }
}

/** propose puts a text before the others: it counts once somebody else approves it. */
export const propose = defineCommand({
  name: 'runbooks.propose',
  summary: 'Proposes a text for a runbook, or that the file counts again; another person decides.',
  permission: 'runbooks.edit',
  input: z.strictObject(proposalInput),
  output: z.object({ proposalId: z.uuid() }),
  before: judgeProposal,
  run: async (scope, input) => {
    const kept = await keepProposal(scope, input, scope.before)
    return {
      result: { proposalId: kept.id },
      audit: { subject: `runbook:${input.path}`, detail: kept.detail },
      touched: [{ topic: 'runbooks', ref: input.path }],
    }
  },
})

/** approve lets a proposed text count, for web and worker; never by its author, and only the very text that was seen. */
export const approve = defineCommand({
  name: 'runbooks.approve',
  summary: 'Approves a proposed runbook: its text counts from now on. The author can’t.',
  permission: 'runbooks.approve',
  input: z.strictObject({
    proposalId,
    /** textHash is the sha256 of the text that the approver read. */
    textHash: z.string().max(64),
    why: z
      .string()
      .max(500)
      .default('')
      .transform((text) => plainText(text).trim()),
  }),
  output: z.object({ version: z.number() }),
  before: async ({ console, now }, input) => {
    const proposal = await findProposal(console.db, input.proposalId)
    if (!proposal) throw new AppError('not_found', 'There is no such proposal.')
    const newest = await newestVersion(console.db, proposal.path)
    const shelf = await lookAtRunbooks(console, now)
    const file = countingFile(shelf, proposal.path)
    const text = proposal.kind === 'file' ? file.fileText : proposal.text
    if (proposal.state === 'open') faultless(shelf, proposal.path, text ?? '', now)
    return { newest, counts: { text: file.text, hash: sha256Hex(file.text) }, fileText: file.fileText }
  },
  run: async ({ tx, actor, now, before }, input) => {
    const { id: byId, handle: by } = personWriting(actor)
    const proposal = await openProposal(tx, input.proposalId)
    if (proposal.byId === byId)
      throw new AppError('forbidden', 'Somebody else must approve what you proposed.')
    if (proposal.textHash !== input.textHash)
      throw new AppError('conflict', 'This is not the text that was proposed. Read it again.')
    const newest = await lockPath(tx, proposal.path)
    const isStale =
      newest !== before.newest ||
      before.counts.hash !== proposal.baseHash ||
      (proposal.kind === 'file' && sha256Hex(before.fileText ?? '') !== proposal.textHash)
    if (isStale)
      throw new AppError(
        'conflict',
        'Another text counts since this was proposed. The author must propose it anew over what counts now.',
        { current: before.counts },
      )
    await decideProposal(tx, proposal.id, { state: 'approved', byId, by, why: input.why, now })
    const version = await appendVersion(tx, {
      path: proposal.path,
      kind: proposal.kind,
      text: proposal.text,
      textHash: proposal.textHash,
      baseHash: proposal.baseHash,
      why: proposal.why,
      proposedById: proposal.byId,
      proposedBy: proposal.by,
      approvedById: byId,
      approvedBy: by,
      proposalId: proposal.id,
      at: now,
    })
    return {
      result: { version },
      audit: {
        subject: `runbook:${proposal.path}`,
        detail: {
          proposal: proposal.id,
          version,
          kind: proposal.kind,
          textHash: proposal.textHash,
          baseHash: proposal.baseHash,
          proposedBy: proposal.byId,
          why: input.why,
        },
      },
      touched: [{ topic: 'runbooks', ref: proposal.path }],
    }
  },
})

async function openProposal(tx: Tx, id: string) {
  const proposal = await lockProposal(tx, id)
  if (!proposal) throw new AppError('not_found', 'There is no such proposal.')
  if (proposal.state !== 'open')
    throw new AppError('conflict', `This proposal is ${proposal.state} by @${proposal.decidedBy} already.`)
  return proposal
}

/** refuse closes a proposal with a reason; what counts stays. */
export const refuse = defineCommand({
  name: 'runbooks.refuse',
  summary: 'Refuses a proposed runbook with a reason; what counts stays.',
  permission: 'runbooks.approve',
  input: z.strictObject({ proposalId, why }),
  output: z.object({ proposalId: z.uuid() }),
  run: async ({ tx, actor, now }, input) => {
    const { id: byId, handle: by } = personWriting(actor)
    const proposal = await openProposal(tx, input.proposalId)
    await decideProposal(tx, proposal.id, { state: 'refused', byId, by, why: input.why, now })
    return {
      result: { proposalId: proposal.id },
      audit: { subject: `runbook:${proposal.path}`, detail: { proposal: proposal.id, why: input.why } },
      touched: [{ topic: 'runbooks', ref: proposal.path }],
    }
  },
})

/** withdraw takes one's own proposal back. */
export const withdraw = defineCommand({
  name: 'runbooks.withdraw',
  summary: 'Takes back a runbook that one has proposed oneself.',
  permission: 'runbooks.edit',
  input: z.strictObject({ proposalId }),
  output: z.object({ proposalId: z.uuid() }),
  run: async ({ tx, actor, now }, input) => {
    const { id: byId, handle: by } = personWriting(actor)
    const proposal = await openProposal(tx, input.proposalId)
    if (proposal.byId !== byId) throw new AppError('forbidden', 'Only its author may take a proposal back.')
    await decideProposal(tx, proposal.id, { state: 'withdrawn', byId, by, why: '', now })
    return {
      result: { proposalId: proposal.id },
      audit: { subject: `runbook:${proposal.path}`, detail: { proposal: proposal.id } },
      touched: [{ topic: 'runbooks', ref: proposal.path }],
    }
  },
})
