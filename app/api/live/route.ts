import { can } from '@/lib/access/permissions'
import { actorOfRequest } from '@/lib/access/session'
import { getConsole } from '@/lib/console'
import { problemResponse } from '@/lib/doors'
import { getHub } from '@/lib/hub'
import { openViewer } from '@/lib/live/viewer'
import { AppError } from '@/lib/platform/errors'

export const dynamic = 'force-dynamic'

/** GET /api/live: server-sent events; resumes after `Last-Event-ID` or `?after=`; ends with the session. */
export async function GET(request: Request): Promise<Response> {
  const actor = await actorOfRequest(request)
  if (actor?.kind !== 'person' || !can(actor.roles, 'health.read')) {
    return problemResponse(
      new AppError('unauthenticated', 'Sign in to follow live changes.'),
      crypto.randomUUID(),
    )
  }
  const after =
    request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after') ?? undefined
  const body = openViewer({
    hub: getHub(),
    console: getConsole(),
    signal: request.signal,
    after,
    stillAllowed: async () => (await actorOfRequest(request)) !== undefined,
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
