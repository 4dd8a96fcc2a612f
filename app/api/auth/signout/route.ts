import { answerSignOut } from '@/lib/access/sign-out'
import { problemResponse } from '@/lib/doors'

/** POST ends the session and leads to the sign-in page. */
export async function POST(request: Request): Promise<Response> {
  try {
    return await answerSignOut(request)
  } catch (error) {
    return problemResponse(error, crypto.randomUUID())
  }
}
