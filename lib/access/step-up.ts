import { z } from 'zod'
import { appendAudit } from '../audit/append'
import { type Console, getConsole } from '../console'
import { AppError } from '../platform/errors'
import { surroundingsOf } from './auth-door'
import { isDemoSignInOpen } from './demo-people'
import { assertSameOrigin } from './origin'
import { PASSWORD_LENGTH, verifyPassword } from './passwords'
import { forgetSessions, visitorOfRequest } from './session'
import type { SessionRow, SignInMethod } from './session-store'
import type { Surroundings } from './sign-in'
import { settleAttempt, takeAttempt, throttleKey } from './throttle'

const bodyShape = z.object({ password: z.string().max(PASSWORD_LENGTH.max).default('') })

async function sessionOf(request: Request): Promise<SessionRow> {
  const visitor = await visitorOfRequest(request)
  if (visitor.kind === 'person') return visitor.session
  throw new AppError(
    'unauthenticated',
    'Your session has ended. Nothing you typed is lost: sign in and go on.',
  )
}

/** wayOf tells how this session can be confirmed: a demo one by a click, others where the person signed in. */
function wayOf(console: Console, session: SessionRow): SignInMethod {
  return session.method === 'demo' && !isDemoSignInOpen(console.env) ? 'password' : session.method
}

/** answerStepUpWay serves GET /api/auth/step-up: how the person can confirm. Throws AppError. */
export async function answerStepUpWay(request: Request): Promise<{ readonly way: SignInMethod }> {
  return { way: wayOf(getConsole(), await sessionOf(request)) }
}

/** answerStepUp serves POST /api/auth/step-up: the right password makes the session freshly confirmed. Throws AppError. */
export async function answerStepUp(request: Request): Promise<{ readonly authAt: Date }> {
  assertSameOrigin(request)
  const console = getConsole()
  const session = await sessionOf(request)
  const parsed = bodyShape.safeParse(await request.json().catch(() => undefined))
  if (!parsed.success) throw new AppError('invalid', 'Send the password as text.')
  const around = await surroundingsOf(console, request)
  const way = wayOf(console, session)
  if (way === 'oidc')
    throw new AppError('conflict', 'Confirm where you signed in: at your identity provider.')
  if (way === 'password') await checkPassword(console, { session, password: parsed.data.password, around })
  await confirm(console, { session, way, around })
  return { authAt: around.now }
}

async function checkPassword(
  console: Console,
  check: { readonly session: SessionRow; readonly password: string; readonly around: Surroundings },
): Promise<void> {
  const { session, password, around } = check
  const throttle = throttleKey('device', `session|${session.id}`)
  const seconds = await takeAttempt(console.hot, throttle, around.now)
  if (seconds > 0) throw new AppError('too_many', `Too many tries. Wait ${seconds} s and try again.`)
  const person = await console.db.person.findUnique({
    where: { id: session.personId },
    select: { passwordHash: true },
  })
  if (!(await verifyPassword(person?.passwordHash, password))) {
    const issues = [{ path: 'password', message: 'This is not your password.' }]
    throw new AppError('invalid', 'The password is not right.', { issues })
  }
  await settleAttempt(console.hot, throttle, around.now)
}

async function confirm(
  console: Console,
  done: { readonly session: SessionRow; readonly way: SignInMethod; readonly around: Surroundings },
): Promise<void> {
  const { session, way, around } = done
  await console.db.$transaction(async (tx) => {
    await tx.session.updateMany({ where: { id: session.id, revokedAt: null }, data: { authAt: around.now } })
    await appendAudit(tx, {
      at: around.now,
      actor: session.personId,
      action: 'access.stepUp',
      subject: `person:${session.personId}`,
      detail: { method: way },
      sessionId: session.id,
      requestId: around.requestId,
    })
  })
  forgetSessions(console)
}
