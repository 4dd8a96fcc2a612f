import { z } from 'zod'
import { loadDeployRules } from '../deployments/load-rules'
import { defineCommand } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { dueAtOf, evidenceFor, HOTFIX_WORDS, isOpen, nextOf } from './hotfix'
import { insertHotfix, writeHotfixEvent } from './hotfix-store'

const ZONE = 'America/Chicago'
const id = z.uuid()

/** recordHotfix writes down a change made by hand on an instance: which files, what content, why. It is due the same day. */
export const recordHotfix = defineCommand({
  name: 'hotfixes.record',
  summary:
    'Writes down a change made by hand on an instance: which files, what content, why. It is due the same day.',
  permission: 'hotfixes.record',
  input: z.strictObject({
    service: z.string().min(1).max(60),
    environment: z.enum(['staging', 'production']),
    instance: z.string().trim().min(1).max(80),
    files: z
      .array(z.strictObject({ path: z.string().trim().min(1).max(400), content: z.string().max(60_000) }))
      .min(1, 'name at least one file')
      .max(40),
    reason: z.string().trim().min(10, 'say why, in at least 10 characters').max(500),
  }),
  before: ({ console, now }) => loadDeployRules(console, now),
  run: async ({ tx, actor, now, before }, input) => {
    if (!before.services.has(input.service))
      throw new AppError('invalid', `runbooks/services has no ${input.service}.`)
    const owner = actor.kind === 'person' ? actor : undefined
    if (!owner) throw new AppError('forbidden', 'A hotfix has a person as its owner.')
    const row = await insertHotfix(tx, {
      ...input,
      incidentId: null,
      ownerId: owner.id,
      owner: owner.handle,
      at: now,
      dueAt: dueAtOf(now, ZONE),
    })
    return {
      result: { id: row.id, number: row.number, dueAt: row.dueAt.toISOString() },
      audit: {
        subject: `hotfix:${row.number}`,
        detail: { instance: input.instance, files: input.files.map(({ path }) => path) },
      },
      touched: [{ topic: 'hotfixes', ref: row.id }],
    }
  },
})

/** advanceHotfix takes a hotfix one state on, with the evidence that this state asks for. */
export const advanceHotfix = defineCommand({
  name: 'hotfixes.advance',
  summary: 'Takes a hotfix one state on, with the evidence that the state asks for.',
  permission: 'hotfixes.record',
  input: z.strictObject({
    id,
    version: z.number().int().positive(),
    evidence: z.string().trim().min(3).max(400),
  }),
  run: async ({ tx, actor, now }, { id: hotfixId, version, evidence }) => {
    const row = await tx.hotfix.findUnique({ where: { id: hotfixId } })
    if (!row) throw new AppError('not_found', 'There is no such hotfix.')
    const next = nextOf(row.state as Parameters<typeof nextOf>[0])
    const wanted = next ? evidenceFor(next) : undefined
    if (!next || !wanted) throw new AppError('conflict', 'Nothing is left to be shown for this hotfix.')
    const data = await proof(tx, row, { wanted, evidence })
    const { count } = await tx.hotfix.updateMany({
      where: { id: row.id, version },
      data: { ...data, state: next, version: version + 1, ...(isOpen(next) ? {} : { endedAt: now }) },
    })
    if (count === 0)
      throw new AppError('conflict', 'Somebody else changed this hotfix meanwhile. Look again.')
    const by = actor.kind === 'person' ? actor.handle : actor.id
    await writeHotfixEvent(tx, row, { state: next, by, words: evidence, now })
    return {
      result: { id: row.id, state: next, words: HOTFIX_WORDS[next] },
      audit: { subject: `hotfix:${row.number}`, detail: { state: next, evidence } },
      touched: [{ topic: 'hotfixes', ref: row.id }],
    }
  },
})

type Proof = { readonly commit?: string; readonly digest?: string; readonly deploymentNumber?: number }

/** Evidence is looked up where we can: a word alone closes no debt. */
async function proof(
  tx: Tx,
  row: { readonly service: string; readonly environment: string; readonly digest: string },
  {
    wanted,
    evidence,
  }: { readonly wanted: NonNullable<ReturnType<typeof evidenceFor>>; readonly evidence: string },
): Promise<Proof> {
  switch (wanted) {
    case 'commit':
      if (!/^(https:\/\/\S+|[0-9a-f]{7,40})$/.test(evidence))
        throw new AppError('invalid', 'Give the commit: its hash, or its link.')
      return { commit: evidence }
    case 'digest':
      if (!/^sha256:[0-9a-f]{64}$/.test(evidence))
        throw new AppError('invalid', 'Give the digest of the image that holds it: sha256: and 64 digits.')
      return { digest: evidence }
    case 'deployment': {
      const number = Number(/^(?:DEP-)?0*(\d{1,9})$/.exec(evidence)?.[1])
      const found = await tx.rollout.findFirst({
        where: { number, service: row.service, environment: row.environment, state: 'succeeded' },
      })
      const digests = (
        (found?.plan as { artifacts?: readonly { digest: string }[] } | undefined)?.artifacts ?? []
      ).map(({ digest }) => digest)
      if (!found || !digests.includes(row.digest))
        throw new AppError('invalid', 'No deployment of this number brought that image there with success.')
      return { deploymentNumber: number }
    }
    case 'version':
      if (!evidence.includes(row.digest.slice(7, 19)) && !evidence.includes(row.digest))
        throw new AppError(
          'invalid',
          'Paste what the instance says of its version: it must name the image’s digest.',
        )
      return {}
  }
}

/** waiveHotfix gives a hotfix up, by a manager, with a reason. */
export const waiveHotfix = defineCommand({
  name: 'hotfixes.waive',
  summary: 'Gives a hotfix up, by a manager, with a reason.',
  permission: 'hotfixes.waive',
  input: z.strictObject({
    id,
    reason: z.string().trim().min(20, 'say why, in at least 20 characters').max(500),
  }),
  run: async ({ tx, actor, now }, { id: hotfixId, reason }) => {
    const row = await tx.hotfix.findUnique({ where: { id: hotfixId } })
    if (!row || !isOpen(row.state as Parameters<typeof isOpen>[0]))
      throw new AppError('conflict', 'This hotfix is no debt any more.')
    const by = actor.kind === 'person' ? actor.handle : actor.id
    await tx.hotfix.update({
      where: { id: row.id },
      data: { state: 'waived', waivedBy: by, waivedReason: reason, endedAt: now, version: { increment: 1 } },
    })
    await writeHotfixEvent(tx, row, { state: 'waived', by, words: reason, now })
    return {
      result: { id: row.id },
      audit: { subject: `hotfix:${row.number}`, detail: { reason } },
      touched: [{ topic: 'hotfixes', ref: row.id }],
    }
  },
})
