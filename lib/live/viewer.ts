import type { Console } from '../console'
import type { Hub, Viewer } from './hub'

const MAX_QUEUED = 200
const RECHECK_MS = 15_000
const LIFETIME_MS = 15 * 60_000

/**
 * openViewer is the stream of one browser: at most 200 unread frames (then it is closed and resumes by snapshot), the
 * session checked again every 15 s, and a life of at most 15 min with jitter.
 */
export function openViewer(options: {
  readonly hub: Hub
  readonly console: Console
  readonly signal: AbortSignal
  readonly after: string | undefined
  readonly stillAllowed: () => Promise<boolean>
}): ReadableStream<Uint8Array> {
  const { hub, signal } = options
  let leave: (() => void) | undefined
  let recheck: NodeJS.Timeout | undefined
  let lifetime: NodeJS.Timeout | undefined
  let open = true

  function end(controller?: ReadableStreamDefaultController<Uint8Array>): void {
    if (!open) return
    open = false
    leave?.()
    clearInterval(recheck)
    clearTimeout(lifetime)
    try {
      controller?.close()
    } catch {
      // The reader has cancelled the stream already.
    }
  }

  return new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        const viewer: Viewer = {
          push(bytes) {
            if (!open || (controller.desiredSize ?? 0) < -MAX_QUEUED) return false
            controller.enqueue(bytes)
            return true
          },
          close: () => end(controller),
        }
        signal.addEventListener('abort', () => end(controller), { once: true })
        recheck = setInterval(() => {
          options
            .stillAllowed()
            .then((allowed) => {
              if (!allowed) end(controller)
            })
            .catch(() => undefined)
        }, RECHECK_MS)
        recheck.unref()
        lifetime = setTimeout(() => end(controller), LIFETIME_MS * (0.8 + Math.random() * 0.2))
        lifetime.unref()
        leave = await hub.join(viewer, options.after)
        if (!open) leave()
      },
      cancel: () => end(),
    },
    new CountQueuingStrategy({ highWaterMark: 16 }),
  )
}
