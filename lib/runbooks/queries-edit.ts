import { z } from 'zod'
import { defineQuery } from '../operation'
import { sha256Hex } from '../platform/crypto'
import { AppError } from '../platform/errors'
import { countingFile } from './commands'
import { type Finding, findingsOf } from './load-check'
import { lookAtRunbooks } from './load-shelf'
import { plainText, slugOf, TEXT_LIMIT } from './model'
import { findProposal, readProposals } from './proposal-store'
import { findVersion, readVersions } from './version-store'

const path = z.string().min(1).max(200)
const text = z.string().max(TEXT_LIMIT, `at most ${TEXT_LIMIT} characters`).transform(plainText)

/** check validates a text as if it counted: every fault and gap with its line, of this runbook and of the others that it would break. */
export const check = defineQuery({
  name: 'runbooks.check',
  summary: 'Checks a text for a runbook as if it counted, and names every fault with its line.',
  permission: 'runbooks.read',
  input: z.strictObject({ path, text }),
  run: async (
    { console, now },
    input,
  ): Promise<{ readonly textHash: string; readonly findings: readonly Finding[] }> => {
    const shelf = await lookAtRunbooks(console, now)
    countingFile(shelf, input.path)
    const judged = shelf.tryOut(input.path, input.text, now)
    return {
      textHash: sha256Hex(input.text),
      findings: await findingsOf(judged, console.env.WATCHFLOOR_RUNBOOKS),
    }
  },
})

/** history gives what was approved and proposed for a runbook, newest first. */
export const history = defineQuery({
  name: 'runbooks.history',
  summary: 'Gives the approved versions and the proposals of a runbook, newest first.',
  permission: 'runbooks.read',
  input: z.strictObject({ path }),
  run: async ({ console: { db } }, input) => {
    const [versions, proposals] = await Promise.all([
      readVersions(db, input.path),
      readProposals(db, { path: input.path }),
    ])
    return {
      versions: versions.map(({ at, ...version }) => ({ ...version, atMs: at.getTime() })),
      proposals: proposals.map(({ at, decidedAt, ...proposal }) => ({
        ...proposal,
        atMs: at.getTime(),
        decidedAtMs: decidedAt?.getTime() ?? null,
      })),
    }
  },
})

/** version gives one approved text with what it replaced. */
export const version = defineQuery({
  name: 'runbooks.version',
  summary: 'Gives the text of an approved version and the text that it replaced.',
  permission: 'runbooks.read',
  input: z.strictObject({ id: z.number().int().min(1) }),
  run: async ({ console: { db } }, { id }) => {
    const found = await findVersion(db, id)
    if (!found) throw new AppError('not_found', 'There is no such version.')
    const { at, ...rest } = found
    return { ...rest, atMs: at.getTime() }
  },
})

/** proposal gives one proposal with its texts, what counts now, and what the check says of it now. */
export const proposal = defineQuery({
  name: 'runbooks.proposal',
  summary:
    'Gives a proposed text, the text that it was written over, the text that counts now, and its faults.',
  permission: 'runbooks.read',
  input: z.strictObject({ id: z.uuid('must be a proposal’s id') }),
  run: async ({ console, now }, { id }) => {
    const found = await findProposal(console.db, id)
    if (!found) throw new AppError('not_found', 'There is no such proposal.')
    const shelf = await lookAtRunbooks(console, now)
    const counting = shelf.latest().find((one) => one.path === found.path)
    const judged = shelf.tryOut(found.path, found.text, now)
    const { at, decidedAt, ...rest } = found
    return {
      ...rest,
      slug: slugOf(found.path),
      atMs: at.getTime(),
      decidedAtMs: decidedAt?.getTime() ?? null,
      now: counting ? { text: counting.text, hash: sha256Hex(counting.text) } : null,
      isStale: found.state === 'open' && sha256Hex(counting?.text ?? '') !== found.baseHash,
      findings: found.state === 'open' ? await findingsOf(judged, console.env.WATCHFLOOR_RUNBOOKS) : [],
    }
  },
})
