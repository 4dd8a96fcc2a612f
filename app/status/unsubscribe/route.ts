import { getConsole } from '@/lib/console'
import { showEnd, takeEnd } from '@/lib/subscribers/public-collect'

export function GET(request: Request): Response {
  return showEnd(request)
}

export function POST(request: Request): Promise<Response> {
  return takeEnd(getConsole(), request)
}
