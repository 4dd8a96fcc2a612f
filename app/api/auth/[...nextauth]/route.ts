import { answerAuth } from '@/lib/access/auth-door'
import { problemResponse } from '@/lib/doors'

type Context = { readonly params: Promise<{ readonly nextauth: string[] }> }

async function answer(request: Request, context: Context): Promise<Response> {
  try {
    return await answerAuth(request, (await context.params).nextauth)
  } catch (error) {
    return problemResponse(error, crypto.randomUUID())
  }
}

/** GET serves the CSRF token and the way back from the identity provider. */
export const GET = answer

/** POST serves the sign-in form and the start at the identity provider. */
export const POST = answer
