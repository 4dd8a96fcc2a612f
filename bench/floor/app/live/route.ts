import { floor, frame } from '../viewers'

export const dynamic = 'force-dynamic'

export function GET(request: Request): Response {
  const { viewers, seq } = floor()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(frame(seq, 'hello'))
      viewers.add(controller)
      request.signal.addEventListener('abort', () => {
        viewers.delete(controller)
        try {
          controller.close()
        } catch {
          // The reader cancelled first.
        }
      })
    },
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform' },
  })
}
