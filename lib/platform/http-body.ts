import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { TooLargeError } from './http-failure'

/** readBody unpacks and reads a body up to `maxBytes` of decoded bytes; beyond that it cuts or throws TooLargeError, and frees the socket. */
export async function readBody(input: {
  readonly stream: Readable
  readonly headers: Readonly<Record<string, string>>
  readonly maxBytes: number
  readonly cut: boolean
  readonly host: string
}): Promise<Buffer> {
  const { stream, maxBytes } = input
  const decoded = decode(stream, input.headers['content-encoding'])
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of decoded) {
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk)
      size += bytes.length
      if (size <= maxBytes) {
        chunks.push(bytes)
        continue
      }
      if (!input.cut)
        throw new TooLargeError(`${input.host}: the answer is larger than ${Math.round(maxBytes / 1024)} KiB`)
      chunks.push(bytes.subarray(0, bytes.length - (size - maxBytes)))
      break
    }
  } finally {
    decoded.destroy()
    stream.on('error', ignore).destroy()
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

function ignore(): void {}

function decode(stream: Readable, encoding = 'identity'): Readable {
  const decoder = decoderOf(encoding.trim().toLowerCase())
  if (!decoder) return stream
  // pipe() does not carry errors, and a broken source must end the decoder too.
  stream.on('error', (error) => decoder.destroy(error))
  return stream.pipe(decoder)
}

function decoderOf(encoding: string): ReturnType<typeof createGunzip> | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'deflate') return createInflate()
  if (encoding === 'br') return createBrotliDecompress()
  return undefined
}
