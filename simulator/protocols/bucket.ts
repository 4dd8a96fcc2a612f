import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Reply, type SimRequest, text } from '../reply'

/** The credentials of the simulated bucket; its secret is no secret. */
export const BUCKET_KEY_ID = 'SIMULATEDKEYID'
export const BUCKET_SECRET = 'simulated-bucket-secret'

type Stored = { readonly body: string; readonly type: string; readonly cacheControl: string }

const hash = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex')
const sign = (key: string | Buffer, value: string): Buffer => createHmac('sha256', key).update(value).digest()

/** A store that speaks as much of S3 as a static site needs, and checks Signature 4 as the real one does. */
export class BucketStore {
  readonly #files = new Map<string, Stored>()
  readonly #writes: string[] = []

  constructor(private readonly prefix: string) {}

  /** What was written, in order: tests look at it. */
  get writes(): readonly string[] {
    return this.#writes
  }

  read(key: string): string | undefined {
    return this.#files.get(key)?.body
  }

  reply(request: SimRequest): Reply {
    const key = decodeURIComponent(request.path.slice(1))
    if (request.method === 'GET' && request.headers.authorization === undefined) return this.#get(key)
    const problem = refusal(request, `${this.prefix}${request.path}`)
    if (problem) return failure(403, problem)
    if (request.method === 'GET') return this.#get(key)
    if (request.method === 'DELETE') {
      this.#files.delete(key)
      return text('', 204)
    }
    if (request.method !== 'PUT') return failure(405, 'MethodNotAllowed')
    this.#files.set(key, {
      body: request.body,
      type: request.headers['content-type'] ?? 'application/octet-stream',
      cacheControl: request.headers['cache-control'] ?? '',
    })
    this.#writes.push(key)
    return {
      status: 200,
      type: 'text/plain',
      body: '',
      headers: { etag: `"${hash(request.body).slice(0, 32)}"` },
    }
  }

  #get(key: string): Reply {
    const file = this.#files.get(key)
    if (!file) return failure(404, 'NoSuchKey')
    return { status: 200, type: file.type, body: file.body, headers: { 'cache-control': file.cacheControl } }
  }
}

function failure(status: number, code: string): Reply {
  return {
    status,
    type: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`,
  }
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

/** Why a request is refused, in the words of S3; undefined where its signature fits. */
function refusal(request: SimRequest, path: string): string | undefined {
  const match = AUTHORIZATION.exec(request.headers.authorization ?? '')
  if (!match) return 'AccessDenied'
  const [, keyId = '', day = '', region = '', names = '', signature = ''] = match
  if (keyId !== BUCKET_KEY_ID) return 'InvalidAccessKeyId'
  if (request.headers['x-amz-content-sha256'] !== hash(request.bytes ?? request.body))
    return 'XAmzContentSHA256Mismatch'
  const at = request.headers['x-amz-date'] ?? ''
  const headers = names.split(';').map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`)
  const canonical = [
    request.method,
    path,
    request.query.toString(),
    headers.join(''),
    names,
    request.headers['x-amz-content-sha256'],
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', at, scope, hash(canonical)].join('\n')
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(
    (sofar, part) => sign(sofar, part),
    sign(`AWS4${BUCKET_SECRET}`, day),
  )
  const expected = sign(key, toSign)
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch'
}
