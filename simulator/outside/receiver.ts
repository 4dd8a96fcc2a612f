import { createHmac } from 'node:crypto'
import { json, type Reply, type SimRequest, text } from '../reply'
import { bodyOf, type Outside } from './outside'

/** The key that the simulated receiver checks signatures with. */
export const RECEIVER_KEY = 'simulated-webhook-key'

/** A receiver of Standard Webhooks that checks the signature and takes each id once. */
export class Receiver {
  private readonly ids = new Set<string>()

  constructor(private readonly outside: Outside) {}

  handle(request: SimRequest): Reply {
    const { headers } = request
    const id = headers['webhook-id'] ?? ''
    const signed = `${id}.${headers['webhook-timestamp'] ?? ''}.${request.body}`
    const wanted = `v1,${createHmac('sha256', RECEIVER_KEY).update(signed).digest('base64')}`
    if (request.method !== 'POST') return text('only POST\n', 405)
    if (this.outside.isRevoked('receiver')) return text('gone\n', 410)
    if (id === '' || headers['webhook-signature'] !== wanted) return text('the signature does not fit\n', 401)
    return this.outside.write(
      'receiver',
      () => {
        const isNew = !this.ids.has(id)
        this.ids.add(id)
        const words = JSON.stringify(bodyOf(request).data ?? {}).slice(0, 500)
        this.outside.take({ target: 'receiver', what: isNew ? 'event' : 'repeat', mark: id, text: words })
        return json({ ok: true })
      },
      () => text('no\n', 422),
    )
  }
}
