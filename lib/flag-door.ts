import { assertKeyHolds } from './access/caller'
import { type Console, getConsole } from './console'
import { flagBook } from './flags/load-book'
import { FLAG_KEY } from './flags/model'
import { type OfrepAnswer, ofrepAll, ofrepOne } from './flags/ofrep'
import { plainAnswer } from './flags/plain'
import { sha256Hex } from './platform/crypto'
import { AppError } from './platform/errors'
import { readInbound } from './platform/inbound-body'

const MAX_BYTES = 64 * 1024
const BODY_DEADLINE_MS = 5_000
const OFREP = '/ofrep/v1/evaluate/flags'

/** FlagRequest is a question about flags; `chunks` are its body as it arrives. */
export type FlagRequest = {
  readonly url: string
  readonly headers: Pick<Headers, 'get'>
  readonly contentLength: string | undefined
  readonly etag: string | undefined
  readonly chunks: AsyncIterable<Uint8Array>
}

/** FlagAnswer is what the caller gets; its text is JSON. */
export type FlagAnswer = {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }

function asText({ status, body }: OfrepAnswer): FlagAnswer {
  return { status, text: JSON.stringify(body), headers: JSON_HEADERS }
}

async function enter(request: FlagRequest): Promise<Console> {
  const console = getConsole()
  await assertKeyHolds(console, request.headers, 'flags.evaluate')
  return console
}

/**
 * answerFlag serves GET /api/flags/<key>/evaluate?bucket=…, with several `bucket` for several keys at once. Throws AppError.
 */
export async function answerFlag(request: FlagRequest): Promise<FlagAnswer> {
  const console = await enter(request)
  const url = new URL(request.url, 'http://console')
  const found = /^\/api\/flags\/([^/]{1,80})\/evaluate$/.exec(url.pathname)?.[1]
  const flag = found && FLAG_KEY.test(found) ? (await flagBook(console)).get(found) : undefined
  if (flag === undefined)
    throw new AppError('not_found', 'There is no such flag. Ask /api/flags/<key>/evaluate?bucket=….')
  const answer = plainAnswer(flag, url.searchParams.getAll('bucket'))
  if (typeof answer === 'string')
    throw new AppError('invalid', answer, { issues: [{ path: 'bucket', message: answer }] })
  return { status: 200, text: JSON.stringify(answer), headers: JSON_HEADERS }
}

async function bodyOf(request: FlagRequest): Promise<unknown> {
  const body = await readInbound(request.chunks, {
    maxBytes: MAX_BYTES,
    deadlineMs: BODY_DEADLINE_MS,
    declaredBytes: request.contentLength,
  })
  if (!body.ok) throw new AppError('invalid', 'The context has at most 64 KiB and must arrive within 5 s.')
  try {
    return JSON.parse(new TextDecoder().decode(body.bytes))
  } catch {
    return undefined
  }
}

/** answerOfrep serves POST /ofrep/v1/evaluate/flags and …/flags/<key>, so that an SDK of OpenFeature works unmodified. Throws AppError. */
export async function answerOfrep(request: FlagRequest): Promise<FlagAnswer> {
  const console = await enter(request)
  const path = request.url.split('?', 1)[0] ?? ''
  const name = path.slice(OFREP.length + 1)
  const body = await bodyOf(request)
  if (body === undefined)
    return asText({
      status: 400,
      body: { key: name, errorCode: 'PARSE_ERROR', errorDetails: 'The body is not JSON.' },
    })
  const flags = await flagBook(console)
  if (name !== '') return asText(ofrepOne(flags, decoded(name), body))
  const all = asText(ofrepAll(flags, body))
  if (all.status !== 200) return all
  const etag = `"${sha256Hex(all.text).slice(0, 32)}"`
  if (request.etag === etag) return { status: 304, text: '', headers: { etag } }
  return { ...all, headers: { ...JSON_HEADERS, etag } }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
