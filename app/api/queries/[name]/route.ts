import { answerQuery } from '@/lib/doors'

/** GET /api/queries/<name>?input=<JSON>: every read of the product, for browsers and scripts alike. */
export async function GET(
  request: Request,
  context: { params: Promise<{ name: string }> },
): Promise<Response> {
  return answerQuery(request, (await context.params).name)
}

/** POST /api/queries/<name>: the same with the input as the body, for what is too long for an address. */
export async function POST(
  request: Request,
  context: { params: Promise<{ name: string }> },
): Promise<Response> {
  return answerQuery(request, (await context.params).name)
}
