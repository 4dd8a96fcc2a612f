import { z } from 'zod'
import { defineQuery } from '../operation'
import { holds } from './holds'
import { rolesOf } from './permissions'
import { SESSION_LIMITS } from './session-rules'

function epochSeconds(at: Date | null | undefined): number {
  return at ? Math.floor(at.getTime() / 1_000) : 0
}

/** people lists everybody who may or might sign in, by name; e-mails and session counts only for who manages people. */
export const people = defineQuery({
  name: 'access.people',
  summary: 'Lists everybody who may or might sign in, by name.',
  permission: 'access.read-people',
  input: z.object({}),
  run: async ({ console, actor, now }) => {
    const isManager = holds(actor, 'access.manage-people')
    const live = {
      revokedAt: null,
      expiresAt: { gt: now },
      lastSeenAt: { gt: new Date(now.getTime() - SESSION_LIMITS.idleMs) },
    }
    const rows = await console.db.person.findMany({
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      include: { sessions: { where: live, orderBy: { lastSeenAt: 'desc' }, select: { lastSeenAt: true } } },
      take: 1_000,
    })
    return rows.map((row) => ({
      id: row.id,
      handle: row.handle,
      name: row.name,
      title: row.title,
      roles: rolesOf(row.roles),
      version: row.version,
      isDisabled: row.disabledAt !== null,
      email: isManager ? row.email : null,
      hasOneTimePassword: isManager && row.oneTimeUntil !== null && row.oneTimeUntil > now,
      sessions: isManager ? row.sessions.length : null,
      lastSeenAt: isManager ? epochSeconds(row.sessions[0]?.lastSeenAt) : 0,
    }))
  },
})

/** mySessions lists the live sessions of the person who asks, latest use first. */
export const mySessions = defineQuery({
  name: 'access.mySessions',
  summary: 'Lists the live sessions of the person who asks, latest use first.',
  permission: 'access.self',
  input: z.object({}),
  run: async ({ console, actor, now }) => {
    if (actor.kind !== 'person') return { hasPassword: false, sessions: [] }
    const person = await console.db.person.findUniqueOrThrow({
      where: { id: actor.id },
      select: { passwordHash: true },
    })
    const rows = await console.db.session.findMany({
      where: {
        personId: actor.id,
        revokedAt: null,
        expiresAt: { gt: now },
        lastSeenAt: { gt: new Date(now.getTime() - SESSION_LIMITS.idleMs) },
      },
      orderBy: { lastSeenAt: 'desc' },
      take: 200,
    })
    return {
      hasPassword: person.passwordHash !== null,
      sessions: rows.map((row) => ({
        id: row.id,
        isThis: row.id === actor.sessionId,
        method: row.method,
        userAgent: row.userAgent,
        createdAt: epochSeconds(row.createdAt),
        lastSeenAt: epochSeconds(row.lastSeenAt),
        expiresAt: epochSeconds(row.expiresAt),
      })),
    }
  },
})
