import { getConsole } from '@/lib/console'
import { getHub } from '@/lib/hub'
import { isDraining } from '@/lib/lifecycle'

export const dynamic = 'force-dynamic'

/** GET /api/readyz: 200 when this process can serve people: database reachable, not draining. */
export async function GET(): Promise<Response> {
  const headers = { 'cache-control': 'no-store' }
  if (isDraining()) return Response.json({ status: 'draining' }, { status: 503, headers })
  try {
    await getConsole().hot.query('SELECT 1')
    const hub = getHub()
    await hub.ready()
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
