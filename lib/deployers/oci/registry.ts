import { createHash } from 'node:crypto'
import type { Clock } from '../../platform/clock'
import { neverSent } from '../../platform/http-failure'
import type { Http, HttpAnswer, HttpReply } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import {
  DIGEST,
  type Digest,
  type ManifestBytes,
  type ManifestLook,
  type NotKnown,
  type Put,
  type Refused,
  type Registry,
} from '../deployer'
import { challengeOf, tokenAddress } from './challenge'

/** RegistryTarget is one registry; user and password are left out where anybody may read. */
export type RegistryTarget = {
  readonly url: string
  readonly user?: string
  readonly password?: string
  readonly http: Http
  readonly clock: Clock
}

const DEADLINE_MS = 10_000
const MANIFEST_BYTES = 4 * 1024 * 1024
const TOKEN_MS = 60_000
const INDEXES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
])
/** Without all four a registry answers with something else than what the tag names. */
const ACCEPT = [
  ...INDEXES,
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

type Ask = {
  readonly method: 'GET' | 'HEAD' | 'PUT'
  readonly repository: string
  readonly reference: string
  readonly mediaType?: string
  readonly body?: string
}

/** openRegistry speaks the distribution protocol: it asks for a token only when it is told to, and keeps it for a minute. */
export function openRegistry(target: RegistryTarget): Registry {
  if (target.password) rememberSecret(target.password)
  const send = sender(target)
  return {
    look: async (repository, reference) => {
      const answer = await send({ method: 'HEAD', repository, reference })
      if (!answer.ok) return { kind: 'unknown', detail: answer.detail }
      const { value } = answer
      if (value.status !== 200) return missing(value, `${repository}:${reference}`)
      const told = value.headers['docker-content-digest']
      // The header is optional: without it the bytes themselves say what they are.
      if (told === undefined) return lookOf(await bytes(send, repository, reference))
      if (!DIGEST.test(told))
        return { kind: 'unknown', detail: 'the registry’s digest is not one that we know' }
      return seen(told, value.contentType, Number(value.headers['content-length'] ?? 0))
    },
    bytes: (repository, reference) => bytes(send, repository, reference),
    put: async (repository, tag, manifest) => {
      const answer = await send({
        method: 'PUT',
        repository,
        reference: tag,
        mediaType: manifest.mediaType,
        body: manifest.text,
      })
      return putOf(answer, tag)
    },
  }
}

type Send = (ask: Ask) => Promise<HttpAnswer>

async function bytes(send: Send, repository: string, reference: string): Promise<ManifestBytes> {
  const answer = await send({ method: 'GET', repository, reference })
  if (!answer.ok) return { kind: 'unknown', detail: answer.detail }
  const { value } = answer
  if (value.status !== 200) return missing(value, `${repository}:${reference}`)
  const digest = sha256(value.text)
  const told = value.headers['docker-content-digest']
  const wanted = DIGEST.test(reference) ? reference : told
  if (wanted !== undefined && wanted !== digest)
    return { kind: 'unknown', detail: `the bytes are ${digest}, and the registry calls them ${wanted}` }
  return { kind: 'bytes', digest, mediaType: bare(value.contentType), text: value.text }
}

function lookOf(got: ManifestBytes): ManifestLook {
  return got.kind === 'bytes' ? seen(got.digest, got.mediaType, Buffer.byteLength(got.text)) : got
}

function seen(digest: Digest, contentType: string, sizeBytes: number): ManifestLook {
  const mediaType = bare(contentType)
  return { kind: 'manifest', digest, mediaType, isIndex: INDEXES.has(mediaType), sizeBytes }
}

function sha256(text: string): Digest {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`
}

function bare(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

/** missing says what an answer without a manifest means; a private image looks like none to those who may not see it. */
function missing({ status, text }: HttpReply, name: string): Exclude<ManifestLook, { kind: 'manifest' }> {
  if (status === 401 || status === 403)
    return { kind: 'hidden', detail: `${name}: our key may not see it (HTTP ${status})` }
  if (status === 404) return { kind: 'absent', detail: `${name}: the registry has no such manifest` }
  return { kind: 'unknown', detail: `${name}: HTTP ${status}${wordsOf(text)}` }
}

function wordsOf(text: string): string {
  const message = /"message"\s*:\s*"([^"]{1,160})"/.exec(text)?.[1]
  return message === undefined ? '' : `: ${message}`
}

function putOf(answer: HttpAnswer, tag: string): Put {
  if (!answer.ok) {
    return neverSent(answer)
      ? refused('unreachable', answer.detail)
      : { kind: 'unknown', detail: answer.detail }
  }
  const { status, headers, text } = answer.value
  if (status === 201 || status === 200 || status === 202) {
    const told = headers['docker-content-digest']
    return { kind: 'done', digest: told !== undefined && DIGEST.test(told) ? told : undefined }
  }
  const detail = `${tag}: HTTP ${status}${wordsOf(text)}`
  if (status === 401 || status === 403) return refused('forbidden', detail)
  if (status === 400 || status === 422) return refused('invalid', detail)
  if (status === 404) return refused('absent', detail)
  if (status === 429) return refused('limited', detail)
  return { kind: 'unknown', detail } satisfies NotKnown
}

function refused(why: Refused['why'], detail: string): Refused {
  return { kind: 'refused', why, detail }
}

function sender(target: RegistryTarget): Send {
  const { http, clock } = target
  const base = target.url.replace(/\/+$/, '')
  const tokens = new Map<string, { readonly header: string; readonly untilMs: number }>()
  const basic =
    target.user === undefined
      ? undefined
      : `Basic ${Buffer.from(`${target.user}:${target.password ?? ''}`).toString('base64')}`

  function request(ask: Ask, authorization: string | undefined): Promise<HttpAnswer> {
    return http.request({
      url: `${base}/v2/${ask.repository}/manifests/${ask.reference}`,
      method: ask.method,
      headers: {
        accept: ACCEPT.join(', '),
        // What is hashed must arrive as it lies there.
        'accept-encoding': 'identity',
        ...(ask.mediaType === undefined ? {} : { 'content-type': ask.mediaType }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(ask.body === undefined ? {} : { body: ask.body }),
      deadlineMs: DEADLINE_MS,
      maxBytes: MANIFEST_BYTES,
      expect: 'text',
      accept: 'any',
    })
  }

  async function authorize(header: string | undefined, scope: string): Promise<string | undefined> {
    const challenge = challengeOf(header)
    if (challenge === undefined) return undefined
    if (challenge.scheme === 'basic') return basic
    const url = tokenAddress(challenge, base, scope)
    if (url === undefined) return undefined
    const answer = await http.request({
      url,
      headers: basic === undefined ? {} : { authorization: basic },
      deadlineMs: DEADLINE_MS,
      expect: 'json',
    })
    if (!answer.ok) return undefined
    const body = answer.value.json as { token?: unknown; access_token?: unknown } | null
    const token = body?.token ?? body?.access_token
    if (typeof token !== 'string' || token === '') return undefined
    rememberSecret(token)
    return `Bearer ${token}`
  }

  return async (ask) => {
    const scope = `repository:${ask.repository}:${ask.method === 'PUT' ? 'pull,push' : 'pull'}`
    const known = tokens.get(scope)
    const first = await request(ask, known && known.untilMs > clock.monotonicMs() ? known.header : undefined)
    if (!first.ok || first.value.status !== 401) return first
    const header = await authorize(first.value.headers['www-authenticate'], scope)
    if (header === undefined) return first
    tokens.set(scope, { header, untilMs: clock.monotonicMs() + TOKEN_MS })
    return request(ask, header)
  }
}
