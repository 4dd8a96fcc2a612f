import { answerStepUp, answerStepUpWay } from '@/lib/access/step-up'
import { problemResponse } from '@/lib/doors'

async function json(answer: Promise<object>): Promise<Response> {
  try {
    return Response.json(await answer, { headers: { 'cache-control': 'no-store' } })
  } catch (error) {
    return problemResponse(error, crypto.randomUUID())
  }
}

/** GET tells how the person can confirm that it is them. */
export function GET(request: Request): Promise<Response> {
  return json(answerStepUpWay(request))
}

/** POST confirms with the password; the session counts as fresh for ten minutes. */
export function POST(request: Request): Promise<Response> {
  return json(answerStepUp(request))
}
