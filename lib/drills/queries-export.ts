import { z } from 'zod'
import { withinSight } from '../access/sight'
import { incidentName } from '../incidents/model'
import { defineQuery, Encoded } from '../operation'
import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { redact, redactText } from '../platform/redact'
import { readRecording } from '../triage/queries-moments'
import { type RecordedIncident, recordedOf, recordedYaml } from './record'
import type { Recorded } from './recorded'

type Incident = NonNullable<Awaited<ReturnType<Tx['incident']['findFirst']>>>

/** recordingOf makes the scenario of an incident whose triage was kept; throws not_found when there is nothing to replay. */
export async function recordingOf(tx: Tx, incident: Incident): Promise<Recorded> {
  const recording = await readRecording(tx, incident.id)
  if (!recording)
    throw new AppError(
      'not_found',
      'There is nothing to replay: triage has not answered in this incident, or did so before what it sees was kept.',
    )
  const events = await tx.timelineEvent.findMany({
    where: { incidentId: incident.id },
    orderBy: { seq: 'asc' },
  })
  const recorded: RecordedIncident = {
    name: incidentName(incident.number, incident.drill),
    title: incident.title,
    severity: incident.severity,
    status: incident.status,
    isDrill: incident.drill,
    declaredAtMs: incident.declaredAt.getTime(),
    events: events.map((event) => ({
      atMs: event.occurredAt.getTime(),
      kind: event.kind,
      source: event.source,
      by: event.actorName,
      body: event.body as Record<string, unknown>,
    })),
    startMs: Math.min(
      recording.run.startedAt.getTime(),
      recording.steps[0]?.atMs ?? Number.POSITIVE_INFINITY,
    ),
    steps: recording.steps,
    diagnosis: recording.diagnosis,
    forest: recording.forest,
  }
  return recordedOf(recorded, {
    text: redactText,
    value: (value) => redact(value) as Record<string, unknown>,
    sha256: sha256Hex,
  })
}

/** exportIncident gives an incident as a scenario file that replays to the same path. */
export const exportIncident = defineQuery({
  name: 'drills.export',
  summary: 'Gives a real incident as a scenario file that replays to the same path, with secrets masked.',
  permission: 'drills.export',
  input: z.strictObject({ incidentId: z.uuid('must be an incident’s id') }),
  run: async ({ console: { db }, actor }, { incidentId }) => {
    const recorded = await db.$transaction(
      async (tx) => {
        const incident = await tx.incident.findFirst({
          where: { AND: [{ id: incidentId }, withinSight(actor)] },
        })
        if (!incident) throw new AppError('not_found', 'There is no such incident.')
        return recordingOf(tx, incident)
      },
      // One moment of the database: the diagnosis belongs to the last look that was kept.
      { isolationLevel: 'RepeatableRead', timeout: 20_000 },
    )
    return new Encoded({
      bytes: new TextEncoder().encode(recordedYaml(recorded)),
      contentType: 'application/yaml; charset=utf-8',
      etag: `"${recorded.outcome.sha256}.${recorded.moments.length}.${recorded.events.length}"`,
      filename: `watchfloor-${recorded.id}.yaml`,
    })
  },
})
