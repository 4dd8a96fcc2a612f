import { answerCommand } from '@/lib/doors'

/** POST /api/commands/<name> with a JSON body and an Idempotency-Key: every change of the product. */
export async function POST(
  request: Request,
  context: { params: Promise<{ name: string }> },
): Promise<Response> {
  return answerCommand(request, (await context.params).name)
}
