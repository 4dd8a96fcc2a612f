import { getConsole } from '@/lib/console'
import { openApiDocument } from '@/lib/openapi'
import { sha256Hex } from '@/lib/platform/crypto'
import { ALL_OPERATIONS } from '@/lib/registry'

let built: { readonly text: string; readonly etag: string } | undefined

/** GET /api/openapi.json: what can be asked and changed, for programs. It holds no data, so everybody may read it. */
export function GET(request: Request): Response {
  const { env } = getConsole()
  if (built === undefined) {
    const text = JSON.stringify(
      openApiDocument(ALL_OPERATIONS, (env.WATCHFLOOR_PUBLIC_URL ?? env.NEXTAUTH_URL).replace(/\/+$/, '')),
    )
    built = { text, etag: `"${sha256Hex(text).slice(0, 32)}"` }
  }
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'public, max-age=300',
    etag: built.etag,
  }
  if (request.headers.get('if-none-match') === built.etag) return new Response(null, { status: 304, headers })
  return new Response(built.text, { headers })
}
