import type { Deployment } from '../../prisma/generated/client'
import type { Tx } from '../platform/db'
import type { AboutChange, FieldChange } from './hash'

/** DESCRIBED is the kind of event that keeps a change of notes or link. */
export const DESCRIBED = 'described'

/** Since is one thing of a plan that somebody changed. */
export type Since = {
  readonly field: string
  readonly words: string
  readonly from: string
  readonly to: string
  readonly by: string
}

/** changedSince names what was changed of a locked plan since somebody saw it: of what people approve everything, of the texts those asked for. */
export async function changedSince(
  tx: Tx,
  row: Pick<Deployment, 'id' | 'revision' | 'version'>,
  seen: {
    readonly revision: number
    readonly version: number
    readonly fields: readonly AboutChange['field'][]
  },
): Promise<readonly Since[]> {
  if (row.revision === seen.revision && row.version === seen.version) return []
  const revisions = await tx.deploymentRevision.findMany({
    where: { deploymentId: row.id, revision: { gt: seen.revision } },
    orderBy: { revision: 'asc' },
    take: 50,
  })
  const texts = await tx.deploymentEvent.findMany({
    where: { deploymentId: row.id, kind: DESCRIBED, body: { path: ['version'], gt: seen.version } },
    orderBy: { seq: 'asc' },
    take: 50,
  })
  return [
    ...revisions.flatMap(({ by, changed }) =>
      (changed as unknown as readonly FieldChange[]).map((one) => ({ ...one, by })),
    ),
    ...texts.flatMap(({ by, body }) =>
      (body as unknown as { readonly changed: readonly AboutChange[] }).changed
        .filter(({ field }) => seen.fields.includes(field))
        .map((one) => ({ ...one, by })),
    ),
  ]
}
