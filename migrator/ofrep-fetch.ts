import { type Dispatcher, Pool } from 'undici'

/**
 * A `fetch` for the constructor of OpenFeature's OFREP provider (`fetchImplementation`), to be copied into your repository. It keeps
 * connections to Watchfloor open, costs a quarter of what the runtime's own fetch costs, and gives up at its deadline, so that
 * the SDK answers with your default. It needs the package undici and nothing else.
 */

/** KeptFetch is that fetch, and how to let its connections go. */
export type KeptFetch = {
  readonly fetch: (request: RequestInfo | URL) => Promise<Response>
  readonly close: () => Promise<void>
}

/** Kept says how many connections are kept open, and after how many ms a call fails. */
export type Kept = { readonly connections?: number; readonly deadlineMs?: number }

/** keptFetch opens a fetch to one Watchfloor. */
export function keptFetch(baseUrl: string, { connections = 16, deadlineMs = 1_000 }: Kept = {}): KeptFetch {
  const { origin } = new URL(baseUrl)
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: deadlineMs },
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
  })
  return {
    fetch: async (asked) => {
      const request = asked instanceof Request ? asked : new Request(asked)
      if (!request.url.startsWith(`${origin}/`)) throw new Error(`this fetch is for ${origin} alone`)
      const body = request.body === null ? null : await request.text()
      const method = request.method === 'POST' ? 'POST' : 'GET'
      const headers = Object.fromEntries(request.headers)
      return answered(pool, { method, path: request.url.slice(origin.length), headers, body })
    },
    close: () => pool.close(),
  }
}

type Told = Readonly<Record<string, string | string[] | undefined>>

/** Straight from the parser: a stream for each answer would cost as much as the rest. */
function answered(pool: Pool, options: Dispatcher.DispatchOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let [status, told]: [number, Told] = [0, {}]
    pool.dispatch(options, {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode, headers) => {
        ;[status, told] = [statusCode, headers]
      },
      onResponseData: (_controller, chunk) => {
        chunks.push(chunk)
      },
      onResponseEnd: () => resolve(answerOf(status, told, Buffer.concat(chunks).toString())),
      onResponseError: (_controller, error) => reject(error),
    })
  })
}

function headersOf(told: Told): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(told))
    for (const one of [value ?? []].flat()) headers.append(name, one)
  return headers
}

function oneOf(told: Told, name: string): string | null {
  const value = told[name.toLowerCase()]
  return (Array.isArray(value) ? value.join(', ') : value) ?? null
}

/** withRest gives what is known; whatever else somebody asks for comes from the whole thing, which is made then. */
function withRest<Whole extends object>(known: Partial<Whole>, make: () => Whole): Whole {
  let whole: Whole | undefined
  return new Proxy(known, {
    get: (target, name) => {
      // A promise that is given this asks whether it is one too.
      if (name in target || name === 'then') return Reflect.get(target, name)
      whole ??= make()
      const value: unknown = Reflect.get(whole, name)
      return typeof value === 'function' ? value.bind(whole) : value
    },
  }) as Whole
}

/** The provider reads status, one header and JSON; making a whole Response for each answer is what costs most. */
function answerOf(status: number, told: Told, text: string): Response {
  const headers = withRest<Headers>({ get: (name: string) => oneOf(told, name) }, () => headersOf(told))
  return withRest<Response>(
    { status, ok: status >= 200 && status < 300, headers, json: async () => JSON.parse(text) },
    () => new Response(status === 204 || status === 304 ? null : text, { status, headers: headersOf(told) }),
  )
}
