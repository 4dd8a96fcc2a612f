import { getConsole } from '@/lib/console'
import { getHub } from '@/lib/hub'
import { isDraining } from '@/lib/lifecycle'
import { warmUp } from '@/lib/platform/warm-up'

export const dynamic = 'force-dynamic'

const FIRST_PAGES = ['/sign-in', '/', '/incidents/INC-0001'] as const
let warm: Promise<void> | undefined

/** GET /api/readyz: 200 when this process can serve people at once: database reachable, first pages in memory, not draining. */
export async function GET(): Promise<Response> {
  const headers = { 'cache-control': 'no-store' }
  if (isDraining()) return Response.json({ status: 'draining' }, { status: 503, headers })
  try {
    await getConsole().hot.query('SELECT 1')
    const hub = getHub()
    await hub.ready()
    const { NODE_ENV, PORT } = getConsole().env
    warm ??= NODE_ENV === 'production' ? warmUp(PORT, FIRST_PAGES) : Promise.resolve()
    await warm
    const live = {
      snapshot: hub.state()?.seq ?? null,
      viewers: hub.viewers(),
      framesBuilt: hub.framesBuilt(),
    }
    return Response.json({ status: 'ready', ...live }, { headers })
  } catch {
    return Response.json({ status: 'database unreachable' }, { status: 503, headers })
  }
}
