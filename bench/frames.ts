/** Frame is one server-sent event; `data` is there only when whole frames were asked for. */
export type Frame = { readonly event: string; readonly id: string; readonly data: string | undefined }

/** FrameReader cuts a byte stream into events; `keepData` decides whether the payload is kept or only skipped. */
export type FrameReader = { readonly push: (chunk: Buffer) => void }

const HEAD_BYTES = 160

/** frameReader calls `onFrame` when the last byte of an event has arrived. */
export function frameReader(
  options: { readonly keepData: boolean },
  onFrame: (frame: Frame) => void,
): FrameReader {
  let head: Buffer[] = []
  let headBytes = 0
  let endsWithNewline = false

  function keep(part: Buffer): void {
    if (!options.keepData && headBytes >= HEAD_BYTES) return
    const kept = options.keepData ? part : part.subarray(0, HEAD_BYTES - headBytes)
    head.push(kept)
    headBytes += kept.length
  }

  function finish(): void {
    const text = Buffer.concat(head).toString('utf8')
    head = []
    headBytes = 0
    endsWithNewline = false
    if (text.trim() !== '') onFrame(parseFrame(text, options.keepData))
  }

  return {
    push(chunk) {
      let from = 0
      if (endsWithNewline && chunk[0] === 10) {
        finish()
        from = 1
      }
      for (;;) {
        const at = chunk.indexOf('\n\n', from)
        if (at < 0) break
        keep(chunk.subarray(from, at))
        finish()
        from = at + 2
      }
      if (from >= chunk.length) {
        endsWithNewline = false
        return
      }
      keep(chunk.subarray(from))
      endsWithNewline = chunk[chunk.length - 1] === 10
    },
  }
}

function parseFrame(text: string, keepData: boolean): Frame {
  let event = 'message'
  let id = ''
  const data: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice(7)
    else if (line.startsWith('id: ')) id = line.slice(4)
    else if (line.startsWith('data: ') && keepData) data.push(line.slice(6))
  }
  return { event, id, data: keepData ? data.join('\n') : undefined }
}

/** seqOf reads the sequence number out of an event id `<seq>.<hint>` or `<seq>`. */
export function seqOf(id: string): number {
  return Number.parseInt(id, 10)
}
