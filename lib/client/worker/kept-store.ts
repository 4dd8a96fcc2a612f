import { browserNowMs } from '../clock'
import { isKeptPage, type Kept, mayShow, overLimit } from './rules'

const KEPT = 'wf-kept'
const OWNER = '/wf-owner'
const PERSON_HEADER = 'x-wf-person'
const AT_HEADER = 'x-wf-kept-at'
const MARK_HEADER = 'x-wf-mark'

let generation = 0

/** keptGeneration counts how often everything was forgotten: an answer that was asked for before may not be kept after. */
export function keptGeneration(): number {
  return generation
}

function keptOf(response: Response): Kept {
  return {
    person: response.headers.get(PERSON_HEADER) ?? '',
    atMs: Number(response.headers.get(AT_HEADER) ?? 0),
  }
}

async function ownerOf(cache: Cache): Promise<string | undefined> {
  return (await cache.match(OWNER))?.text()
}

/** forget drops everything that was kept for anybody. */
export async function forget(): Promise<void> {
  generation += 1
  await caches.delete(KEPT)
}

/** setOwner says who is signed in; what was kept for anybody else goes. */
export async function setOwner(person: string): Promise<void> {
  const cache = await caches.open(KEPT)
  const owner = await ownerOf(cache)
  if (owner === person) return
  if (owner !== undefined) await forget()
  await (await caches.open(KEPT)).put(OWNER, new Response(person))
}

/**
 * keep stores a body for a person under an address, unless everything was forgotten `since` it was asked for; `mark` says
 * of which state it is, to know when it is old.
 */
export async function keep(
  url: string,
  given: {
    readonly body: string
    readonly headers: Headers
    readonly person: string
    readonly since: number
    readonly mark?: string | undefined
  },
): Promise<void> {
  if (given.since !== generation) return
  await setOwner(given.person)
  const cache = await caches.open(KEPT)
  const headers = new Headers(given.headers)
  for (const name of ['content-encoding', 'content-length', 'set-cookie', 'transfer-encoding'])
    headers.delete(name)
  headers.set(PERSON_HEADER, given.person)
  headers.set(AT_HEADER, String(browserNowMs()))
  if (given.mark !== undefined) headers.set(MARK_HEADER, given.mark)
  await cache.put(url, new Response(given.body, { headers }))
}

/** discard drops what is kept under an address: its person may not see it any more. */
export async function discard(url: string): Promise<void> {
  await (await caches.open(KEPT)).delete(url)
}

/** findKept gives what is kept under an address for whoever is signed in. */
export async function findKept(url: string): Promise<Response | undefined> {
  const cache = await caches.open(KEPT)
  const found = await cache.match(url)
  if (found === undefined) return undefined
  return mayShow(keptOf(found), await ownerOf(cache), browserNowMs()) ? found : undefined
}

/** markOf gives the mark and the time (epoch ms) of what is kept under an address. */
export async function markOf(
  url: string,
): Promise<{ readonly mark: string | null; readonly atMs: number } | undefined> {
  const found = await findKept(url)
  return found && { mark: found.headers.get(MARK_HEADER), atMs: keptOf(found).atMs }
}

/** keptPages lists the paths of the pages that may be shown, with when each was kept (epoch ms). */
export async function keptPages(): Promise<readonly { readonly path: string; readonly atMs: number }[]> {
  const cache = await caches.open(KEPT)
  const pages: { path: string; atMs: number }[] = []
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname
    if (!isKeptPage(path)) continue
    const found = await findKept(path)
    if (found) pages.push({ path, atMs: keptOf(found).atMs })
  }
  return pages
}

/** prune drops the oldest beyond the limit. */
export async function prune(): Promise<void> {
  const cache = await caches.open(KEPT)
  const requests = (await cache.keys()).filter(({ url }) => !url.endsWith(OWNER))
  const ages = await Promise.all(
    requests.map(async (request) => Number((await cache.match(request))?.headers.get(AT_HEADER) ?? 0)),
  )
  for (const index of overLimit(ages)) {
    const request = requests[index]
    if (request) await cache.delete(request)
  }
}
