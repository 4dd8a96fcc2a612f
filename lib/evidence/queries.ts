import { z } from 'zod'
import { defineQuery, Encoded } from '../operation'
import { STEPS } from './model'
import { type BundleState, readArchive, readBundles, seeIncident } from './store'

const incidentId = z.uuid('must be an incident’s id')

/** ofIncident gives the evidence bundles of an incident, newest first, with how far the one under way is. */
export const ofIncident = defineQuery({
  name: 'evidence.ofIncident',
  summary: 'Gives the evidence bundles of an incident, newest first.',
  permission: 'evidence.read',
  input: z.strictObject({ incidentId }),
  run: async ({ console: { db }, actor }, input) => {
    const { isRestricted } = await seeIncident(db, actor, input.incidentId)
    const rows = await readBundles(db, input.incidentId)
    return {
      isRestricted,
      bundles: rows.map((row) => ({
        id: row.id,
        state: row.state as BundleState,
        askedAtMs: row.askedAt.getTime(),
        askedBy: row.askedBy,
        step: row.step,
        steps: STEPS.length,
        stepName: STEPS[row.step] ?? '',
        doneAtMs: row.doneAt?.getTime() ?? null,
        problem: row.problem,
        filename: row.filename,
        sizeBytes: row.sizeBytes,
        files: row.files,
        missing: row.missing,
        manifestSha256: row.manifestSha256,
      })),
    }
  },
})

/** archive gives the bytes of a finished bundle: a gzipped tar. */
export const archive = defineQuery({
  name: 'evidence.archive',
  summary: 'Gives a finished evidence bundle as a gzipped tar archive.',
  permission: 'evidence.read',
  input: z.strictObject({ incidentId, bundleId: z.uuid('must be a bundle’s id') }),
  run: async ({ console: { db }, actor }, input) => {
    await seeIncident(db, actor, input.incidentId)
    const { bytes, filename, sha256 } = await readArchive(db, input.incidentId, input.bundleId)
    return new Encoded({ bytes, contentType: 'application/gzip', etag: `"${sha256}"`, filename })
  },
})
