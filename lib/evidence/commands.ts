import { z } from 'zod'
import { recordByMachine } from '../incidents/commands-record'
import { defineCommand } from '../operation'
import type { Tx } from '../platform/db'
import { writeHints } from '../run'
import type { Built } from './collect'
import { finishBundle, insertPin, queueBundle, seeIncident, type Work } from './store'

/** collect asks for an evidence bundle of an incident; while one is under way, that one is given. */
export const collect = defineCommand({
  name: 'evidence.collect',
  summary: 'Asks for an evidence bundle of an incident; the worker builds it.',
  permission: 'evidence.collect',
  input: z.strictObject({ incidentId: z.uuid('must be an incident’s id') }),
  output: z.object({ bundleId: z.uuid(), repeated: z.boolean() }),
  run: async ({ tx, actor, now }, { incidentId }) => {
    await seeIncident(tx, actor, incidentId)
    const by = actor.kind === 'person' ? actor.handle : actor.id
    const { id, isNew } = await queueBundle(tx, { incidentId, by, now })
    return {
      result: { bundleId: id, repeated: !isNew },
      audit: { subject: `incident:${incidentId}`, detail: { bundle: id } },
      touched: isNew ? [{ topic: 'evidence', ref: incidentId }] : [],
    }
  },
})

/** keepBundle keeps a finished bundle and tells the record its manifest's digest, as a pin, in the caller's transaction. */
export async function keepBundle(tx: Tx, work: Work, built: Built, now: Date): Promise<void> {
  const { archive, archiveSha256, manifestSha256, filename, manifest } = built
  const files = manifest.files.length
  const missing = manifest.missing.length
  const isNew = await finishBundle(tx, work.id, {
    archive,
    archiveSha256,
    manifestSha256,
    filename,
    files,
    missing,
    now,
  })
  if (!isNew) return
  const title = 'Evidence bundle'
  const value = `manifest SHA-256 ${manifestSha256}, ${files} files, ${missing} missing`
  const source = `${filename}, asked for by @${work.askedBy}`
  await insertPin(tx, { incidentId: work.incidentId, title, value, source, by: 'evidence', now })
  await recordByMachine(tx, {
    incidentId: work.incidentId,
    author: { actor: 'machine:evidence', name: 'evidence' },
    now,
    entries: [{ kind: 'pin', source: 'machine', body: { title, value, source, url: '' } }],
  })
  await writeHints(
    tx,
    [
      { topic: 'evidence', ref: work.incidentId },
      { topic: 'incidents', ref: work.incidentId },
    ],
    now,
  )
}
