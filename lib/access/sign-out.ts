import { appendAudit } from '../audit/append'
import { getConsole } from '../console'
import { cookieLine, surroundingsOf } from './auth-door'
import { cookieNames } from './cookies'
import { assertSameOriginForm } from './origin'
import { forgetSessions, visitorOfRequest } from './session'

/** answerSignOut serves POST /api/auth/signout: ends the session in the database, then takes the cookie away. */
export async function answerSignOut(request: Request): Promise<Response> {
  assertSameOriginForm(request)
  const console = getConsole()
  const visitor = await visitorOfRequest(request)
  const around = await surroundingsOf(console, request)
  if (visitor.kind === 'person') {
    const { session } = visitor
    await console.db.$transaction(async (tx) => {
      await tx.session.updateMany({
        where: { id: session.id, revokedAt: null },
        data: { revokedAt: around.now },
      })
      await appendAudit(tx, {
        at: around.now,
        actor: session.personId,
        action: 'access.signOut',
        subject: `person:${session.personId}`,
        detail: {},
        sessionId: session.id,
        requestId: around.requestId,
      })
    })
    forgetSessions(console)
  }
  const { session } = cookieNames(console.env.NEXTAUTH_URL)
  const headers = new Headers({ location: '/session-ended?why=you', 'cache-control': 'no-store' })
  headers.append('set-cookie', cookieLine(console, { name: session, value: '', seconds: 0 }))
  return new Response(null, { status: 303, headers })
}
