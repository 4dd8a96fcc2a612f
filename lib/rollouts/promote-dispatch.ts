import { randomUUID } from 'node:crypto'
import { imageNameOf, type ManifestLook, type Registry } from '../deployers/deployer'
import type { Db } from '../platform/db'
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

const STABLE = 'stable'

/**
 * promoteStable moves :stable to what held, once: the intent is written first, and what a dead process left is decided by the
 * tag alone. An image whose registry cannot be asked stays an intent that says so.
 */
export async function promoteStable(
  { db, promoting, now }: { readonly db: Db; readonly promoting: Promoting; readonly now: Date },
  row: RolloutRow,
): Promise<void> {
  if (row.state !== 'succeeded' || row.environment !== 'production') return
  for (const { image, digest } of row.plan.artifacts) {
    const name = imageNameOf(image)
    if (!name) continue
    const known = await db.imagePromotion.findFirst({ where: { rolloutId: row.id, image, toTag: STABLE } })
    if (known && known.state !== 'intended' && known.state !== 'unknown') continue
    const registry = await promoting.registry(image)
    const look: ManifestLook = registry
      ? await registry.look(name.repository, STABLE)
      : { kind: 'unknown', detail: 'no registry is connected for this image' }
    const before = look.kind === 'manifest' ? look.digest : null
    const id = known?.id ?? randomUUID()
    if (!known)
      await db.imagePromotion.create({
        data: {
          id,
          image,
          toTag: STABLE,
          fromDigest: before,
          toDigest: digest,
          rolloutId: row.id,
          state: 'intended',
          by: 'rule',
          at: now,
        },
      })
    const outcome =
      registry && (look.kind === 'manifest' || look.kind === 'absent')
        ? await promoting.promote(registry, {
            repository: name.repository,
            from: null,
            to: STABLE,
            digest,
            before,
          })
        : { kind: 'unknown', detail: 'detail' in look ? look.detail : '' }
    await db.imagePromotion.update({
      where: { id },
      data: {
        state: outcome.kind,
        detail: outcome.detail ?? '',
        endedAt: now,
        ...(outcome.isIndex === undefined ? {} : { isIndex: outcome.isIndex }),
      },
    })
  }
}
