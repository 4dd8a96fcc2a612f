import { z } from 'zod'
import { defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import { holds } from './holds'
import { can, rolesOf, scopesOf } from './permissions'

function epochSeconds(at: Date | null): number {
  return at === null ? 0 : Math.floor(at.getTime() / 1_000)
}

/** keys lists one's own API keys, newest first, or everybody's for who manages people; never a secret. Times are epoch seconds. */
export const keys = defineQuery({
  name: 'access.keys',
  summary: "Lists one's own API keys, newest first, or everybody's for who manages people.",
  permission: 'access.self',
  input: z.strictObject({ whose: z.enum(['mine', 'all']).default('mine') }),
  run: async ({ console, actor, now }, { whose }) => {
    if (whose === 'all' && !holds(actor, 'access.manage-people'))
      throw new AppError('forbidden', 'Only who manages people sees the keys of others.')
    if (actor.kind === 'machine' && whose === 'mine') return []
    const rows = await console.db.apiKey.findMany({
      where: whose === 'all' ? {} : { personId: actor.id },
      include: { person: { select: { name: true, roles: true, disabledAt: true } } },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      take: 500,
    })
    return rows.map((row) => {
      const roles = rolesOf(row.person.roles)
      const scopes = scopesOf(row.scopes)
      return {
        id: row.id,
        owner: row.person.name,
        isMine: row.personId === actor.id,
        name: row.name,
        prefix: row.prefix,
        scopes,
        /** lost are the scopes that the person's roles no longer allow. */
        lost: scopes.filter((scope) => !can(roles, scope)),
        createdAt: epochSeconds(row.createdAt),
        expiresAt: epochSeconds(row.expiresAt),
        lastUsedAt: epochSeconds(row.lastUsedAt),
        revokedAt: epochSeconds(row.revokedAt),
        state:
          row.revokedAt !== null
            ? ('revoked' as const)
            : row.expiresAt <= now
              ? ('expired' as const)
              : row.person.disabledAt !== null
                ? ('disabled' as const)
                : ('live' as const),
      }
    })
  },
})
