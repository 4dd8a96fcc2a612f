import { getConsole } from '@/lib/console'
import { showSignUp, takeSignUpForm } from '@/lib/subscribers/public-collect'

export function GET(request: Request): Response {
  return showSignUp(request, [])
}

export function POST(request: Request): Promise<Response> {
  return takeSignUpForm(getConsole(), request, [])
}
