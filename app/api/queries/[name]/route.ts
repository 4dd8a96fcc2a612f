import { answerQuery } from '@/lib/doors'

/** GET /api/queries/<name>?input=<JSON>: every read of the product, for browsers and scripts alike. */
export async function GET(
  request: Request,
  context: { params: Promise<{ name: string }> },
): Promise<Response> {
  return answerQuery(request, (await context.params).name)
}
