import { AwsV4Signer } from 'aws4fetch'
import { sha256Hex } from './crypto'
import type { Http, HttpFailure } from './http-types'

/** BucketAddress says where an S3-compatible bucket lies and who writes to it; `prefix` has no slash at its ends. */
export type BucketAddress = {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly prefix: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** BucketCall is one request to a bucket; `type` and `cacheControl` go with what is written. */
export type BucketCall = {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: string
  readonly type?: string
  readonly cacheControl?: string
  readonly deadlineMs: number
}

/** bucketUrl writes a key’s address in path style, which every S3-compatible store understands. */
export function bucketUrl({ endpoint, bucket, prefix }: BucketAddress, path: string): string {
  const key = [bucket, prefix, path].filter((part) => part !== '').join('/')
  return `${endpoint.replace(/\/+$/, '')}/${key.split('/').map(encodeURIComponent).join('/')}`
}

/** askBucket signs one request (AWS Signature 4, the body’s hash signed) and sends it by the console’s own client. */
export async function askBucket(
  address: BucketAddress,
  call: BucketCall,
  { http, now }: { readonly http: Http; readonly now: Date },
): Promise<{ readonly ok: true; readonly status: number; readonly text: string } | HttpFailure> {
  const signed = await new AwsV4Signer({
    method: call.method,
    url: bucketUrl(address, call.path),
    headers: {
      'x-amz-content-sha256': sha256Hex(call.body ?? ''),
      ...(call.type === undefined ? {} : { 'content-type': call.type }),
      ...(call.cacheControl === undefined ? {} : { 'cache-control': call.cacheControl }),
    },
    body: call.body ?? null,
    accessKeyId: address.accessKeyId,
    secretAccessKey: address.secretAccessKey,
    service: 's3',
    region: address.region,
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ''),
  }).sign()
  const headers = Object.fromEntries([...signed.headers].filter(([name]) => name !== 'host'))
  const answer = await http.request({
    url: signed.url.href,
    method: call.method,
    headers,
    ...(call.body === undefined ? {} : { body: call.body }),
    deadlineMs: call.deadlineMs,
    ...(call.method === 'PUT' ? {} : { accept: [404, 204] }),
  })
  return answer.ok ? { ok: true, status: answer.value.status, text: answer.value.text } : answer
}
