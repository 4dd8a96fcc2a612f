import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { appendAudit } from '@/lib/audit/append'
import { recordingOf } from '@/lib/drills/queries-export'
import { recordedYaml } from '@/lib/drills/record'
import { parseIncidentName } from '@/lib/incidents/model'
import { openDb } from '@/lib/platform/db'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * exportIncident writes an incident of this database as a scenario file; gives what was written, or says why not.
 * A restricted incident is not exported here: nobody is signed in who might know of it.
 */
export async function exportIncident(options: {
  readonly incident: string
  readonly out: string
  readonly databaseUrl: string
}): Promise<string> {
  const named = parseIncidentName(options.incident)
  const id = options.incident.toLowerCase()
  if (!named && !UUID.test(id))
    throw new Error(`${options.incident} is no incident: give INC-0142, DRILL-0007 or an id.`)
  const db = openDb({ url: options.databaseUrl, name: 'drill-export', max: 1 })
  try {
    return await db.$transaction(
      async (tx) => {
        const where = named ? { drill: named.isDrill, number: named.number } : { id }
        const incident = await tx.incident.findFirst({ where })
        if (!incident) throw new Error(`There is no incident ${options.incident}.`)
        if (incident.visibility === 'restricted')
          throw new Error(
            `${options.incident} is restricted: somebody who may know of it exports it in the console.`,
          )
        const recorded = await recordingOf(tx, incident)
        await appendAudit(tx, {
          at: new Date(),
          actor: 'machine:command-line',
          action: 'drills.export',
          subject: `incident:${incident.id}`,
          detail: { name: recorded.incident.name, sha256: recorded.outcome.sha256 },
          requestId: randomUUID(),
        })
        writeFileSync(options.out, recordedYaml(recorded))
        const { moments, events, incident: head } = recorded
        return `${head.name}: ${moments.length} moments, ${events.length} events → ${options.out}`
      },
      { isolationLevel: 'RepeatableRead', timeout: 60_000 },
    )
  } finally {
    await db.$disconnect()
  }
}
