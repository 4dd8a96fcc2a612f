import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { COMPONENT_STATES, IMPACTS, INCIDENT_STATUSES, MAINTENANCE_STATUSES, type PublicRows } from './model'

const at = z.coerce.date()
const maybeAt = z.union([z.null(), z.coerce.date()])
const state = z.enum(COMPONENT_STATES)
const shown = z.enum([...COMPONENT_STATES, 'unknown'])

const shape = z.object({
  page: z.object({
    name: z.string(),
    url: z.string(),
    timeZone: z.string(),
    confirmedAt: maybeAt,
    sequence: z.number(),
    updatedAt: maybeAt,
  }),
  components: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      description: z.string(),
      position: z.number(),
      state,
      createdAt: at,
      updatedAt: at,
    }),
  ),
  changes: z.array(z.object({ componentId: z.string(), at, to: shown })),
  incidents: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      status: z.enum(INCIDENT_STATUSES),
      impact: z.enum(IMPACTS),
      startedAt: at,
      createdAt: at,
      updatedAt: at,
      monitoringAt: maybeAt,
      resolvedAt: maybeAt,
      nextUpdateAt: maybeAt,
      words: z.record(z.string(), state),
    }),
  ),
  updates: z.array(
    z.object({
      id: z.string(),
      incidentId: z.string().nullable(),
      maintenanceId: z.string().nullable(),
      status: z.string(),
      body: z.string(),
      components: z.array(z.object({ componentId: z.string(), name: z.string(), from: shown, to: state })),
      corrects: z.string().nullable(),
      at,
      isEmergency: z.boolean(),
    }),
  ),
  maintenances: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      body: z.string(),
      status: z.enum(MAINTENANCE_STATUSES),
      scheduledFor: at,
      scheduledUntil: at,
      componentIds: z.array(z.string()),
      startedAt: maybeAt,
      completedAt: maybeAt,
      createdAt: at,
      updatedAt: at,
    }),
  ),
})

function placeOf(folder: string): string {
  return join(folder, 'private', 'rows.json')
}

/** keepRows writes the public rows beside the copies, so that page and emergency command work with the database down. */
export async function keepRows(folder: string, rows: PublicRows): Promise<void> {
  const path = placeOf(folder)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, JSON.stringify(rows), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** keptRows reads them back; undefined when there are none, or none that can be read. */
export async function keptRows(folder: string): Promise<PublicRows | undefined> {
  const text = await readFile(placeOf(folder), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const parsed = shape.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
