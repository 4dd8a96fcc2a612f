import { getConsole } from '@/lib/console'
import { showConfirm, takeConfirm } from '@/lib/subscribers/public-collect'

export function GET(request: Request): Promise<Response> {
  return showConfirm(getConsole(), request)
}

export function POST(request: Request): Promise<Response> {
  return takeConfirm(getConsole(), request)
}
