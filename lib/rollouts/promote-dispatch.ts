import { randomUUID } from 'node:crypto'
import type { ImagePromotion } from '../../prisma/generated/client'
import { imageNameOf, type Registry } from '../deployers/deployer'
import type { Db, Tx } from '../platform/db'
import { failpoint } from '../platform/failpoint'
import type { Sql } from '../platform/sql'
import type { RolloutRow } from './rollout-store'

/** Promoting is how a tag is set to the same bytes; it comes from the adapter of registries. */
export type Promoting = {
  readonly registry: (image: string) => Promise<Registry | undefined>
  readonly promote: (
    registry: Registry,
    promotion: {
      readonly repository: string
      readonly from: string | null
      readonly to: string
      readonly digest: string
      readonly before: string | null
    },
  ) => Promise<{ readonly kind: string; readonly detail?: string; readonly isIndex?: boolean }>
}

/** PromotionRoom is what setting tags needs of the process around it; every write asks `mayWrite` in its transaction. */
export type PromotionRoom = {
  readonly db: Db
  readonly promoting: Promoting
  readonly mayWrite: (tx: Tx) => Promise<boolean>
  /** hint tells in the transaction who looks at tags that one changed. */
  readonly hint: (tx: Tx, now: Date) => Promise<void>
  readonly now: Date
}

const STABLE = 'stable'
const AGAIN_MS = 15_000
const GIVEN_UP_MS = 24 * 3_600_000
const OPEN = ['due', 'intended', 'unknown']

/** owePromotions notes in the transaction of a success that :stable is owed these bytes: whoever dies next, somebody sets it. */
export async function owePromotions(tx: Tx, row: RolloutRow, now: Date): Promise<void> {
  if (row.state !== 'succeeded' || row.environment !== 'production') return
  const images = row.plan.artifacts.filter(({ image }) => imageNameOf(image) !== undefined)
  await tx.imagePromotion.createMany({
    data: images.map(({ image, digest }) => ({
      id: randomUUID(),
      image,
      toTag: STABLE,
      toDigest: digest,
      rolloutId: row.id,
      state: 'due',
      by: 'rule',
      at: now,
    })),
  })
}

/** hasPromotions tells cheaply whether a tag is owed now. */
export async function hasPromotions(sql: Sql, now: Date): Promise<boolean> {
  const [found] = await sql.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM image_promotion
      WHERE state IN ('due', 'intended', 'unknown') AND at > ${new Date(now.getTime() - GIVEN_UP_MS)}
        AND (ended_at IS NULL OR ended_at <= ${new Date(now.getTime() - AGAIN_MS)})
    ) AS any`
  return found?.any === true
}

/**
 * promoteDue sets every tag that is owed. What the tag named is kept before the request, so that what a dead process left is
 * decided by the tag alone, and what somebody else set meanwhile is left alone.
 */
export async function promoteDue(room: PromotionRoom): Promise<void> {
  const { db, now } = room
  const rows = await db.imagePromotion.findMany({
    where: {
      state: { in: OPEN },
      at: { gt: new Date(now.getTime() - GIVEN_UP_MS) },
      OR: [{ endedAt: null }, { endedAt: { lte: new Date(now.getTime() - AGAIN_MS) } }],
    },
    orderBy: { at: 'asc' },
    take: 20,
  })
  for (const row of rows) await promoteOne(room, row)
}

async function promoteOne(room: PromotionRoom, row: ImagePromotion): Promise<void> {
  const { db, promoting } = room
  const name = imageNameOf(row.image)
  if (!name) return write(room, row, { state: 'refused', detail: 'this is no image of a registry' })
  const newest = await db.imagePromotion.findFirst({
    where: { image: row.image, toTag: row.toTag },
    orderBy: { at: 'desc' },
    select: { id: true },
  })
  if (newest && newest.id !== row.id)
    return write(room, row, { state: 'refused', detail: 'a newer deployment set this tag' })
  const registry = await promoting.registry(row.image)
  if (!registry)
    return write(room, row, { state: row.state, detail: 'no registry is connected for this image' })
  const intended =
    row.state === 'due' ? await intend(room, row, { registry, repository: name.repository }) : row
  if (!intended) return
  await failpoint('promotions.after-intent')
  const outcome = await promoting.promote(registry, {
    repository: name.repository,
    from: null,
    to: row.toTag,
    digest: row.toDigest,
    before: intended.fromDigest,
  })
  await failpoint('promotions.after-apply')
  const { kind: state, detail = '', isIndex } = outcome
  await write(room, intended, { state, detail, ...(isIndex === undefined ? {} : { isIndex }) })
}

/** The intent is committed before anything is sent; undefined when what the tag names could not be read. */
async function intend(
  room: PromotionRoom,
  row: ImagePromotion,
  { registry, repository }: { readonly registry: Registry; readonly repository: string },
): Promise<ImagePromotion | undefined> {
  const look = await registry.look(repository, row.toTag)
  if (look.kind !== 'manifest' && look.kind !== 'absent') {
    await write(room, row, { state: 'due', detail: look.detail })
    return undefined
  }
  await failpoint('promotions.before-commit')
  const fromDigest = look.kind === 'manifest' ? look.digest : null
  return room.db.$transaction(async (tx) => {
    if (!(await room.mayWrite(tx))) return undefined
    return tx.imagePromotion.update({
      where: { id: row.id },
      data: { state: 'intended', fromDigest, detail: '', endedAt: null },
    })
  })
}

async function write(
  { db, mayWrite, hint, now }: PromotionRoom,
  { id }: ImagePromotion,
  data: { readonly state: string; readonly detail: string; readonly isIndex?: boolean },
): Promise<void> {
  await db.$transaction(async (tx) => {
    if (!(await mayWrite(tx))) return
    await tx.imagePromotion.update({ where: { id }, data: { ...data, endedAt: now } })
    await hint(tx, now)
  })
}
