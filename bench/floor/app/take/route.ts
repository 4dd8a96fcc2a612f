export const dynamic = 'force-dynamic'

export async function POST(request: Request): Promise<Response> {
  await request.json()
  return new Response('{"stored":true}', { status: 202, headers: { 'content-type': 'application/json' } })
}
