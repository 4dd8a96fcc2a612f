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
    await getHub().ready()
    return Response.json({ status: 'ready', snapshot: getHub().state()?.seq ?? null }, { headers })
  } catch {
    return Response.json({ status: 'database unreachable' }, { status: 503, headers })
  }
}
