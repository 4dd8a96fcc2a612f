import { incidentName } from '../incidents/model'
import type { Tx } from '../platform/db'
import { issueLinkOf } from './issue-link'
import { actionItemName, isOverdue, missingOf } from './model'
import { readLastNags } from './nag-store'
import type { Step } from './nags'
import { fieldsOf, type ItemRow, readHandles, stateOf } from './store'

/** INCIDENT are the columns of its incident that an item is shown with. */
export const INCIDENT = { number: true, drill: true, title: true, severity: true } as const

type Joined = ItemRow & {
  readonly incident: {
    readonly number: number
    readonly drill: boolean
    readonly title: string
    readonly severity: string
  } | null
}

/** viewsOf gives rows as lists show them. */
export async function viewsOf(db: Tx, rows: readonly Joined[], nowMs: number) {
  const [people, nags] = await Promise.all([
    readHandles(
      db,
      rows.map(({ ownerId }) => ownerId),
    ),
    readLastNags(
      db,
      rows.map(({ id }) => id),
    ),
  ])
  return rows.map((row) => {
    const fields = fieldsOf(row)
    const owner = row.ownerId === null ? undefined : people.get(row.ownerId)
    const state = stateOf(row)
    const nag = nags.get(row.id)
    return {
      id: row.id,
      number: row.number,
      name: actionItemName(row.number),
      version: row.version,
      ...fields,
      state,
      owner: owner?.handle ?? null,
      ownerName: owner?.name ?? null,
      /** isOrphan says that the owner's account is disabled. */
      isOrphan: owner?.isDisabled ?? false,
      isOverdue: isOverdue({ state, dueOn: fields.dueOn }, nowMs),
      missing: missingOf(fields),
      issue: issueLinkOf(row.externalUrl) ?? null,
      evidence: row.evidence,
      createdBy: row.createdBy,
      createdAtMs: row.createdAt.getTime(),
      doneBy: row.doneBy,
      doneAtMs: row.doneAt?.getTime() ?? null,
      postmortemId: row.postmortemId,
      incidentId: row.incidentId,
      incident:
        row.incident === null
          ? null
          : {
              name: incidentName(row.incident.number, row.incident.drill),
              title: row.incident.title,
              severity: row.incident.severity,
              isDrill: row.incident.drill,
            },
      lastNag: nag === undefined ? null : { step: nag.step as Step, atMs: nag.firedAt.getTime() },
    }
  })
}

/** ItemView is an item as lists show it. */
export type ItemView = Awaited<ReturnType<typeof viewsOf>>[number]
