import type { Db } from '../platform/db'
import { erasedWords, isErasable, isOnInstance } from './hotfix'

const MANY = 1_000

/**
 * hotfixesErasedOn says, one sentence each, which hotfixes on a rented instance are lost when its container is made anew;
 * empty when none is.
 */
export async function hotfixesErasedOn(
  db: Pick<Db, 'hotfix'>,
  instance: { readonly id: string; readonly label: string },
): Promise<readonly string[]> {
  const open = await db.hotfix.findMany({
    where: { endedAt: null },
    orderBy: { number: 'asc' },
    select: { number: true, instance: true, state: true, files: true, owner: true },
    take: MANY,
  })
  return open
    .filter((one) => isErasable(one.state) && isOnInstance(one.instance, instance))
    .map((one) => erasedWords({ ...one, files: pathsOf(one.files) }))
}

function pathsOf(files: unknown): readonly string[] {
  return Array.isArray(files) ? files.flatMap((file: { path?: unknown }) => [String(file?.path ?? '')]) : []
}
