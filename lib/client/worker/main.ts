import { browserNowMs } from '../clock'
import { discard, findKept, forget, keep, keptGeneration, keptPages, markOf, prune } from './kept-store'
import { offlinePage } from './offline-page'
import { handlingOf, isKeptPage, isRestricted, personIn } from './rules'
import type { WorkerScope } from './scope'

declare const self: WorkerScope
/** The build puts in what the app is made of, and a digest of that. */
declare const WATCHFLOOR_ASSETS: readonly string[]
declare const WATCHFLOOR_VERSION: string

const STATIC = 'wf-static-'
const OWN = `${STATIC}${WATCHFLOOR_VERSION}`
const PAGE_PATIENCE_MS = 8_000
const ANSWER_PATIENCE_MS = 20_000
const REFRESH_MS = 60_000
const AT_ONCE = 4
const OFFLINE_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'"

type Item = { readonly path: string; readonly urls: readonly string[]; readonly mark: string }

async function inTurns(work: readonly (() => Promise<unknown>)[]): Promise<void> {
  const waiting = [...work]
  const turn = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next().catch(() => undefined)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, turn))
}

/** Files of a build never change: what an older build has brought is taken over. */
async function bringAsset(url: string): Promise<void> {
  const known = url.startsWith('/_next/static/') ? await caches.match(url) : undefined
  const response = known ?? (await fetch(url))
  if (response.ok) await (await caches.open(OWN)).put(url, response)
}

/** The build before this one stays: tabs that were opened under it still ask for its parts. */
async function dropOldBuilds(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(STATIC) && name !== OWN)
  await Promise.all(builds.slice(0, -1).map((name) => caches.delete(name)))
}

async function answerAsset(request: Request): Promise<Response> {
  const known = await caches.match(request, { ignoreVary: true })
  if (known) return known
  const response = await fetch(request)
  if (response.ok) {
    const copy = response.clone()
    void caches.open(OWN).then((cache) => cache.put(request, copy))
  }
  return response
}

/** A server that neither answers nor refuses must not hold back what is kept; without a copy it may take its time. */
async function answerOr(
  request: Request,
  patienceMs: number,
  kept: () => Promise<Response | undefined>,
): Promise<Response> {
  const network = fetch(request)
  const slow = new Promise<'slow'>((resolve) => setTimeout(() => resolve('slow'), patienceMs))
  try {
    const first = await Promise.race([network, slow])
    if (first !== 'slow') return first
    const copy = await kept()
    if (copy === undefined) return await network
    network.catch(() => undefined)
    return copy
  } catch (failure) {
    const copy = await kept()
    if (copy === undefined) throw failure
    return copy
  }
}

type Noted = { readonly since: number; readonly mark?: string }

async function keepPage(path: string, response: Response, noted: Noted): Promise<void> {
  if (response.status === 403 || response.status === 404) return discard(path)
  if (!response.ok || response.redirected) return
  if (!response.headers.get('content-type')?.includes('text/html')) return
  const body = await response.text()
  const person = personIn(body)
  if (isRestricted(body)) return discard(path)
  if (person === undefined) return
  await keep(path, { body, headers: response.headers, person, ...noted })
}

async function keepAnswer(url: string, response: Response, noted: Noted): Promise<void> {
  if (response.status === 401) return forget()
  if (response.status === 403 || response.status === 404) return discard(url)
  const person = response.headers.get('x-watchfloor-person')
  if (!response.ok || person === null) return
  const body = await response.text()
  if (isRestricted(body)) return discard(url)
  await keep(url, { body, headers: response.headers, person, ...noted })
}

async function answerPage(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const since = keptGeneration()
  try {
    const response = await answerOr(request, PAGE_PATIENCE_MS, () => findKept(pathname))
    if (isKeptPage(pathname) && search === '' && !response.headers.has('x-wf-kept-at'))
      void keepPage(pathname, response.clone(), { since }).catch(() => undefined)
    return response
  } catch {
    const pages = await keptPages()
    const styles = WATCHFLOOR_ASSETS.filter((url) => url.endsWith('.css'))
    return new Response(offlinePage({ path: `${pathname}${search}`, pages, styles }), {
      status: 503,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': OFFLINE_POLICY },
    })
  }
}

async function answerQuery(request: Request): Promise<Response> {
  const since = keptGeneration()
  const response = await answerOr(request, ANSWER_PATIENCE_MS, () => findKept(request.url))
  if (!response.headers.has('x-wf-kept-at'))
    void keepAnswer(request.url, response.clone(), { since }).catch(() => undefined)
  return response
}

/** Whoever gets to a gate is not signed in any more: nothing that was kept may be shown until they are again. */
async function answerGate(request: Request): Promise<Response> {
  const response = await fetch(request)
  await forget()
  return response
}

async function isOld(url: string, mark: string): Promise<boolean> {
  const kept = await markOf(url)
  if (kept === undefined) return true
  return kept.mark !== mark && browserNowMs() - kept.atMs > REFRESH_MS
}

/** What goes on is kept without being opened: pages once a build, answers when the incident has moved. */
async function keepItems(items: readonly Item[]): Promise<void> {
  const since = keptGeneration()
  for (const { path, urls, mark } of items) {
    if (await isOld(path, WATCHFLOOR_VERSION))
      await keepPage(path, await fetch(path), { since, mark: WATCHFLOOR_VERSION })
    for (const url of urls)
      if (await isOld(url, mark)) await keepAnswer(url, await fetch(url), { since, mark })
  }
  await prune()
}

function itemsIn(data: unknown): readonly Item[] | undefined {
  if (typeof data !== 'object' || data === null || !('keep' in data) || !Array.isArray(data.keep))
    return undefined
  return data.keep as readonly Item[]
}

self.addEventListener('install', (event) => {
  const bring = async (): Promise<void> => {
    await inTurns(WATCHFLOOR_ASSETS.map((url) => () => bringAsset(url)))
    await self.skipWaiting()
  }
  event.waitUntil(bring())
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldBuilds().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  const { method, mode } = request
  switch (handlingOf({ method, mode, url, origin: self.location.origin })) {
    case 'asset':
      return event.respondWith(answerAsset(request))
    case 'page':
      return event.respondWith(answerPage(request))
    case 'query':
      return event.respondWith(answerQuery(request))
    case 'gate':
      return event.respondWith(answerGate(request))
    case 'leave':
      return event.waitUntil(forget())
    case 'pass':
      return
  }
})

self.addEventListener('message', (event) => {
  const items = itemsIn(event.data)
  if (items === undefined) return
  const work = keepItems(items).then(async () =>
    event.source?.postMessage({ kept: (await keptPages()).map(({ path }) => path) }),
  )
  event.waitUntil(work.catch(() => undefined))
})
