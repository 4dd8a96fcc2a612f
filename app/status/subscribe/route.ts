import { getConsole } from '@/lib/console'
import { showSignUp, takeSignUpForm } from '@/lib/subscribers/public-collect'

export function GET(request: Request): Promise<Response> {
  return showSignUp(getConsole(), request)
}

export function POST(request: Request): Promise<Response> {
  return takeSignUpForm(getConsole(), request)
}
