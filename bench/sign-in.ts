import { request } from 'undici'

/** signIn goes through the console's own sign-in as a demo person and gives the Cookie header of the session. */
export async function signIn(base: string, handle = 'sam'): Promise<string> {
  const csrf = await request(`${base}/api/auth/csrf`)
  const { csrfToken } = (await csrf.body.json()) as { csrfToken: string }
  const jar = cookiesOf(csrf.headers['set-cookie'])
  const answer = await request(`${base}/api/auth/callback/demo`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: base,
      cookie: headerOf(jar),
    },
    body: new URLSearchParams({ csrfToken, handle, callbackUrl: '/' }).toString(),
  })
  await answer.body.dump()
  const session = cookiesOf(answer.headers['set-cookie']).get('watchfloor-session')
  if (session === undefined)
    throw new Error(`signing in as ${handle} answered ${answer.statusCode} without a session`)
  return `watchfloor-session=${session}`
}

function cookiesOf(header: string | string[] | undefined): Map<string, string> {
  const lines = header === undefined ? [] : [header].flat()
  return new Map(
    lines.map((line) => {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      return [pair.slice(0, at).trim(), pair.slice(at + 1)]
    }),
  )
}

function headerOf(jar: ReadonlyMap<string, string>): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
}
