import { sayLater, showForm } from '@/lib/connect-slack'
import { getConsole } from '@/lib/console'
import { MAX_SLACK_BYTES, takeSlack } from '@/lib/slack/door-collect'

const HEADERS = { 'cache-control': 'no-store' }

/** POST /api/hooks/slack: slash commands, buttons and forms. The raw body is read first: it is what Slack signed. */
export async function POST(request: Request): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_SLACK_BYTES)
    return new Response(null, { status: 413, headers: HEADERS })
  const body = await request.text()
  if (body.length > MAX_SLACK_BYTES) return new Response(null, { status: 413, headers: HEADERS })
  const console = getConsole()
  const { status, reply, problem } = await takeSlack(
    console,
    {
      timestamp: request.headers.get('x-slack-request-timestamp'),
      signature: request.headers.get('x-slack-signature'),
      body,
    },
    {
      later: (url, answer) => sayLater(console, url, answer),
      show: (from, view) => showForm(console, from, view),
    },
  )
  const said = reply ?? problem
  if (said === undefined) return new Response(null, { status, headers: HEADERS })
  return Response.json(said, { status, headers: HEADERS })
}
