import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILES: ReadonlySet<string> = new Set(['install.sh', 'watchfloor-agent.sh'])

/** GET /agent/install.sh and /agent/watchfloor-agent.sh: the agent that instances install with one line. */
export async function GET(
  _request: Request,
  context: { params: Promise<{ file: string }> },
): Promise<Response> {
  const { file } = await context.params
  if (!FILES.has(file)) return new Response('not found', { status: 404 })
  const text = await readFile(join(process.cwd(), 'agent', file), 'utf8')
  return new Response(text, {
    headers: { 'content-type': 'text/x-shellscript; charset=utf-8', 'cache-control': 'no-cache' },
  })
}
