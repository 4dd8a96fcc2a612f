import { broadcast } from '../viewers'

export async function POST(request: Request): Promise<Response> {
  broadcast(await request.text())
  return new Response(null, { status: 202 })
}
