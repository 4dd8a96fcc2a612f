/** GET /api/healthz: the process answers; the database's state is no business of liveness. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}
