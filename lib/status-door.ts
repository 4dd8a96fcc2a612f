import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { commonHeaders } from './access/security-headers'
import type { Console } from './console'
import { getConsole } from './console'
import { sha256Hex } from './platform/crypto'
import type { PlainDoor } from './platform/plain-doors'
import { documentsOf, linksAt, type PublicFile } from './status/bundle'
import { SCRIPT_HASH, STYLE_HASH } from './status/hashes'
import type { PublicRows } from './status/model'
import { historyPage, incidentPage, indexHtml, maintenancePage, missingPage } from './status/page-html'
import { type PageModel, pageOf } from './status/page-model'
import { keptRows } from './status/projection-load'
import { addressOf, loadPublicRows, pageIdOf } from './status/public-load'

const LOOK_MS = 1_000
/** Who finds nothing newer than this waits for the look; before that the last answer is good enough. */
const WAIT_MS = 5_000
const MAKE_MS = 10_000
const BASE = '/status'
const FRESH = 'public, max-age=30, stale-while-revalidate=60, stale-if-error=86400'
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
const FRAME = { links: linksAt(BASE, `${BASE}/subscribe`) }

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly etag: string
  zipped?: Buffer
}

type Standing = {
  readonly page: PageModel
  readonly rows: PublicRows
  readonly key: string
  readonly madeAtMs: number
  readonly answers: Map<string, Answer>
}

type Keeper = { standing?: Standing; lookedAtMs: number; looking?: Promise<Standing> | undefined }

const holder = globalThis as typeof globalThis & { watchfloorStatus?: Keeper }

/** Everybody who asks within a second gets what one look found: a crowd costs the database one question a second. */
async function current(app: Console): Promise<Standing> {
  holder.watchfloorStatus ??= { lookedAtMs: -Infinity }
  const keeper = holder.watchfloorStatus
  const nowMs = app.clock.monotonicMs()
  const ageMs = nowMs - keeper.lookedAtMs
  if (keeper.standing && ageMs < LOOK_MS) return keeper.standing
  keeper.looking ??= look(app, keeper.standing)
    .then((standing) => {
      keeper.standing = standing
      keeper.lookedAtMs = app.clock.monotonicMs()
      return standing
    })
    .finally(() => {
      keeper.looking = undefined
    })
  return keeper.standing && ageMs < WAIT_MS ? keeper.standing : keeper.looking
}

async function look(app: Console, before: Standing | undefined): Promise<Standing> {
  const now = app.clock.now()
  const rows = await rowsNow(app, before, now)
  const key = `${rows.page.sequence}|${rows.page.confirmedAt?.getTime() ?? 0}|${rows.page.name}|${rows.page.url}`
  if (before?.key === key && now.getTime() - before.madeAtMs < MAKE_MS) return before
  return { page: pageOf(rows, now), rows, key, madeAtMs: now.getTime(), answers: new Map() }
}

/** Without the database the page goes on with what it knew last, and says itself how old that is. */
async function rowsNow(app: Console, before: Standing | undefined, now: Date): Promise<PublicRows> {
  const fallbackUrl = addressOf(app.env)
  try {
    return await loadPublicRows(app.hot, { fallbackUrl, now, before: before?.rows })
  } catch (error) {
    const kept = await keptRows(app.env.WATCHFLOOR_STATUS_DIR)
    const known = before?.rows
    if (known && (!kept || kept.page.sequence <= known.page.sequence)) return known
    if (kept) return kept
    throw error
  }
}

const SHARED = {
  ...commonHeaders(false),
  'cache-control': FRESH,
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  vary: 'accept-encoding',
}

function answerOf(status: number, type: string, body: string): Answer {
  const bytes = Buffer.from(body)
  const isPage = type.startsWith('text/html')
  return {
    status,
    headers: {
      ...SHARED,
      'content-type': type,
      'content-security-policy': isPage ? POLICY : "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: bytes,
    etag: `"${sha256Hex(bytes).slice(0, 32)}"`,
  }
}

const HTML = 'text/html; charset=utf-8'

function make({ page }: Standing, path: string, pageId: string): Answer {
  if (path === '') return answerOf(200, HTML, indexHtml(page, FRAME))
  if (path === 'history') return answerOf(200, HTML, historyPage(page, FRAME))
  const [folder, id] = path.split('/', 2)
  if (folder === 'incidents') {
    const incident = [...page.open, ...page.past].find((one) => one.id === id)
    if (incident) return answerOf(200, HTML, incidentPage(page, incident, FRAME))
  }
  if (folder === 'maintenance') {
    const one = [...page.active, ...page.upcoming, ...page.ended].find((each) => each.id === id)
    if (one) return answerOf(200, HTML, maintenancePage(page, one, FRAME))
  }
  const file = documentsOf(page, pageId).find((one: PublicFile) => one.path === path)
  return file ? answerOf(200, file.type, file.body) : answerOf(404, HTML, missingPage(page, FRAME))
}

function findAnswer(standing: Standing, path: string, pageId: string): Answer {
  const known = standing.answers.get(path)
  if (known) return known
  const made = make(standing, path, pageId)
  // Only what exists is kept: addresses that somebody made up must not fill the memory.
  if (made.status === 200) standing.answers.set(path, made)
  return made
}

function pathIn(request: IncomingMessage): string {
  const [path = ''] = (request.url ?? '').split('?', 1)
  const inside = path.startsWith(BASE) ? path.slice(BASE.length) : path
  return inside
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.html$/, '')
    .replace(/^index$/, '')
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const headers = { ...answer.headers, etag: answer.etag }
  if (answer.status === 200 && request.headers['if-none-match']?.includes(answer.etag)) {
    response.writeHead(304, headers).end()
    return
  }
  const isZipped = String(request.headers['accept-encoding'] ?? '').includes('gzip')
  if (isZipped) answer.zipped ??= gzipSync(answer.body)
  const body = isZipped && answer.zipped ? answer.zipped : answer.body
  const coding = isZipped ? { 'content-encoding': 'gzip' } : {}
  response.writeHead(answer.status, { ...headers, ...coding, 'content-length': body.byteLength })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const LOST = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Status unknown</title></head><body><h1>Status unknown</h1><p>This page can’t be made at the moment, so it can’t say how things are. Try again in a minute.</p></body></html>`

/** publicStatus answers everything below the public page: pages, Statuspage v2 JSON, feeds and the badge, to anybody. */
export const publicStatus: PlainDoor = async (request, response) => {
  const app = getConsole()
  try {
    const standing = await current(app)
    send(request, response, findAnswer(standing, pathIn(request), pageIdOf(standing.page.url)))
  } catch (error) {
    app.log.error({ err: error }, 'the public page could not be made')
    response.writeHead(503, {
      ...commonHeaders(false),
      'content-type': HTML,
      'cache-control': 'no-store',
      'retry-after': '30',
      'content-security-policy': "default-src 'none'",
    })
    response.end(request.method === 'HEAD' ? undefined : LOST)
  }
}
