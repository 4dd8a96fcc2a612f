/** InboundBody is a request's body read to its end, or why it was not: over the cap, or slower than the deadline (which a broken connection counts as). */
export type InboundBody =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: 'too-large' | 'too-slow' }

/** InboundLimits bound one body: its bytes, its declared length and the time it may take. */
export type InboundLimits = {
  readonly maxBytes: number
  readonly deadlineMs: number
  /** declaredBytes is the Content-Length header as it came. */
  readonly declaredBytes: string | null | undefined
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<InboundBody> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) return { ok: false, why: 'too-large' }
    chunks.push(chunk)
  }
  return { ok: true, bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) }
}

/** readInbound reads a request's bytes up to the cap and the deadline; it never throws. */
export async function readInbound(
  chunks: AsyncIterable<Uint8Array>,
  limits: InboundLimits,
): Promise<InboundBody> {
  if (Number(limits.declaredBytes ?? 0) > limits.maxBytes) return { ok: false, why: 'too-large' }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<InboundBody>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, why: 'too-slow' }), limits.deadlineMs)
  })
  const read = readAll(chunks, limits.maxBytes).catch((): InboundBody => ({ ok: false, why: 'too-slow' }))
  return Promise.race([read, late]).finally(() => clearTimeout(timer))
}
