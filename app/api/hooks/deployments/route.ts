import { getConsole } from '@/lib/console'
import { MAX_HOOK_BYTES, takePlan } from '@/lib/deployments/hook-collect'

const HEADERS = { 'cache-control': 'no-store' }

/** POST /api/hooks/deployments: CI opens a plan, signed. The raw body is read first: it is what was signed. */
export async function POST(request: Request): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_HOOK_BYTES)
    return new Response(null, { status: 413, headers: HEADERS })
  const body = await request.text()
  if (body.length > MAX_HOOK_BYTES) return new Response(null, { status: 413, headers: HEADERS })
  const { status, reply } = await takePlan(getConsole(), {
    timestamp: request.headers.get('x-watchfloor-timestamp'),
    signature: request.headers.get('x-watchfloor-signature'),
    delivery: request.headers.get('idempotency-key'),
    body,
  })
  return Response.json(reply, { status, headers: HEADERS })
}
