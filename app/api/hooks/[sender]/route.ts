import { takeHook } from '@/lib/alerts/hooks-collect'
import { getConsole } from '@/lib/console'

/** POST /api/hooks/<sender>: alert senders deliver here. */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly sender: string }> },
): Promise<Response> {
  return takeHook(getConsole(), request, { sender: (await params).sender })
}
